// Checks that the stored log answers as the log behind it would, from the store where it can.
import { describe, expect, test } from 'vitest';
import { createStoredLog, type StoredLog, type StoredLogOptions } from '../../src/store/stored-log.ts';
import { createScriptedLog, type ScriptedLog } from '../support/scripted-log.ts';
import {
  createSetClock,
  eventsOfDays,
  ids,
  query,
  readAll,
  readAllSlices,
  SCOPE,
  type SetClock,
} from '../support/store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const AUTH = ['user_login', 'user_logout', 'user_2fa_fail'];

interface Setup {
  clock: SetClock;
  log: ScriptedLog;
  dir: string;
  open(more?: Partial<StoredLogOptions>): StoredLog;
}

async function setUp(): Promise<Setup> {
  const clock = createSetClock('2026-03-20T12:00:00.000Z');
  const log = createScriptedLog({ clock });
  log.add(eventsOfDays('2026-03-01', 20, 50, AUTH));
  const dir = await temporaryFolder();
  const open = (more: Partial<StoredLogOptions> = {}): StoredLog =>
    createStoredLog({ inner: log, dir, scope: () => Promise.resolve(SCOPE), clock, isOwnRead: () => false, ...more });
  return { clock, log, dir, open };
}

describe('closed days', () => {
  test.each(['oldest_first', 'newest_first'] as const)('are asked for once, %s', async (order) => {
    const { log, open } = await setUp();
    const question = query('2026-03-05', '2026-03-08', { order, eventKeys: AUTH });
    const first = await readAll(open(), question);
    const second = await readAll(open(), question);
    expect(ids(second.events)).toEqual(ids(first.events));
    expect(second.events).toHaveLength(150);
    expect(log.questions).toHaveLength(1);
    expect(first.coverage).toMatchObject({ complete: true, stoppedBy: 'end', fromStore: 0, requests: 4 });
    expect(second.coverage).toMatchObject({ complete: true, stoppedBy: 'end', fromStore: 150, requests: 0 });
    expect(second.coverage.covered).toEqual([question.window]);
  });

  test('count as scanned what the API would have given', async () => {
    const { open } = await setUp();
    await readAll(open(), query('2026-03-05', '2026-03-08', { order: 'oldest_first', eventKeys: AUTH }));
    const question = query('2026-03-05', '2026-03-08', {
      order: 'oldest_first',
      eventKeys: ['user_login'],
      ipAddress: '203.0.113.0/24',
    });
    const { events, coverage } = await readAll(open(), question);
    expect(events).toEqual([]);
    expect(coverage).toMatchObject({ requests: 0, eventsScanned: 50 });
  });

  test('whole', async () => {
    const { log, open } = await setUp();
    const question = query('2026-03-05', '2026-03-08', { order: 'newest_first' });
    const first = await readAllSlices(open(), question);
    const second = await readAll(open(), question);
    expect(second.events).toHaveLength(150);
    expect(log.questions).toHaveLength(1);
    expect(first.slices.length).toBeGreaterThan(3);
  });
});

describe('without a request left', () => {
  test.each(['oldest_first', 'newest_first'] as const)(
    'what is not held is not covered, and what is held is given, %s',
    async (order) => {
      const { log, open } = await setUp();
      const question = query('2026-03-05', '2026-03-08', { order, eventKeys: AUTH });
      const empty = await readAll(open(), question, { maxRequests: 0 });
      expect(empty.coverage).toMatchObject({ complete: false, stoppedBy: 'budget', covered: [], requests: 0 });
      const slices = await readAllSlices(open(), question, { maxRequests: 0 });
      expect(slices.coverage).toMatchObject({ complete: false, stoppedBy: 'budget', covered: [] });
      expect(log.questions).toEqual([]);
      await readAll(open(), question);
      const full = await readAll(open(), question, { maxRequests: 0 });
      expect(full.coverage).toMatchObject({ complete: true, requests: 0, fromStore: 150 });
    },
  );
});
