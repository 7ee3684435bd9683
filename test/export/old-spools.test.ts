// Tests that what an unfinished export left is removed only where no export has come back to it, to the last moment.
import { utimesSync } from 'node:fs';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { removeOldSpools } from '../../src/export/old-spools.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const NOW_MS = Date.parse('2026-11-20T12:00:00Z');
const DAY_MS = 86_400_000;

async function spoolOf(ageDays: number) {
  const folder = await temporaryFolder();
  const spool = join(folder, '.partial-0123abcd');
  await mkdir(spool);
  await writeFile(join(spool, 'part'), 'x');
  const seconds = (NOW_MS - ageDays * DAY_MS) / 1000;
  for (const path of [join(spool, 'part'), spool]) await utimes(path, seconds, seconds);
  return { folder, part: join(spool, 'part') };
}

test('after 90 days it is removed, and its lock with it', async () => {
  const { folder } = await spoolOf(91);
  await removeOldSpools(folder, { now: () => NOW_MS });
  expect(await readdir(folder)).toEqual([]);
});

test('an export that goes on with it between the first look and the lock keeps it', async () => {
  const { folder, part } = await spoolOf(91);
  let asked = 0;
  // The first look asks for the time, then the lock does: this is the moment between them.
  const now = (): number => {
    asked += 1;
    if (asked === 2) utimesSync(part, NOW_MS / 1000, NOW_MS / 1000);
    return NOW_MS;
  };
  await removeOldSpools(folder, { now });
  expect(asked).toBeGreaterThan(2);
  expect(await readdir(folder)).toEqual(['.partial-0123abcd']);
});

test('one that another export holds is left to it', async () => {
  const { folder } = await spoolOf(91);
  const holder = { id: 'another', pid: process.pid, host: hostname() };
  await writeFile(join(folder, '.partial-0123abcd.lock'), JSON.stringify(holder));
  await removeOldSpools(folder, { now: () => NOW_MS });
  expect(await readdir(folder)).toEqual(['.partial-0123abcd', '.partial-0123abcd.lock']);
});
