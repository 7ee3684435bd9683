// Checks filling the store on purpose: days that are kept are not read again, late events are found, a full disk ends it.
import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { createDisk, type Disk } from '../../src/store/disk.ts';
import { fillStore } from '../../src/store/fill.ts';
import { createStoredLog } from '../../src/store/stored-log.ts';
import { createScriptedLog } from '../support/scripted-log.ts';
import { createSetClock, eventAt, eventsOfDays, ids, query, readAll, SCOPE } from '../support/store.ts';
import { canMount, smallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const KEYS = ['user_login', 'user_logout', 'kms_decrypt'];
const WEEK = query('2026-03-10', '2026-03-17');

async function setUp(disk: Disk = createDisk(), dir?: string) {
  const clock = createSetClock('2026-03-20T12:00:00.000Z');
  const source = createScriptedLog({ clock });
  source.add(eventsOfDays('2026-03-01', 20, 60, KEYS));
  const folder = dir ?? (await temporaryFolder());
  const scope = () => Promise.resolve(SCOPE);
  const log = createStoredLog({ inner: source, dir: folder, scope, clock, isOwnRead: () => false, disk });
  return { clock, source, log, dir: folder };
}

/** A disk that is full from now on. */
function fullDisk(): Disk {
  return createDisk((step) => {
    if (step === 'write') throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  });
}

describe('fillStore', () => {
  test('reads what is closed and not kept, once', async () => {
    const { log, source } = await setUp();
    const window = { startMs: WEEK.window.startMs, endMs: Date.parse('2026-03-20T12:00:00Z') };
    const first = await fillStore({ log, window });
    expect(first).toMatchObject({ complete: true, stoppedBy: 'end', events: 540, alreadyKept: [] });
    expect(first.filled.toSorted()).toHaveLength(9);
    expect(first.notClosed).toEqual(['2026-03-19', '2026-03-20']);
    const asked = source.questions.length;
    expect(await fillStore({ log, window })).toMatchObject({ complete: true, filled: [], events: 0 });
    expect(source.questions).toHaveLength(asked);
  });

  test('reads the newest kept day again, and says what came late', async () => {
    const { log, source, clock } = await setUp();
    await fillStore({ log, window: WEEK.window });
    source.add([
      eventAt('2026-03-16T23:59:59.000Z', 'user_login', 'late-one'),
      // Of a key that the day had not had.
      eventAt('2026-03-16T12:00:00.000Z', 'chat_created', 'late-other'),
    ]);
    clock.set('2026-03-21T01:00:00.000Z');
    expect(await fillStore({ log, window: WEEK.window })).toMatchObject({ filled: [], rechecked: '2026-03-16' });
    expect(log.notices()).toContainEqual(
      expect.objectContaining({
        code: 'late_events',
        day: '2026-03-16',
        words: expect.objectContaining({ en: expect.stringContaining('20 events before, 21 now') }),
      }),
    );
    expect(log.notices().map(({ words }) => words.en)).toContainEqual(
      expect.stringMatching(/^chat_created on 2026-03-16 changed .*\(0 events before, 1 now\)/u),
    );
    const { events, coverage } = await readAll(log, WEEK);
    expect(coverage).toMatchObject({ complete: true, requests: 0 });
    expect(ids(events)).toEqual(expect.arrayContaining(['late-one', 'late-other']));
  });

  test('reads no day that the store would delete at once', async () => {
    const { clock, source, dir } = await setUp();
    const scope = () => Promise.resolve(SCOPE);
    const log = createStoredLog({ inner: source, dir, scope, clock, isOwnRead: () => false, keepDays: 5 });
    const filled = await fillStore({ log, window: WEEK.window });
    expect(filled.retired).toEqual(['2026-03-10', '2026-03-11', '2026-03-12', '2026-03-13', '2026-03-14']);
    expect(filled.filled.toSorted()).toEqual(['2026-03-15', '2026-03-16']);
  });
});

describe('a full disk', () => {
  test('ends a fill, and says so', async () => {
    const { log } = await setUp(fullDisk());
    expect(await fillStore({ log, window: WEEK.window })).toMatchObject({ complete: false, stoppedBy: 'not_kept' });
    expect(log.notices()).toMatchObject([{ code: 'no_space' }]);
  });

  test('ends no answer: it is whole, and says that nothing is kept', async () => {
    const { log, dir } = await setUp(fullDisk());
    const { events, coverage } = await readAll(log, { ...WEEK, eventKeys: KEYS });
    expect(events).toHaveLength(420);
    expect(coverage).toMatchObject({ complete: true, stoppedBy: 'end' });
    expect(coverage.notes?.map(({ en }) => en)).toEqual([
      'The disk of the store is full: what is read now is not kept.',
    ]);
    const left = await readdir(dir, { recursive: true });
    expect(left.filter((name) => name.endsWith('.gz') || name.endsWith('.part'))).toEqual([]);
  });

  test.runIf(canMount())(
    'of the real kind, a file system of 64 KiB, neither (where this test may mount one)',
    async () => {
      const dir = await smallDisk('64k');
      const { log } = await setUp(createDisk(), dir);
      const month = query('2026-03-01', '2026-03-18', { eventKeys: KEYS });
      const { events, coverage } = await readAll(log, month);
      expect([events.length, coverage.complete]).toEqual([1020, true]);
      expect(coverage.notes?.map(({ en }) => en)).toEqual([
        'The disk of the store is full: what is read now is not kept.',
      ]);
      // What was kept before it was full is good.
      const again = await readAll(log, month);
      expect(again.coverage.fromStore).toBeGreaterThan(0);
      expect(ids(again.events)).toEqual(ids(events));
    },
  );
});
