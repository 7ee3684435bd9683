// Tests lists in time order over an API: few pages, whole seconds, and where another list goes on.
import { describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../src/audit/event.ts';
import { DAY, eventAt, HOUR_MS, idsOf, inOrder, queryOf, readAll, spread, startApiLog } from '../support/api-log.ts';

describe('a list', () => {
  test('reads no more pages than it needs', async () => {
    const { log, requests } = await startApiLog({ events: spread(5000, DAY) });
    const wanted = { 20: 1, 49: 1, 51: 2, 200: 5 };
    let spent = 0;
    for (const [maxEvents, pages] of Object.entries(wanted)) {
      const options = { maxEvents: Number(maxEvents) };
      const { events, coverage } = await readAll(log, queryOf(DAY, { order: 'newest_first' }), options);
      expect(events).toHaveLength(Number(maxEvents));
      expect(coverage).toMatchObject({ complete: false, stoppedBy: 'limit' });
      expect(requests() - spent).toBeLessThanOrEqual(pages);
      spent = requests();
    }
  });

  test('left early reads no page ahead', async () => {
    const { log, requests } = await startApiLog({ events: spread(5000, DAY) });
    const seen: AuditEvent[] = [];
    for await (const batch of log.read(queryOf(DAY, { order: 'newest_first' })).batches) {
      seen.push(...batch);
      if (seen.length > 90) break;
    }
    expect(requests()).toBe(2);
  });

  test('says end, not limit, where there is no more than was wanted', async () => {
    const events = spread(40, DAY);
    const { log } = await startApiLog({ events });
    const { coverage } = await readAll(log, queryOf(DAY, { order: 'newest_first' }), { maxEvents: 40 });
    expect(coverage).toMatchObject({ complete: true, stoppedBy: 'end' });
  });

  test('covers whole seconds down to its last event, and another one goes on there', async () => {
    const ties = Array.from({ length: 130 }, (_, index) => eventAt(DAY.endMs - HOUR_MS, index));
    const events = [...spread(100, { startMs: DAY.endMs - 1000, endMs: DAY.endMs }, {}, 500), ...ties];
    const { log } = await startApiLog({ events });
    const read: AuditEvent[] = [];
    let endMs = DAY.endMs;
    for (let page = 0; page < 100 && endMs > DAY.startMs; page += 1) {
      const query = queryOf({ ...DAY, endMs }, { order: 'newest_first' });
      const { events: some, coverage } = await readAll(log, query, { maxEvents: 60 + read.length });
      read.push(...some.filter(({ id }) => !read.some((event) => event.id === id)));
      endMs = coverage.complete ? DAY.startMs : (coverage.covered[0]?.startMs ?? endMs);
    }
    expect(idsOf(read)).toEqual(inOrder(events, 'newest_first'));
  });

  test('of several keys needs a page of each, and then only of the one that is behind', async () => {
    const keys = ['user_login', 'user_logout', 'chat_created'];
    const events = keys.flatMap((event_key, at) => spread(1000, DAY, { event_key }, at * 5000));
    const { log, requests } = await startApiLog({ events });
    const query = queryOf(DAY, { order: 'newest_first', eventKeys: keys });
    const { events: read } = await readAll(log, query, { maxEvents: 100 });
    expect(idsOf(read)).toEqual(inOrder(events, 'newest_first').slice(0, 100));
    expect(requests()).toBeLessThanOrEqual(4);
  });

  test.each([
    ['an address', { ip_address: '198.51.100.9' }, { ipAddress: '198.51.100.0/24' }],
    ['a chat', { entity_type: 'Chat', entity_id: '777' }, { chatId: '777' }],
  ])('of rare matches of %s scans side by side', async (_what, change, filter) => {
    const events = [...spread(6000, DAY), ...spread(60, DAY, change, 50_000)];
    const { log, simulator } = await startApiLog({ events, latencyMs: 3 });
    const query = queryOf(DAY, { order: 'newest_first', ...filter });
    const { events: read, coverage } = await readAll(log, query, { maxEvents: 55 });
    expect(read).toHaveLength(55);
    expect(coverage.eventsScanned).toBeGreaterThan(5000);
    expect(simulator.requests.maxInFlight).toBeGreaterThan(3);
  });

  test('of the oldest events does not read the whole window', async () => {
    const events = spread(10_000, DAY);
    const { log, requests } = await startApiLog({ events });
    const { events: read, coverage } = await readAll(log, queryOf(DAY), { maxEvents: 60 });
    expect(idsOf(read)).toEqual(inOrder(events).slice(0, 60));
    expect(coverage).toMatchObject({ complete: false, stoppedBy: 'limit' });
    expect(coverage.covered).toEqual([
      { startMs: DAY.startMs, endMs: Math.floor(Date.parse(read[59]?.created_at ?? '') / 1000) * 1000 },
    ]);
    expect(requests()).toBeLessThan(100);
  });

  test('of the oldest events leaves out the second that it was cut in, up to its last millisecond', async () => {
    const second = DAY.startMs + HOUR_MS;
    const events = [0, 1, 2].map((index) => eventAt(second + 999, index));
    const { log } = await startApiLog({ events });
    const { coverage } = await readAll(log, queryOf(DAY), { maxEvents: 2 });
    expect(coverage).toMatchObject({ complete: false, stoppedBy: 'limit' });
    expect(coverage.covered).toEqual([{ startMs: DAY.startMs, endMs: second }]);
  });

  test('tells how far it has come with every page', async () => {
    const { log, requests } = await startApiLog({ events: spread(400, DAY) });
    const told: number[] = [];
    const options = { onProgress: ({ events }: { events: number }) => void told.push(events) };
    await readAll(log, queryOf(DAY, { order: 'newest_first' }), options);
    expect(told).toHaveLength(requests());
    expect(told).toEqual(told.toSorted((a, b) => a - b));
  });
});
