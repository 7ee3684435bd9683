// Tests windows in time order over an API: little in memory, hours of the day, and what ends them early.
import { describe, expect, test } from 'vitest';
import { compareEvents, type AuditEvent } from '../../src/audit/event.ts';
import {
  DAY,
  DAY_MS,
  eventAt,
  HOUR_MS,
  idsOf,
  inOrder,
  NOW_MS,
  queryOf,
  readAll,
  spread,
  startApiLog,
} from '../support/api-log.ts';
import { createInstantClock } from '../support/instant-clock.ts';

const BUSY = { startMs: DAY.startMs + 7 * HOUR_MS, endMs: DAY.startMs + 7 * HOUR_MS + 60_000 };
const uneven = [...spread(4500, BUSY), ...spread(500, DAY, {}, 4500)];

/** Five hundred pages: far more than a call may read. */
const VAST = { startMs: DAY.startMs - 10 * DAY_MS, endMs: DAY.endMs };

describe('a window in order', () => {
  test.each(['oldest_first', 'newest_first'] as const)('%s: every event once, whatever the density', async (order) => {
    for (const events of [spread(5000, DAY), uneven]) {
      const { log, requests } = await startApiLog({ events, latencyMs: 1 });
      const { events: read, coverage } = await readAll(log, queryOf(DAY, { order }));
      expect(idsOf(read)).toEqual(inOrder(events, order));
      expect(coverage).toMatchObject({ complete: true, stoppedBy: 'end', covered: [DAY] });
      expect(requests()).toBeLessThan(100 * 1.6);
    }
  });

  test('a window that is too large for its budget is read side by side all the same, and little is read in vain', async () => {
    const events = spread(25_000, VAST);
    const { log, simulator } = await startApiLog({ events, latencyMs: 5 });
    const { events: read, coverage } = await readAll(log, queryOf(VAST, { order: 'newest_first' }), {
      maxRequests: 80,
    });
    expect(simulator.requests.maxInFlight).toBeGreaterThan(2);
    expect(coverage).toMatchObject({ complete: false, stoppedBy: 'budget' });
    expect(idsOf(read)).toEqual(inOrder(events, 'newest_first').slice(0, read.length));
    expect(read.length).toBeGreaterThan(80 * 50 * 0.7);
  });

  test.each(['oldest_first', 'newest_first'] as const)(
    '%s: ties of one millisecond stand in one order',
    async (order) => {
      const ties = Array.from({ length: 400 }, (_, index) => eventAt(DAY.startMs + HOUR_MS + 5, index));
      const events = [...ties, ...spread(200, DAY, {}, 1000)];
      const { log } = await startApiLog({ events });
      expect(idsOf((await readAll(log, queryOf(DAY, { order }))).events)).toEqual(inOrder(events, order));
    },
  );

  test.each(['oldest_first', 'newest_first'] as const)('%s: several keys are merged', async (order) => {
    const keys = ['user_login', 'user_logout', 'chat_created'];
    const events = keys.flatMap((event_key, at) => spread(10 ** (at + 1), DAY, { event_key }, at * 5000));
    const { log } = await startApiLog({
      events: [...events, ...spread(100, DAY, { event_key: 'user_deleted' }, 50_000)],
    });
    const { events: read } = await readAll(log, queryOf(DAY, { order, eventKeys: keys }));
    expect(idsOf(read)).toEqual(inOrder(events, order));
  });

  test.each(['oldest_first', 'newest_first'] as const)(
    '%s: a caller that takes its time with a batch loses nothing of what comes meanwhile',
    async (order) => {
      const keys = ['user_login', 'user_logout'];
      const events = keys.flatMap((event_key, at) => spread(600, DAY, { event_key }, at * 5000));
      const { log, simulator } = await startApiLog({ events });
      const read = log.read(queryOf(DAY, { order, eventKeys: keys }));
      const given: AuditEvent[] = [];
      for await (const batch of read.batches) {
        given.push(...batch);
        // Until nothing comes any more: then everything is here before the next batch is asked for.
        for (let seen = -1, quiet = 0; quiet < 20; quiet = seen === simulator.requests.total ? quiet + 1 : 0) {
          seen = simulator.requests.total;
          await new Promise(setImmediate);
        }
      }
      expect(idsOf(given)).toEqual(inOrder(events, order));
      expect(read.coverage()).toMatchObject({ complete: true, stoppedBy: 'end' });
    },
  );

  test('oldest first holds no more than it must while the oldest part is still being read', async () => {
    const events = spread(20_000, DAY);
    const { log, simulator } = await startApiLog({ events });
    const read = log.read(queryOf(DAY));
    let given = 0;
    for await (const batch of read.batches) {
      given += batch.length;
      const { eventsScanned } = read.coverage();
      expect(eventsScanned - given).toBeLessThan(11_000);
    }
    expect(given).toBe(20_000);
    expect(simulator.requests.total).toBeLessThan(400 * 1.2);
  });
});

describe('hours of the day', () => {
  test('only they are read, on local clocks', async () => {
    const window = { startMs: DAY.startMs, endMs: DAY.startMs + 3 * DAY_MS };
    const events = spread(3 * 24 * 60, window);
    const { log } = await startApiLog({ events });
    const query = queryOf(window, { timeZone: 'Europe/Moscow', timeOfDay: { fromMinute: 22 * 60, toMinute: 6 * 60 } });
    const { events: read, coverage } = await readAll(log, query);
    const hours = new Set(read.map(({ created_at: at }) => new Date(Date.parse(at) + 3 * HOUR_MS).getUTCHours()));
    expect([...hours].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 22, 23]);
    expect(read).toHaveLength(3 * 8 * 60);
    expect(coverage).toMatchObject({ complete: true, covered: [window], eventsScanned: 3 * 8 * 60 });
  });
});

describe('what ends it early', () => {
  test.each(['oldest_first', 'newest_first'] as const)('%s: what was handed on is what is covered', async (order) => {
    const events = spread(10_000, DAY);
    for (const maxRequests of [1, 5, 30, 120]) {
      const { log, requests } = await startApiLog({ events, latencyMs: 1 });
      const { events: read, coverage } = await readAll(log, queryOf(DAY, { order }), { maxRequests });
      expect(requests()).toBeLessThanOrEqual(maxRequests);
      expect(coverage).toMatchObject({ complete: false, stoppedBy: 'budget' });
      const whole = inOrder(events, order);
      expect(idsOf(read)).toEqual(whole.slice(0, read.length));
      const covered = events.filter(({ created_at: at }) =>
        coverage.covered.some(({ startMs, endMs }) => Date.parse(at) >= startMs && Date.parse(at) < endMs),
      );
      // A second may have been handed on in part: it is not called covered.
      expect(read.length - covered.length).toBeLessThan(5);
      expect(read.length).toBeGreaterThanOrEqual(covered.length);
      // What is read ahead of its turn, and then lost, is a small part of what was paid for.
      expect(read.length).toBeGreaterThanOrEqual(maxRequests > 100 ? maxRequests * 50 * 0.7 : 0);
    }
  });

  test('a deadline by the clock', async () => {
    const clock = createInstantClock(NOW_MS);
    const { log } = await startApiLog({ events: spread(6000, DAY), clock });
    const read = log.read(queryOf(DAY, { order: 'newest_first' }), { deadlineAt: NOW_MS + 1000 });
    const seen: AuditEvent[] = [];
    for await (const batch of read.batches) {
      seen.push(...batch);
      clock.advance(100);
    }
    expect(seen).toEqual(seen.toSorted((a, b) => compareEvents(b, a)));
    expect(read.coverage()).toMatchObject({ complete: false, stoppedBy: 'deadline' });
    expect(read.coverage().estimate?.requests).toBeGreaterThan(30);
  });

  test('an aborted signal is thrown', async () => {
    const { log } = await startApiLog({ events: spread(6000, DAY) });
    const controller = new AbortController();
    const reading = async () => {
      for await (const batch of log.read(queryOf(DAY), { signal: controller.signal }).batches) {
        expect(batch.length).toBeGreaterThan(0);
        controller.abort(new Error('enough'));
      }
    };
    await expect(reading()).rejects.toThrow('enough');
  });

  test('a failure before anything was read is thrown', async () => {
    const { log } = await startApiLog({ events: spread(10, DAY, { entity_id: 'demo-bad-gateway' }) });
    const reading = readAll(log, queryOf(DAY, { entityId: 'demo-bad-gateway' }));
    await expect(reading).rejects.toMatchObject({ code: 'unavailable', status: 502 });
  });
});
