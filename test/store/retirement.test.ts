// Tests that the store deletes what is older than it keeps, of the log that was read, and never because a clock is wrong.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { plainEvents } from '../../src/simulator/plain-events.ts';
import { stillClock } from '../support/still-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startWorld } from '../support/world.ts';

const NOW_MS = Date.parse('2026-11-20T12:00:00Z');
const DAY_MS = 86_400_000;
const FOREIGN = 'f'.repeat(24);

/** A program that has kept ten days of its log, beside one day of another log, and whose clocks can be set. */
async function startFilled() {
  const dir = await temporaryFolder();
  const ofOthers = join(dir, FOREIGN, 'event_key=user_login');
  await mkdir(ofOthers, { recursive: true });
  await writeFile(join(ofOthers, 'day=2026-01-01.ndjson.gz'), 'of another log');
  const events = [...plainEvents({ count: 500, startMs: NOW_MS - 12 * DAY_MS, endMs: NOW_MS, keys: 'auth' })];
  let [hereMs, apiMs] = [NOW_MS, NOW_MS];
  const world = await startWorld({
    simulator: { events, now: () => apiMs },
    clock: { ...stillClock(NOW_MS), now: () => hereMs },
    store: { dir, keepDays: 60 },
  });
  onTestFinished(() => world.close());
  const window = { start_time: '2026-11-09', end_time: '2026-11-18' };
  await world.call('aggregate_audit_events', { ...window, group_by: ['day'] });
  return {
    async readAt(here: number, api: number) {
      [hereMs, apiMs] = [here, api];
      await world.call('list_audit_events', {});
    },
    async kept() {
      const names = await readdir(dir, { recursive: true });
      const segments = names.filter((name) => name.endsWith('.ndjson.gz'));
      const others = segments.filter((name) => name.startsWith(FOREIGN)).length;
      return { own: segments.length - others, others };
    },
  };
}

test('what is older than the store keeps is deleted after a read, of the log that was read alone', async () => {
  const { kept, readAt } = await startFilled();
  expect((await kept()).own).toBeGreaterThan(10);
  await readAt(NOW_MS + 100 * DAY_MS, NOW_MS + 100 * DAY_MS);
  expect(await kept()).toEqual({ own: 0, others: 1 });
});

test('a clock here that is years ahead deletes nothing', async () => {
  const { kept, readAt } = await startFilled();
  const before = await kept();
  await readAt(NOW_MS + 1000 * DAY_MS, NOW_MS);
  expect(await kept()).toEqual(before);
});
