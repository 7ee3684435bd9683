// Tests that one holder at a time has a lock, and that a holder that died does not keep it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { acquireLock } from '../../src/export/lock.ts';
import { createInstantClock } from '../support/instant-clock.ts';
import { canMount, smallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'close');
  return child.pid ?? 0;
}

async function lockPath(holder?: unknown, silentSinceMs?: number): Promise<string> {
  const path = join(await temporaryFolder(), 'lock');
  if (holder !== undefined) await writeFile(path, typeof holder === 'string' ? holder : JSON.stringify(holder));
  if (silentSinceMs !== undefined) await utimes(path, silentSinceMs / 1000, silentSinceMs / 1000);
  return path;
}

const clock = createInstantClock();
const MINUTE_MS = 60_000;

test('a lock is held until it is released', async () => {
  const path = await lockPath();
  const lock = await acquireLock(path, clock);
  await expect(acquireLock(path, clock)).rejects.toMatchObject({
    code: 'file_exists',
    message: `Process ${process.pid} on ${hostname()} is writing this export now (lock ${path}).`,
  });
  await lock.release();
  await (await acquireLock(path, clock)).release();
  expect(await readdir(join(path, '..'))).toEqual([]);
});

test('of many that ask at once one gets it, and the same when they find a dead holder', async () => {
  for (const holder of [undefined, { id: 'x', pid: await deadPid(), host: hostname() }]) {
    const path = await lockPath(holder);
    const asked = await Promise.allSettled(Array.from({ length: 20 }, () => acquireLock(path, clock)));
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await readdir(join(path, '..'))).filter((name) => name === 'lock')).toHaveLength(1);
  }
});

test('the lock of a process that was killed is taken over', async () => {
  const path = await lockPath({ id: 'x', pid: await deadPid(), host: hostname() });
  const lock = await acquireLock(path, clock);
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ pid: process.pid });
  await lock.renew();
});

test('a process id that came again is not the holder that died', async () => {
  const path = await lockPath({ id: 'x', pid: process.pid, host: hostname(), life: 'another boot/123' });
  const lock = await acquireLock(path, clock);
  expect(JSON.parse(await readFile(path, 'utf8'))).not.toMatchObject({ id: 'x' });
  await lock.release();
});

test('a living holder keeps it however long it is silent', async () => {
  const path = await lockPath({ id: 'x', pid: process.pid, host: hostname() }, clock.now() - 1000 * MINUTE_MS);
  await expect(acquireLock(path, clock)).rejects.toMatchObject({ code: 'file_exists' });
});

test('a holder on another machine counts as gone after a quarter of an hour without a sign of life', async () => {
  const other = { id: 'x', pid: 1, host: 'another-machine' };
  const heard = await lockPath(other, clock.now() - 14 * MINUTE_MS);
  await expect(acquireLock(heard, clock)).rejects.toMatchObject({ code: 'file_exists' });
  const silent = await lockPath(other, clock.now() - 16 * MINUTE_MS);
  await (await acquireLock(silent, clock)).release();
});

test('a lock file that a kill left torn is taken over, but not while it may be being written', async () => {
  await (await acquireLock(await lockPath('{"id":', clock.now() - MINUTE_MS), clock)).release();
  const fresh = await lockPath('', clock.now() - 1000);
  await expect(acquireLock(fresh, clock)).rejects.toMatchObject({ code: 'file_exists' });
});

test('a renewal is a sign of life by the clock, and finds out that another process took over', async () => {
  const path = await lockPath();
  const lock = await acquireLock(path, clock);
  clock.advance(5000);
  await lock.renew();
  expect((await stat(path)).mtimeMs).toBe(clock.now());
  await writeFile(path, JSON.stringify({ id: 'thief', pid: process.pid, host: hostname() }));
  await expect(lock.renew()).rejects.toMatchObject({ code: 'file_exists' });
  await lock.release();
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ id: 'thief' });
});

test.runIf(canMount())(
  'a disk that is full leaves no lock that keeps others off (where this test may mount one)',
  async () => {
    const dir = await smallDisk('16k');
    await writeFile(join(dir, 'ballast'), Buffer.alloc(16 * 1024)).catch(() => undefined);
    const path = join(dir, 'lock');
    await expect(acquireLock(path, clock)).rejects.toThrow('ENOSPC');
    expect(await readdir(dir)).toEqual(['ballast']);
    await rm(join(dir, 'ballast'));
    await (await acquireLock(path, clock)).release();
  },
);
