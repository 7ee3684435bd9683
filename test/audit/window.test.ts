// Tests a window in slices over an API: every event once, few requests, side by side.
import { describe, expect, test } from 'vitest';
import type { Slice } from '../../src/audit/audit-log.ts';
import { compareEvents } from '../../src/audit/event.ts';
import { joinWindows } from '../../src/audit/intervals.ts';
import {
  DAY,
  DAY_MS,
  eventAt,
  HOUR_MS,
  idsOf,
  inOrder,
  NOW_MS,
  queryOf,
  readAllSlices,
  spread,
  startApiLog,
} from '../support/api-log.ts';

function expectSound(slices: readonly Slice[]): void {
  for (const { window, events } of slices) {
    expect([window.startMs % 1000, window.endMs % 1000]).toEqual([0, 0]);
    expect(
      events.every(({ created_at: at }) => Date.parse(at) >= window.startMs && Date.parse(at) < window.endMs),
    ).toBe(true);
    expect(events).toEqual(events.toSorted(compareEvents));
  }
}

describe('a window in slices', () => {
  test('holds every event once, in slices on whole seconds that do not overlap', async () => {
    const events = spread(4321, DAY);
    const { log } = await startApiLog({ events });
    const { slices, events: read, coverage } = await readAllSlices(log, queryOf(DAY));
    expect(idsOf(read).toSorted()).toEqual(idsOf(events).toSorted());
    expectSound(slices);
    expect(joinWindows(slices.map(({ window }) => window))).toEqual([DAY]);
    expect(slices.reduce((sum, { window }) => sum + window.endMs - window.startMs, 0)).toBe(DAY_MS);
    expect(slices.length).toBeLessThan(100);
    expect(coverage).toMatchObject({ complete: true, stoppedBy: 'end', covered: [DAY], eventsScanned: 4321 });
  });

  test('with fewer than 50 events of one key costs one request', async () => {
    const events = [...spread(49, DAY, { event_key: 'user_2fa_fail' }), ...spread(500, DAY, {}, 100)];
    const { log, requests } = await startApiLog({ events });
    const { events: read, coverage } = await readAllSlices(log, queryOf(DAY, { eventKeys: ['user_2fa_fail'] }));
    expect([read.length, requests(), coverage.requests]).toEqual([49, 1, 1]);
  });

  test.each([0, 1, 50, 51, 120, 400])(
    'of %i events costs one request more than one run, at the most',
    async (count) => {
      const late = { startMs: DAY.endMs - HOUR_MS, endMs: DAY.endMs };
      for (const window of [DAY, late, { startMs: DAY.startMs, endMs: DAY.startMs + 1000 }]) {
        const { log, requests } = await startApiLog({ events: spread(count, window) });
        expect((await readAllSlices(log, queryOf(DAY))).events).toHaveLength(count);
        expect(requests()).toBeLessThanOrEqual(Math.max(1, Math.ceil(count / 50)) + 1);
      }
    },
  );

  test('a big one costs few requests more than its pages, whatever its density', async () => {
    const busy = { startMs: DAY.startMs + 7 * HOUR_MS, endMs: DAY.startMs + 7 * HOUR_MS + 60_000 };
    for (const events of [spread(8000, DAY), [...spread(7000, busy), ...spread(1000, DAY, {}, 7000)]]) {
      const { log, requests } = await startApiLog({ events, latencyMs: 2 });
      expect((await readAllSlices(log, queryOf(DAY))).events).toHaveLength(8000);
      expect(requests()).toBeLessThan(160 * 1.35);
    }
  });

  test('is read side by side, in order of its keys too', async () => {
    const events = spread(5000, DAY);
    const { log, simulator } = await startApiLog({ events, latencyMs: 5 });
    await readAllSlices(log, queryOf(DAY));
    expect(simulator.requests.maxInFlight).toBeGreaterThan(3);
    expect(simulator.requests.maxInFlight).toBeLessThanOrEqual(64);
  });

  test('hundreds of events in one millisecond are not torn apart', async () => {
    const atMs = DAY.startMs + 5 * HOUR_MS + 123;
    const ties = Array.from({ length: 700 }, (_, index) => eventAt(atMs, index));
    const events = [...ties, ...spread(300, DAY, {}, 1000)];
    const { log } = await startApiLog({ events });
    const { slices, events: read } = await readAllSlices(log, queryOf(DAY));
    expect(idsOf(read).toSorted()).toEqual(idsOf(events).toSorted());
    expectSound(slices);
  });

  test.each([true, false])('is half-open when the API counts its end as inside: %s', async (endTimeInclusive) => {
    const edges = [DAY.startMs - 1, DAY.startMs, DAY.endMs - 1, DAY.endMs, DAY.endMs + 999];
    const events = [...edges.map((at, index) => eventAt(at, index)), ...spread(5000, DAY, {}, 10)];
    const { log } = await startApiLog({ events, endTimeInclusive });
    const { events: read } = await readAllSlices(log, queryOf(DAY));
    expect(read).toHaveLength(5002);
  });

  test.each(['new', 'old', 'old_until_empty'] as const)('ends in the %s form of paginate', async (paginateForm) => {
    const events = spread(3000, DAY);
    const { log } = await startApiLog({ events, paginateForm });
    expect((await readAllSlices(log, queryOf(DAY))).events).toHaveLength(3000);
  });

  test('several keys are several runs, each event under its key', async () => {
    const keys = ['user_login', 'user_logout', 'chat_created'];
    const events = keys.flatMap((event_key, at) => spread(500 * (at + 1), DAY, { event_key }, at * 10_000));
    const { log } = await startApiLog({
      events: [...events, ...spread(100, DAY, { event_key: 'user_deleted' }, 50_000)],
    });
    const { slices, events: read, coverage } = await readAllSlices(log, queryOf(DAY, { eventKeys: keys }));
    expect(idsOf(read).toSorted()).toEqual(idsOf(events).toSorted());
    expect(slices.every(({ eventKey, events: some }) => some.every(({ event_key: key }) => key === eventKey))).toBe(
      true,
    );
    expect(coverage.complete).toBe(true);
  });

  test('what the caller has already is not read again', async () => {
    const events = spread(5000, DAY);
    const { log } = await startApiLog({ events });
    const whole = await readAllSlices(log, queryOf(DAY));
    const have: Slice[] = [];
    for (const slice of whole.slices) {
      if (have.reduce((sum, { events: some }) => sum + some.length, 0) < 2500) have.push(slice);
    }
    const rest = await readAllSlices(log, queryOf(DAY), { have });
    const had = have.flatMap(({ events: some }) => some);
    expect(idsOf([...had, ...rest.events]).toSorted()).toEqual(idsOf(events).toSorted());
    expect(rest.coverage).toMatchObject({ complete: true, covered: [DAY] });
    expect(rest.coverage.requests).toBeLessThan(whole.coverage.requests * 0.6);
  });

  test('a slice without a key counts for every key', async () => {
    const { log, requests } = await startApiLog({ events: spread(100, DAY) });
    const have = [{ window: DAY }];
    const { coverage } = await readAllSlices(log, queryOf(DAY, { eventKeys: ['user_login', 'user_logout'] }), { have });
    expect([coverage.complete, requests()]).toEqual([true, 0]);
  });

  test('a range that is too large for the API is cut smaller', async () => {
    const window = { startMs: NOW_MS - 80 * DAY_MS, endMs: NOW_MS - DAY_MS };
    const events = spread(4000, window);
    const { log } = await startApiLog({ events, maxRangeDays: 7 });
    const { events: read, coverage } = await readAllSlices(log, queryOf(window));
    expect(idsOf(read).toSorted()).toEqual(idsOf(events).toSorted());
    expect(coverage.complete).toBe(true);
  });

  test('a range that is too large however small it is cut is an error', async () => {
    const { log } = await startApiLog({ events: spread(100, DAY) });
    const reading = readAllSlices(log, queryOf(DAY, { entityId: 'demo-narrow' }));
    await expect(reading).rejects.toMatchObject({ code: 'range_too_large' });
  });

  test('that contains now ends, though every request writes an event into it', async () => {
    let nowMs = NOW_MS;
    const window = { startMs: NOW_MS - HOUR_MS, endMs: NOW_MS + HOUR_MS };
    const events = spread(2000, { startMs: window.startMs, endMs: NOW_MS });
    const { log } = await startApiLog({ events, logsOwnReads: true, now: () => (nowMs += 100) });
    const { events: read, coverage } = await readAllSlices(log, queryOf(window));
    const ids = new Set(idsOf(read));
    expect(ids.size).toBe(read.length);
    expect(events.every(({ id }) => ids.has(id))).toBe(true);
    expect(coverage.complete).toBe(true);
  });
});

describe('what is left out', () => {
  test('own reads are counted, and dropped only where asked for', async () => {
    const own = spread(30, DAY, { event_key: 'audit_events_accessed', user_agent: 'ours' }, 5000);
    const { log } = await startApiLog({
      events: [...spread(200, DAY), ...own],
      isOwnRead: ({ user_agent: agent }) => agent === 'ours',
    });
    const dropped = await readAllSlices(log, queryOf(DAY, { ownReads: 'exclude' }));
    expect(dropped.events).toHaveLength(200);
    expect(dropped.coverage).toMatchObject({ ownReads: 30, eventsScanned: 230 });
    const kept = await readAllSlices(log, queryOf(DAY));
    expect(kept.events).toHaveLength(230);
    expect(kept.coverage.ownReads).toBe(30);
  });

  test('what the API cannot filter is filtered here, and counted as scanned', async () => {
    const events = [
      ...spread(300, DAY),
      ...spread(10, DAY, { entity_type: 'Chat', entity_id: '77' }, 1000),
      ...spread(
        5,
        DAY,
        { event_key: 'kms_decrypt', details: { chat_id: 77 }, ip_address: '::ffff:198.51.100.9' },
        2000,
      ),
    ];
    const { log } = await startApiLog({ events });
    const inChat = await readAllSlices(log, queryOf(DAY, { chatId: '77' }));
    expect([inChat.events.length, inChat.coverage.eventsScanned]).toEqual([15, 315]);
    for (const ipAddress of ['198.51.100.9', '198.51.100.0/24', '::ffff:198.51.100.9', '::ffff:198.51.100.0/120']) {
      expect((await readAllSlices(log, queryOf(DAY, { ipAddress }))).events).toHaveLength(5);
    }
  });

  test('progress grows to the whole window', async () => {
    const { log } = await startApiLog({ events: spread(3000, DAY) });
    const seen: number[] = [];
    await readAllSlices(log, queryOf(DAY, { eventKeys: ['user_login', 'user_logout'] }), {
      onProgress: ({ coveredMs, totalMs }) => seen.push(coveredMs / totalMs),
    });
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(1);
  });

  test('events come as the API sent them, unknown keys and null details included', async () => {
    const events = spread(3, DAY, { event_key: 'something_new', details: null, ip_address: null, user_agent: null });
    const { log, simulator } = await startApiLog({ events });
    const { events: read } = await readAllSlices(log, queryOf(DAY));
    expect(read).toEqual(simulator.events());
    expect(idsOf(read)).toEqual(inOrder(events));
  });
});
