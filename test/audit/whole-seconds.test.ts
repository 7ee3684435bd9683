// Tests that a read that ends early hands on what it covers and no more: who goes on behind it must meet no event again.
import { describe, expect, test } from 'vitest';
import type { AuditLog, Coverage } from '../../src/audit/audit-log.ts';
import type { AuditEvent } from '../../src/audit/event.ts';
import { inWholeSeconds } from '../../src/audit/whole-seconds.ts';
import { DAY, eventAt, idsOf, queryOf, readAll, startApiLog } from '../support/api-log.ts';
import { stillClock } from '../support/still-clock.ts';
import { startWorld } from '../support/world.ts';

const SECOND_MS = 1000;
const events = [0, 300, 1000, 1999, 2500, 2501, 2999].map((ms, index) => eventAt(DAY.startMs + ms, index));
const upTo = (ms: number) => [{ startMs: DAY.startMs, endMs: DAY.startMs + ms }];

/** A log of `batches`, of which a read says that it covered `covered`. */
function logOf(batches: readonly (readonly AuditEvent[])[], covered: Partial<Coverage>): AuditLog {
  const counts = { requests: 0, fromStore: 0, eventsScanned: 0, ownReads: 0 };
  async function* given() {
    yield* batches;
  }
  return {
    read: () => ({
      batches: given(),
      coverage: () => ({ complete: false, stoppedBy: 'deadline', covered: [], ...counts, ...covered }),
    }),
    readSlices: () => {
      throw new Error('not asked for');
    },
  };
}

const inBatchesOf = (size: number) => events.flatMap((_, at) => (at % size === 0 ? [events.slice(at, at + size)] : []));

describe.each([1, 2, 3, 7])('in batches of %i', (size) => {
  test.each([
    ['the last second is dropped where it was read in part', { covered: upTo(2000) }, 4],
    ['and kept where it was read whole', { covered: upTo(3000) }, 7],
    ['or all was', { complete: true, stoppedBy: 'end' as const, covered: [DAY] }, 7],
    ['or all that there is, of a file that promises nothing', { stoppedBy: 'retention' as const, covered: [] }, 7],
  ])('%s', async (_what, covered, count) => {
    const log = inWholeSeconds(logOf(inBatchesOf(size), covered));
    expect(idsOf((await readAll(log, queryOf(DAY))).events)).toEqual(idsOf(events.slice(0, count)));
  });
});

test('whoever wants a number of events gets it, wherever that ends', async () => {
  const log = inWholeSeconds(logOf(inBatchesOf(2), { covered: upTo(2000) }));
  expect((await readAll(log, queryOf(DAY), { maxEvents: 6 })).events).toHaveLength(7);
});

/** Three in one second of each minute. */
const all = Array.from({ length: 1500 }, (_, index) =>
  eventAt(DAY.startMs + Math.floor(index / 3) * 60 * SECOND_MS + (index % 3) * 300, index),
);

describe.each(['newest_first', 'oldest_first'] as const)('%s from the API', (order) => {
  test.each([2, 3, 5, 8, 13])('and a budget of %i requests', async (maxRequests) => {
    const { log } = await startApiLog({ events: all });
    const read = await readAll(inWholeSeconds(log), queryOf(DAY, { order }), { maxRequests });
    const isCovered = ({ created_at: at }: AuditEvent) =>
      read.coverage.covered.some(({ startMs, endMs }) => Date.parse(at) >= startMs && Date.parse(at) < endMs);
    expect(read.coverage.complete).toBe(false);
    expect(new Set(idsOf(read.events))).toEqual(new Set(idsOf(all.filter(isCovered))));
  });
});

test.each([3, 13])('counts after %i requests and of the rest are counts of the whole', async (maxRequests) => {
  const nowMs = DAY.endMs;
  const simulator = { events: all, now: () => nowMs, logsOwnReads: false };
  const world = await startWorld({ simulator, clock: stillClock(nowMs) });
  try {
    const settings = { ...world.parts.settings, maxRequests };
    const input = { group_by: ['actor'], start_time: '2026-03-10', end_time: '2026-03-10', time_zone: 'UTC' };
    const part = await world.call('aggregate_audit_events', input, { settings, nowMs });
    const { covered } = Object(part['coverage']);
    const rest = await world.call('aggregate_audit_events', { ...input, end_time: covered[0].start_time }, { nowMs });
    expect(Number(part['events_seen']) + Number(rest['total_events'])).toBe(1500);
  } finally {
    await world.close();
  }
});
