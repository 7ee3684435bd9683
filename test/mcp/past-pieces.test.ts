// Tests in which pieces the days before a window are asked for, and what is made of reads that break off, over stages that say what a test wants.
import { describe, expect, test } from 'vitest';
import type { Coverage, StopReason } from '../../src/audit/audit-log.ts';
import type { AuditEvent } from '../../src/audit/event.ts';
import type { TimeWindow } from '../../src/audit/query.ts';
import { readPast } from '../../src/mcp/past.ts';
import type { Stages } from '../../src/mcp/stages.ts';
import { createStoredLog } from '../../src/store/stored-log.ts';
import { sampleEvent, sampleQuery } from '../support/sample-events.ts';
import { memoryParts } from '../support/tool-parts.ts';

const HOUR_MS = 3_600_000;
const END_MS = Date.parse('2026-11-20T12:00:00Z');
const hoursBefore = (hours: number): number => END_MS - hours * HOUR_MS;
/** As busy as fills one page an hour. */
const PAGE_AN_HOUR = 50 / HOUR_MS;

interface Answer {
  stoppedBy: StopReason;
  requests: number;
  covered?: TimeWindow[];
  events?: AuditEvent[];
}

/** Asks for ten days in a budget of 100, of which 20 are kept; each piece is answered by the next of `answers`. */
async function past(answers: readonly Answer[], eventsPerMs = PAGE_AN_HOUR, maxRequests = 100, isHeld = false) {
  const asked: { hours: [from: number, to: number]; most: number | undefined }[] = [];
  let spent = 0;
  const tryRead: Stages['tryRead'] = async ({ window }, take, _progress, most) => {
    const { stoppedBy, requests, covered = [window], events = [] } = answers[asked.length] ?? answers.at(-1) ?? never();
    asked.push({ hours: [(END_MS - window.startMs) / HOUR_MS, (END_MS - window.endMs) / HOUR_MS], most });
    spent += requests;
    await take(events);
    const coverage: Coverage = {
      complete: stoppedBy === 'end',
      stoppedBy,
      covered,
      requests,
      fromStore: 0,
      eventsScanned: 0,
      ownReads: 0,
    };
    return coverage;
  };
  const stages: Stages = { requests: () => spent, notes: () => [], read: never, tryRead };
  const taken: string[] = [];
  const parts = memoryParts();
  const scope = () => Promise.reject(new Error('nobody asks'));
  const { log: inner, clock, isOwnRead } = parts;
  const stored = createStoredLog({ inner, scope, clock, isOwnRead });
  const log = { ...stored, missing: () => Promise.resolve([]) };
  const context = {
    ...parts,
    ...(isHeld ? { store: { dir: '/nowhere', log, held: () => Promise.resolve(undefined) } } : {}),
    settings: { ...parts.settings, maxRequests },
    nowMs: END_MS,
    deadlineAt: Number.POSITIVE_INFINITY,
    signal: new AbortController().signal,
    progress: () => undefined,
  };
  const query = sampleQuery({ startMs: hoursBefore(240), endMs: END_MS });
  const take = (batch: readonly AuditEvent[]) => void taken.push(...batch.map(({ id }) => id));
  const { window, complete } = await readPast(query, eventsPerMs, 20, take, stages, context);
  return { asked, taken, complete, hours: (END_MS - window.startMs) / HOUR_MS };
}

function never(): never {
  throw new Error('not asked for');
}

const event = (id: string, hours: number) => sampleEvent(0, hoursBefore(hours), { id });

describe('the days before a window', () => {
  test('are one piece where they are cheap', async () => {
    const events = [event('a', 3), event('b', 2)];
    const { asked, taken, complete, hours } = await past([{ stoppedBy: 'end', requests: 1, events }], 0);
    expect(asked).toEqual([{ hours: [240, 0], most: 40 }]);
    expect([taken, complete, hours]).toEqual([['a', 'b'], true, 240]);
  });

  test('are read in pieces, newest first, each as long as the one before shows that the budget allows', async () => {
    const { asked, taken, complete, hours } = await past([
      { stoppedBy: 'end', requests: 11, events: [event('new', 1)] },
      { stoppedBy: 'end', requests: 50, events: [event('old', 40), event('less old', 39)] },
      { stoppedBy: 'end', requests: 3 },
      { stoppedBy: 'end', requests: 1 },
    ]);
    // 40% of 80, less a request for the end: 31 pages of an hour. Then ten pages turned out to hold 31 hours.
    expect(asked.slice(0, 2)).toEqual([
      { hours: [31, 0], most: 40 },
      { hours: [134, 31], most: 69 },
    ]);
    // 49 pages held 103 hours: half of the nineteen that are left, less one, pay for seventeen.
    expect(asked[2]).toEqual({ hours: [151, 134], most: 19 });
    expect(taken).toEqual(['old', 'less old', 'new']);
    // Two pages held 17 hours: seven pay for 59. And where nothing was found, all that is left.
    expect(asked.slice(3)).toEqual([
      { hours: [210, 151], most: 16 },
      { hours: [240, 210], most: 15 },
    ]);
    expect([complete, hours]).toEqual([true, 240]);
  });

  test('are measured anew where a piece cost more than was thought: what it gave has a gap before the window', async () => {
    const { asked, taken, complete, hours } = await past([
      {
        stoppedBy: 'budget',
        requests: 40,
        covered: [{ startMs: hoursBefore(31), endMs: hoursBefore(18) }],
        events: [event('gap', 30)],
      },
      { stoppedBy: 'end', requests: 12, events: [event('new', 1)] },
      { stoppedBy: 'deadline', requests: 1 },
    ]);
    // 39 pages held 13 hours; 19 are to be spent.
    expect(asked.slice(0, 2)).toEqual([
      { hours: [31, 0], most: 40 },
      { hours: [6, 0], most: 40 },
    ]);
    expect([taken, complete, hours]).toEqual([['new'], false, 6]);
  });

  test('end at a hole: what lies behind it is not taken, nothing further is asked for', async () => {
    const covered = [
      { startMs: hoursBefore(31), endMs: hoursBefore(20) },
      { startMs: hoursBefore(10), endMs: END_MS },
    ];
    const events = [event('behind', 25), event('at the edge', 10), event('new', 1)];
    const { asked, taken, complete, hours } = await past([{ stoppedBy: 'retention', requests: 5, covered, events }]);
    expect([asked.length, taken, complete, hours]).toEqual([1, ['at the edge', 'new'], false, 10]);
  });

  test('are read whole where the store holds them and the budget would not do, as far as they go back', async () => {
    const events = [event('a', 50), event('b', 1)];
    const covered = [{ startMs: hoursBefore(200), endMs: END_MS }];
    const answer = { stoppedBy: 'retention', requests: 2, covered, events } as const;
    const { asked, taken, complete, hours } = await past([answer], PAGE_AN_HOUR, 100, true);
    expect(asked).toEqual([{ hours: [240, 0], most: 80 }]);
    expect([taken, complete, hours]).toEqual([['a', 'b'], false, 200]);
    // Where it would do, they are held in memory until it is known how far they go back.
    expect((await past([{ stoppedBy: 'end', requests: 1 }], 0, 100, true)).asked[0]?.most).toBe(40);
  });

  test.each(['deadline', 'error', 'rate_limit'] as const)('are given up where %s ends a piece', async (stoppedBy) => {
    const { asked, taken, complete, hours } = await past([{ stoppedBy, requests: 5, events: [event('a', 30)] }]);
    expect([asked.length, taken, complete, hours]).toEqual([1, [], false, 0]);
  });

  test('are tried five times', async () => {
    const covered = [{ startMs: hoursBefore(31), endMs: hoursBefore(30) }];
    const { asked, hours } = await past([{ stoppedBy: 'budget', requests: 2, covered }]);
    expect([asked.length, hours]).toEqual([5, 0]);
  });

  test('are not asked for where the budget is spent', async () => {
    const { asked, complete, hours } = await past([], PAGE_AN_HOUR, 20);
    expect([asked, complete, hours]).toEqual([[], false, 0]);
  });

  test('are no longer held once sixty thousand events are', async () => {
    const events = Array.from({ length: 60_000 }, (_, index) => event(String(index), 1));
    const { asked, taken } = await past([{ stoppedBy: 'end', requests: 2, events }]);
    expect([asked.length, taken.length]).toEqual([1, 60_000]);
    const fewer = { stoppedBy: 'end', requests: 2, events: events.slice(1) } as const;
    const next = { stoppedBy: 'deadline', requests: 1 } as const;
    expect((await past([fewer, next])).asked).toHaveLength(2);
  });
});
