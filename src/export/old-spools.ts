// Owns the end of what unfinished exports left: nobody comes back for it after as long as the log itself remembers.
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { acquireLock } from './lock.ts';

export const SPOOL_PREFIX = '.partial-';
const SPOOL = /^\.partial-[0-9a-f]+$/u;
const KEPT_DAYS = 90;
const DAY_MS = 86_400_000;

/** Removes from `folder` what no export has worked on for 90 days. Never throws: an export must not fail for it. */
export async function removeOldSpools(folder: string, clock: Pick<Clock, 'now'>): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((one) => SPOOL.test(one))) {
    const path = join(folder, name);
    await removeOld(path, clock).catch(() => undefined);
  }
}

async function removeOld(path: string, clock: Pick<Clock, 'now'>): Promise<void> {
  if (!(await isOld(path, clock))) return;
  const lock = await acquireLock(`${path}.lock`, clock);
  try {
    // Looked at again: an export may have gone on with it in the meantime.
    if (await isOld(path, clock)) await rm(path, { recursive: true, force: true });
  } finally {
    await lock.release();
  }
}

/** A file that is added changes the folder's time, one that grows its own. */
async function isOld(path: string, clock: Pick<Clock, 'now'>): Promise<boolean> {
  const names = await readdir(path);
  const all = await Promise.all([path, ...names.map((name) => join(path, name))].map((one) => stat(one)));
  const lastMs = Math.max(...all.map(({ mtimeMs }) => mtimeMs));
  return clock.now() - lastMs > KEPT_DAYS * DAY_MS;
}
