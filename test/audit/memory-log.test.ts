// Tests of an audit log over events in time order: both orders, slices, filters, and an honest account.
import { describe, expect, test } from 'vitest';
import type { AuditLog, AuditRead, Coverage, ReadOptions, SliceOptions } from '../../src/audit/audit-log.ts';
import { compareEvents, type AuditEvent } from '../../src/audit/event.ts';
import { detailIn } from '../../src/audit/event-details.ts';
import { createMemoryLog } from '../../src/audit/memory-log.ts';
import type { AuditQuery } from '../../src/audit/query.ts';
import { createInstantClock } from '../support/instant-clock.ts';
import { sampleEvent, sampleEvents, sampleQuery, SAMPLE_START_MS, sampleWindow } from '../support/sample-events.ts';

const clock = createInstantClock();
const EVENTS = sampleEvents(5000);
const SORTED = EVENTS.toSorted(compareEvents);
const WINDOW = sampleWindow(5000);
const QUERY = sampleQuery(WINDOW);
const NEWEST = sampleQuery(WINDOW, { order: 'newest_first' });
const log = createMemoryLog(EVENTS, { clock });
const at = (second: number) => SAMPLE_START_MS + second * 1000;

async function readAll(source: AuditLog, query: AuditQuery, options: ReadOptions = {}) {
  const read: AuditRead = source.read(query, options);
  const events: AuditEvent[] = [];
  for await (const batch of read.batches) events.push(...batch);
  return { events, coverage: read.coverage() };
}

async function readSlices(source: AuditLog, query: AuditQuery, options: SliceOptions = {}) {
  const read = source.readSlices(query, options);
  const slices = [];
  for await (const slice of read.slices) slices.push(slice);
  return { slices, coverage: read.coverage() };
}

const WHOLE: Coverage = {
  complete: true,
  stoppedBy: 'end',
  covered: [WINDOW],
  requests: 0,
  fromStore: 0,
  eventsScanned: 5000,
  ownReads: 0,
};

describe('in order', () => {
  test('oldest first and newest first, each event once', async () => {
    expect(await readAll(log, QUERY)).toEqual({ events: SORTED, coverage: WHOLE });
    expect(await readAll(log, NEWEST)).toEqual({ events: SORTED.toReversed(), coverage: WHOLE });
  });

  test('newest first holds when there is more than one block of events, ties at the block ends too', async () => {
    const many = Array.from({ length: 45_000 }, (_, index) => sampleEvent(index, at(Math.floor(index / 700))));
    const query = sampleQuery({ startMs: at(0), endMs: at(1000) }, { order: 'newest_first' });
    const { events, coverage } = await readAll(createMemoryLog(many, { clock }), query);
    expect(events).toEqual(many.toSorted(compareEvents).toReversed());
    expect(coverage).toMatchObject({ complete: true, eventsScanned: 45_000 });
  });

  test('the window is half-open', async () => {
    const query = sampleQuery({ startMs: at(10), endMs: at(20) });
    expect((await readAll(log, query)).events).toEqual(SORTED.slice(10, 20));
  });

  test('a limit that is reached ends the read, and says up to where everything is there', async () => {
    const limited = await readAll(log, QUERY, { maxEvents: 1234 });
    expect(limited.events).toEqual(SORTED.slice(0, 1234));
    expect(limited.coverage).toMatchObject({
      complete: false,
      stoppedBy: 'limit',
      covered: [{ startMs: WINDOW.startMs, endMs: at(1234) }],
    });
    const newest = await readAll(log, NEWEST, { maxEvents: 1234 });
    expect(newest.events).toEqual(SORTED.slice(-1234).toReversed());
    expect(newest.coverage).toMatchObject({
      complete: false,
      stoppedBy: 'limit',
      covered: [{ startMs: at(5000 - 1234), endMs: WINDOW.endMs }],
    });
  });

  test.each(['oldest_first', 'newest_first'] as const)(
    'a limit of just what there is is no limit (%s)',
    async (order) => {
      const { events, coverage } = await readAll(log, sampleQuery(WINDOW, { order }), { maxEvents: 5000 });
      expect(events).toHaveLength(5000);
      expect(coverage).toMatchObject({ complete: true, stoppedBy: 'end' });
    },
  );

  test('filters hold, and what the API would have given for them is counted', async () => {
    const query = sampleQuery(WINDOW, { eventKeys: ['user_login'], actorId: '5', chatId: '1' });
    const asked = SORTED.filter((event) => event.event_key === 'user_login' && event.actor_id === '5');
    expect(asked.length).toBeGreaterThan(10);
    const { events, coverage } = await readAll(log, query);
    expect(events.length).toBeLessThan(asked.length);
    expect(events).toEqual(asked.filter((event) => detailIn(event, 'chat_id') === 1));
    expect(coverage).toMatchObject({ complete: true, eventsScanned: asked.length });
  });

  test('own reads are left out or kept, and counted in both cases', async () => {
    const isOwnRead = (event: AuditEvent) => event.actor_id === '3';
    const own = createMemoryLog(EVENTS, { clock, isOwnRead });
    const ownReads = EVENTS.filter(isOwnRead).length;
    const kept = await readAll(own, QUERY);
    expect([kept.events.length, kept.coverage.ownReads]).toEqual([5000, ownReads]);
    for (const order of ['oldest_first', 'newest_first'] as const) {
      const left = await readAll(own, sampleQuery(WINDOW, { ownReads: 'exclude', order }));
      expect([left.events.length, left.coverage.ownReads]).toEqual([5000 - ownReads, ownReads]);
    }
  });
});

describe('what ends a read early', () => {
  test.each([QUERY, NEWEST])('a deadline and a cancellation are values ($order)', async (query) => {
    const late = await readAll(log, query, { deadlineAt: clock.now() });
    expect(late).toMatchObject({ events: [], coverage: { complete: false, stoppedBy: 'deadline', covered: [] } });
    const cancelled = await readAll(log, query, { signal: AbortSignal.abort() });
    expect(cancelled).toMatchObject({ events: [], coverage: { complete: false, stoppedBy: 'cancelled', covered: [] } });
  });

  test('what was read before a deadline counts as covered, to the second', async () => {
    const ticking = createInstantClock();
    const slow = createMemoryLog(EVENTS, { clock: { now: () => (ticking.advance(1000), ticking.now()) } });
    const { events, coverage } = await readAll(slow, QUERY, { deadlineAt: ticking.now() + 3500 });
    expect(events).toEqual(SORTED.slice(0, 3000));
    expect(coverage).toMatchObject({ stoppedBy: 'deadline', covered: [{ startMs: at(0), endMs: at(2999) }] });
  });

  test('a window that the events do not cover is never called complete', async () => {
    const part = createMemoryLog(EVENTS, { clock, covered: [{ startMs: at(100), endMs: at(9000) }] });
    const { coverage } = await readAll(part, QUERY);
    expect(coverage).toMatchObject({
      complete: false,
      stoppedBy: 'retention',
      covered: [{ startMs: at(100), endMs: WINDOW.endMs }],
    });
  });
});

describe('slices', () => {
  test('tile the window on whole seconds and hold every event once, in order', async () => {
    const ties = Array.from({ length: 2500 }, (_, index) => sampleEvent(10_000 + index, at(50)));
    const source = createMemoryLog([...EVENTS, ...ties], { clock });
    const { slices, coverage } = await readSlices(source, QUERY);
    expect(slices.length).toBeGreaterThan(3);
    expect(slices.flatMap((slice) => slice.events)).toEqual([...EVENTS, ...ties].toSorted(compareEvents));
    let edge = WINDOW.startMs;
    for (const { window, events } of slices) {
      expect(window.startMs).toBe(edge);
      expect(window.endMs % 1000).toBe(0);
      expect(events.every((event) => Date.parse(event.created_at) < window.endMs)).toBe(true);
      edge = window.endMs;
    }
    expect(edge).toBe(WINDOW.endMs);
    expect(coverage).toMatchObject({ complete: true, covered: [WINDOW] });
  });

  test('what the caller has is not given again', async () => {
    const have = [
      { window: { startMs: at(1000), endMs: at(2000) } },
      { window: { startMs: at(3000), endMs: at(3001) } },
    ];
    const { slices, coverage } = await readSlices(log, QUERY, { have });
    const expected = SORTED.filter((_, index) => index < 1000 || (index >= 2000 && index !== 3000));
    expect(slices.flatMap((slice) => slice.events)).toEqual(expected);
    expect(coverage).toMatchObject({ complete: true });
  });

  test('what the caller has of one key is not all that a query for two asks for', async () => {
    const query = sampleQuery(WINDOW, { eventKeys: ['user_login', 'chat_renamed'] });
    const have = [
      { window: WINDOW, eventKey: 'user_login' },
      { window: { startMs: at(0), endMs: at(4000) }, eventKey: 'chat_renamed' },
    ];
    const { slices } = await readSlices(log, query, { have });
    expect(slices.flatMap((slice) => slice.events)).toEqual(
      SORTED.slice(4000).filter((event) => ['user_login', 'chat_renamed'].includes(event.event_key)),
    );
  });

  test('progress grows up to the whole window', async () => {
    const reports: { coveredMs: number; totalMs: number }[] = [];
    await readSlices(log, QUERY, { onProgress: (progress) => reports.push(progress) });
    expect(reports.at(-1)).toEqual({ coveredMs: 5_001_000, totalMs: 5_001_000, events: 5000 });
    expect(
      reports.every((report, index) => index === 0 || report.coveredMs > (reports[index - 1]?.coveredMs ?? 0)),
    ).toBe(true);
  });
});
