// Owns the lock that keeps two processes from one export, and tells a holder that was killed from one that lives.
import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { AuditError } from '../errors.ts';
import { errnoOf, writeFailure } from './file-errors.ts';

const holderSchema = z.object({
  id: z.string(),
  pid: z.int().positive(),
  host: z.string(),
  /** Which life of the process id: boot and start time, where the system tells them. */
  life: z.string().optional(),
});
type Holder = z.output<typeof holderSchema>;

/** Without a sign of life for so long, a holder whose process we cannot look at (another machine or container) is gone. */
const SILENT_FOR_MS = 15 * 60_000;
/** A lock that cannot be read was cut short by a kill, unless it is being written this moment. */
const UNREADABLE_FOR_MS = 10_000;

export interface Lock {
  /** A sign of life; throws where another process took the lock over. */
  renew(): Promise<void>;
  release(): Promise<void>;
}

/** Linux: a process id comes again after a restart, the boot and the start time do not. */
async function lifeOf(pid: number): Promise<string | undefined> {
  try {
    const [boot, status] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readFile(`/proc/${pid}/stat`, 'utf8'),
    ]);
    // The name of the program stands in brackets and may hold anything; the start time is the 20th field after it.
    const started = status.slice(status.lastIndexOf(')') + 2).split(' ')[19];
    return started === undefined ? undefined : `${boot.trim()}/${started}`;
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) === 'EPERM';
  }
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return holderSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (errnoOf(error) !== undefined) throw error;
    return undefined;
  }
}

async function isGone(path: string, holder: Holder | undefined, nowMs: number): Promise<boolean> {
  const silentMs = nowMs - (await stat(path)).mtimeMs;
  if (holder === undefined) return silentMs > UNREADABLE_FOR_MS;
  if (holder.host !== hostname()) return silentMs > SILENT_FOR_MS;
  return !isRunning(holder.pid) || (holder.life !== undefined && holder.life !== (await lifeOf(holder.pid)));
}

function heldBy(path: string, holder: Holder | undefined): AuditError {
  const who = holder === undefined ? 'Another process' : `Process ${holder.pid} on ${holder.host}`;
  return new AuditError('file_exists', `${who} is writing this export now (lock ${path}).`, {
    hint: 'Wait until it ends and make the same call, or choose another file_name.',
    retryable: true,
  });
}

async function create(path: string, holder: Holder, nowMs: number): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(JSON.stringify(holder));
    await file.utimes(nowMs / 1000, nowMs / 1000);
  } catch (error) {
    // Empty, as a full disk leaves it, it would keep everybody off for a while.
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

async function attempt(path: string, holder: Holder, nowMs: number): Promise<'taken' | 'again'> {
  try {
    await create(path, holder, nowMs);
    return 'taken';
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw writeFailure(error, path);
  }
  try {
    const other = await readHolder(path);
    if (!(await isGone(path, other, nowMs))) throw heldBy(path, other);
    return await takeOver(path, holder, nowMs);
  } catch (error) {
    // Released or taken over by another process in the meantime.
    if (errnoOf(error) !== 'ENOENT') throw writeFailure(error, path);
    return 'again';
  }
}

/**
 * Puts our lock in the place of a dead holder's. Whoever may do that is settled by a lock on it, which then becomes the lock itself: the
 * name is never free in between, so nobody can slip in.
 */
async function takeOver(path: string, holder: Holder, nowMs: number): Promise<'taken' | 'again'> {
  const claim = `${path}.claim`;
  try {
    await create(claim, holder, nowMs);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
    if (await isGone(claim, await readHolder(claim), nowMs)) await rm(claim, { force: true });
    return 'again';
  }
  try {
    // Looked at again: another process may have taken over before the claim.
    if (await isGone(path, await readHolder(path), nowMs)) {
      await rename(claim, path);
      return 'taken';
    }
  } catch (error) {
    await rm(claim, { force: true });
    throw error;
  }
  await rm(claim, { force: true });
  return 'again';
}

/** Takes the lock file at `path`, or throws `file_exists` naming who holds it. */
export async function acquireLock(path: string, clock: Pick<Clock, 'now'>): Promise<Lock> {
  const life = await lifeOf(process.pid);
  const holder = { id: randomUUID(), pid: process.pid, host: hostname(), ...(life === undefined ? {} : { life }) };
  for (let tries = 0; (await attempt(path, holder, clock.now())) === 'again'; tries += 1) {
    if (tries === 5) throw heldBy(path, undefined);
  }
  const isOurs = async () => {
    try {
      return (await readHolder(path))?.id === holder.id;
    } catch {
      return false;
    }
  };
  return {
    async renew() {
      if (!(await isOurs())) throw heldBy(path, undefined);
      await utimes(path, clock.now() / 1000, clock.now() / 1000);
    },
    async release() {
      if (await isOurs()) await rm(path, { force: true });
    },
  };
}
