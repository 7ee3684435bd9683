// Tests what ends the read of a window early, and what is said and handed on of it then.
import { describe, expect, test } from 'vitest';
import { joinWindows } from '../../src/audit/intervals.ts';
import { DAY, DAY_MS, idsOf, NOW_MS, queryOf, readAllSlices, spread, startApiLog } from '../support/api-log.ts';
import { createInstantClock } from '../support/instant-clock.ts';

describe('what ends a read early', () => {
  test('the request budget is never overspent, and what was read is said and handed on', async () => {
    const events = spread(10_000, DAY);
    for (const maxRequests of [1, 7, 40]) {
      const faults = { probabilities: { bad_gateway: 0.1 } };
      const { log, requests } = await startApiLog({ events, faults });
      const { slices, events: read, coverage } = await readAllSlices(log, queryOf(DAY), { maxRequests });
      expect(requests()).toBeLessThanOrEqual(maxRequests);
      expect(coverage.requests).toBe(requests());
      expect(coverage).toMatchObject({ complete: false, stoppedBy: 'budget' });
      expect(coverage.covered).toEqual(joinWindows(slices.map(({ window }) => window)));
      const covered = events.filter(({ created_at: at }) =>
        coverage.covered.some(({ startMs, endMs }) => Date.parse(at) >= startMs && Date.parse(at) < endMs),
      );
      expect(idsOf(read).toSorted()).toEqual(idsOf(covered).toSorted());
      expect(coverage.estimate?.requests).toBeGreaterThan(140);
      expect(coverage.estimate?.requests).toBeLessThan(260);
    }
  });

  test('a budget for several keys covers what was read of all of them', async () => {
    const events = ['user_login', 'user_logout'].flatMap((event_key, at) =>
      spread(3000, DAY, { event_key }, at * 5000),
    );
    const { log } = await startApiLog({ events });
    const { slices, coverage } = await readAllSlices(log, queryOf(DAY, { eventKeys: ['user_login', 'user_logout'] }), {
      maxRequests: 60,
    });
    const of = (key: string) =>
      joinWindows(slices.filter(({ eventKey }) => eventKey === key).map(({ window }) => window));
    for (const { startMs, endMs } of coverage.covered) {
      for (const key of ['user_login', 'user_logout']) {
        expect(of(key).some((window) => window.startMs <= startMs && window.endMs >= endMs)).toBe(true);
      }
    }
    expect(coverage.covered.length).toBeGreaterThan(0);
  });

  test('the deadline ends it between requests, by the clock', async () => {
    const clock = createInstantClock(NOW_MS);
    const { log } = await startApiLog({ events: spread(10_000, DAY), clock });
    const read = log.readSlices(queryOf(DAY), { deadlineAt: NOW_MS + 1000 });
    let slices = 0;
    for await (const slice of read.slices) {
      slices += 1;
      expect(slice.events.length).toBeGreaterThan(0);
      clock.advance(400);
    }
    const coverage = read.coverage();
    expect(coverage).toMatchObject({ complete: false, stoppedBy: 'deadline' });
    expect(slices).toBeGreaterThan(2);
    expect(coverage.estimate?.seconds).toBeGreaterThan(0);
  });

  test('the deadline cuts off a request that hangs', async () => {
    const { log } = await startApiLog({ latencyMs: 60_000 });
    const { coverage } = await readAllSlices(log, queryOf(DAY), { deadlineAt: NOW_MS + 50 });
    expect(coverage).toMatchObject({ complete: false, stoppedBy: 'deadline', covered: [] });
  });

  test('an aborted signal is thrown at once, also out of a request that hangs', async () => {
    const { log } = await startApiLog({ latencyMs: 60_000 });
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('enough')), 30);
    const read = log.readSlices(queryOf(DAY), { signal: controller.signal });
    await expect(read.slices[Symbol.asyncIterator]().next()).rejects.toThrow('enough');
    expect(read.coverage()).toMatchObject({ complete: false, stoppedBy: 'cancelled' });
    await expect(readAllSlices(log, queryOf(DAY), { signal: controller.signal })).rejects.toThrow('enough');
  });

  test('leaving the loop stops the reading', async () => {
    const { log, requests } = await startApiLog({ events: spread(15_000, DAY), latencyMs: 1 });
    const read = log.readSlices(queryOf(DAY));
    for await (const slice of read.slices) {
      expect(slice.events.length).toBeGreaterThan(0);
      break;
    }
    expect(read.coverage()).toMatchObject({ complete: false, stoppedBy: 'limit' });
    expect(read.coverage().covered).toHaveLength(1);
    expect(requests()).toBeLessThan(150);
  });

  test('enough events are enough', async () => {
    const { log, requests } = await startApiLog({ events: spread(10_000, DAY) });
    const { events, coverage } = await readAllSlices(log, queryOf(DAY), { maxEvents: 1000 });
    expect(events.length).toBeGreaterThanOrEqual(1000);
    expect(coverage).toMatchObject({ complete: false, stoppedBy: 'limit' });
    expect(requests()).toBeLessThan(250);
  });

  test('a failure before anything was read is thrown, a later one is told beside what was read', async () => {
    const retry = { maxAttempts: 1 };
    const { log } = await startApiLog({
      events: spread(5000, DAY),
      faults: { script: ['unavailable'] },
      http: { retry },
    });
    await expect(readAllSlices(log, queryOf(DAY))).rejects.toMatchObject({ code: 'unavailable' });
    const script = [...Array.from({ length: 30 }, () => 'none' as const), 'unavailable' as const];
    const later = await startApiLog({ events: spread(5000, DAY), faults: { script }, http: { retry } });
    const { coverage, slices } = await readAllSlices(later.log, queryOf(DAY));
    expect(coverage).toMatchObject({ complete: false, stoppedBy: 'error', failure: { code: 'unavailable' } });
    expect(coverage.covered).toEqual(joinWindows(slices.map(({ window }) => window)));
    expect(coverage.covered.length).toBeGreaterThan(0);
  });

  test('429s for good end it as rate_limit', async () => {
    const script = [
      ...Array.from({ length: 30 }, () => 'none' as const),
      ...Array.from({ length: 200 }, () => 'rate_limited' as const),
    ];
    const { log } = await startApiLog({ events: spread(5000, DAY), faults: { script } });
    const { coverage } = await readAllSlices(log, queryOf(DAY));
    expect(coverage).toMatchObject({ complete: false, stoppedBy: 'rate_limit', failure: { code: 'rate_limited' } });
  });

  test('a log whose cursors go in a circle is an error, not an endless read', async () => {
    const { log, requests } = await startApiLog({ events: spread(500, DAY, { entity_id: 'demo-loop' }) });
    const { coverage } = await readAllSlices(log, queryOf(DAY, { entityId: 'demo-loop' }));
    expect(coverage).toMatchObject({ stoppedBy: 'error', failure: { code: 'bad_response' } });
    expect(coverage.failure?.message).toContain('circle');
    expect(requests()).toBeLessThan(10);
  });

  test('a window older than the 90 days of the log is never a plain zero', async () => {
    const old = { startMs: NOW_MS - 120 * DAY_MS, endMs: NOW_MS - 100 * DAY_MS };
    const { log, requests } = await startApiLog();
    const { coverage } = await readAllSlices(log, queryOf(old));
    expect(coverage).toMatchObject({ complete: false, stoppedBy: 'retention', covered: [], requests: 0 });
    expect(requests()).toBe(0);
    const partly = { startMs: NOW_MS - 120 * DAY_MS, endMs: NOW_MS };
    const cut = await readAllSlices(log, queryOf(partly));
    const kept = { startMs: NOW_MS - 90 * DAY_MS, endMs: NOW_MS };
    expect(cut.coverage).toMatchObject({ complete: false, stoppedBy: 'retention', covered: [kept] });
  });
});
