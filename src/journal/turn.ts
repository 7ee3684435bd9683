// Owns whose turn it is: several servers of one user write one journal, one at a time, each for a few milliseconds.
import { randomUUID } from 'node:crypto';
import { link, open, rename, rm, stat } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import { errnoOf } from '../export/file-errors.ts';

const PAUSE_MS = 10;
/** A turn takes milliseconds: a lock file that stays unchanged so long was left by a process that was killed. */
const ABANDONED_MS = 2000;
const GIVE_UP_MS = 5000;

async function take(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.close();
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Which lock file stands at `path`; undefined where none does. */
async function lockAt(path: string): Promise<string | undefined> {
  try {
    const { ino, birthtimeMs, mtimeMs } = await stat(path);
    return `${ino}-${birthtimeMs}-${mtimeMs}`;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Removes the abandoned lock, and puts it back where a quicker process had already taken its turn. */
async function breakLock(path: string, abandoned: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
    if ((await lockAt(aside)) !== abandoned) await link(aside, path);
    await rm(aside, { force: true });
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes(errnoOf(error) ?? '')) throw error;
  }
}

/** Runs `work` while no other process does. Rejects after five seconds without a turn. */
export async function withTurn<T>(path: string, clock: Clock, work: () => Promise<T>): Promise<T> {
  const startedAt = clock.now();
  let seen: { lock: string | undefined; at: number } = { lock: undefined, at: startedAt };
  while (!(await take(path))) {
    const lock = await lockAt(path);
    if (lock !== seen.lock) seen = { lock, at: clock.now() };
    if (lock !== undefined && clock.now() - seen.at >= ABANDONED_MS) await breakLock(path, lock);
    if (clock.now() - startedAt >= GIVE_UP_MS) throw new Error(`the journal stays locked by ${path}`);
    // Spread out, or two processes that wait would always meet again.
    await clock.sleep(PAUSE_MS * (0.5 + clock.random()));
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}
