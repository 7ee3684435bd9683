// Checks that what waits for its day is bounded in memory and lost to nothing but a lack of room.
import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createDrafts, type Drafts } from '../../src/store/drafts.ts';
import { openScratch, type Scratch } from '../../src/store/scratch.ts';
import { parseLines, unpackLines } from '../../src/store/segment-format.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.parse('2026-03-05T00:00:00.000Z');

/** About `kilobytes` of what cannot be packed, of one day. */
function bulk(day: number, minute: number, kilobytes: number) {
  return Array.from({ length: kilobytes }, (_, index) => ({
    id: `${day}-${minute}-${index}`,
    created_at: new Date(START_MS + day * DAY_MS + minute * 60_000 + index).toISOString(),
    event_key: index % 2 === 0 ? 'user_login' : 'user_logout',
    details: { noise: randomBytes(1024).toString('latin1') },
  }));
}

async function fill(drafts: Drafts, days: number): Promise<void> {
  for (let minute = 9; minute >= 0; minute -= 1)
    for (let day = 0; day < days; day += 1)
      await drafts.add(undefined, bulk(day, minute, 200), START_MS + day * DAY_MS + minute * 60_000);
}

async function idsOf(drafts: Drafts, day: number): Promise<string[] | undefined> {
  const blocks = await drafts.take(undefined, START_MS + day * DAY_MS);
  if (blocks === undefined) return undefined;
  const events = await Promise.all(
    [...blocks.values()].flat().map(async (block) => parseLines(await unpackLines(block))),
  );
  return events.flat().map(({ id }) => id);
}

const expected = (day: number): string[] =>
  [0, 1].flatMap((parity) =>
    Array.from({ length: 10 }, (_, minute) => bulk(day, minute, 200).map(({ id }) => id)).flatMap((ids) =>
      ids.filter((_, index) => index % 2 === parity),
    ),
  );

describe('days that go to disk', () => {
  test('are kept whole and in order, whatever has to wait on the disk for it, and nothing stays behind', async () => {
    const folder = await temporaryFolder();
    let scratch: Scratch | undefined;
    let places = 0;
    const drafts = createDrafts({
      keepsOnDisk: () => true,
      async openScratch() {
        places += 1;
        scratch = await openScratch(join(folder, 'scratch'), () => undefined);
        return scratch;
      },
    });
    await fill(drafts, 4);
    for (let day = 0; day < 4; day += 1) expect(await idsOf(drafts, day)).toEqual(expected(day));
    await drafts.close();
    expect(places).toBe(1);
    expect(await readdir(folder)).toEqual([]);
    await expect(scratch?.read(0, 1)).rejects.toThrow('closed');
  });

  test('are not kept where there is no room for them to wait', async () => {
    const drafts = createDrafts({ keepsOnDisk: () => true, openScratch: () => Promise.reject(new Error('ENOSPC')) });
    await fill(drafts, 4);
    const kept = await Promise.all([0, 1, 2, 3].map((day) => idsOf(drafts, day)));
    expect(kept).toContain(undefined);
    expect(kept.map((ids, day) => ids ?? expected(day))).toEqual([0, 1, 2, 3].map(expected));
    await drafts.close();
  });

  test('are not kept where what waits cannot be read back', async () => {
    const lost: Scratch = {
      append: () => Promise.resolve(0),
      read: () => Promise.reject(new Error('gone')),
      close: () => Promise.resolve(),
    };
    const drafts = createDrafts({ keepsOnDisk: () => true, openScratch: () => Promise.resolve(lost) });
    await fill(drafts, 4);
    expect(await idsOf(drafts, 3)).toBeUndefined();
    await drafts.close();
  });
});

test('days that only memory could keep are dropped once a read brings more than memory is for', async () => {
  const drafts = createDrafts({ keepsOnDisk: () => false, openScratch: () => Promise.reject(new Error('not asked')) });
  await drafts.add(undefined, bulk(0, 0, 100), START_MS);
  expect(await idsOf(drafts, 0)).toHaveLength(100);
  await fill(drafts, 8);
  expect(await idsOf(drafts, 7)).toBeUndefined();
});
