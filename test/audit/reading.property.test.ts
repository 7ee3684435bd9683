// Whatever goes wrong on the way, and whatever the log looks like: nothing missing, nothing twice, few requests, and an end.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinWindows } from '../../src/audit/intervals.ts';
import type { AuditQuery } from '../../src/audit/query.ts';
import {
  DAY_MS,
  eventAt,
  HOUR_MS,
  idsOf,
  inOrder,
  NOW_MS,
  openApiLog,
  type PlainEvent,
  queryOf,
  readAll,
  readAllSlices,
} from '../support/api-log.ts';

const KEYS = ['user_login', 'user_logout', 'something_new'] as const;
const SPAN_MS = 10 * DAY_MS;
const START_MS = NOW_MS - SPAN_MS;

/** A bunch of events: one millisecond, one second, an hour, or the whole time. */
const bunch = fc.record({
  atMs: fc.integer({ min: -HOUR_MS, max: SPAN_MS }),
  spreadMs: fc.constantFrom(1, 1, 1000, HOUR_MS, SPAN_MS),
  count: fc.integer({ min: 1, max: 250 }),
});

const world = fc.record({
  bunches: fc.array(bunch, { maxLength: 6 }),
  /** Enough to be read side by side, in some of the worlds. */
  background: fc.constantFrom(0, 0, 1000, 3000),
  window: fc.tuple(fc.nat(SPAN_MS / 1000), fc.nat(SPAN_MS / 1000)),
  eventKeys: fc.option(fc.subarray([...KEYS], { minLength: 1 }), { nil: undefined }),
  order: fc.constantFrom('oldest_first', 'newest_first'),
  paginateForm: fc.constantFrom('new', 'new', 'old', 'old_until_empty'),
  endTimeInclusive: fc.boolean(),
  logsOwnReads: fc.boolean(),
  maxRangeDays: fc.constantFrom(null, null, 1, 3),
  pageFaults: fc.constantFrom(0, 0.1, 0.3),
  latencyMs: fc.constantFrom(0, 0, 2),
  seed: fc.nat(),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

function eventsOf({ bunches, background }: World): PlainEvent[] {
  let index = 0;
  return [...bunches, { atMs: 0, spreadMs: SPAN_MS, count: background }].flatMap(({ atMs, spreadMs, count }) =>
    Array.from({ length: count }, (_, at) => {
      index += 1;
      const timeMs = START_MS + atMs + Math.floor((at * spreadMs) / count);
      return eventAt(timeMs, index, { event_key: KEYS[index % KEYS.length] ?? 'user_login' });
    }),
  );
}

/** The faults that issue and API page name, all of them at once. */
function faultsOf({ pageFaults, seed }: World) {
  const transport = { bad_gateway: 0.02, dropped: 0.02, cut_body: 0.02, rate_limited: 0.05 };
  const page = { duplicates: pageFaults, empty_page: pageFaults, short_page: pageFaults, late_event: pageFaults / 3 };
  return { seed, retryAfter: 'mixed' as const, lateByMs: SPAN_MS, probabilities: { ...transport, ...page } };
}

async function open(drawn: World) {
  const { paginateForm, endTimeInclusive, logsOwnReads, maxRangeDays, latencyMs, eventKeys, order } = drawn;
  const events = eventsOf(drawn);
  // The API's clock runs while it is read: its own reads fall into windows that end now.
  let nowMs = NOW_MS - 1000;
  const api = await openApiLog({
    events,
    now: () => (nowMs += 1),
    extraEventKeys: ['something_new'],
    faults: faultsOf(drawn),
    paginateForm,
    endTimeInclusive,
    logsOwnReads,
    maxRangeDays,
    latencyMs,
    // One in ten attempts fails: so many in a row are a matter of bad luck that no test should wait for.
    http: { retry: { maxAttempts: 12 } },
  });
  const [from, to] = drawn.window;
  const window = { startMs: START_MS + Math.min(from, to) * 1000, endMs: START_MS + Math.max(from, to) * 1000 + 1000 };
  const query: AuditQuery = queryOf(window, { order, ...(eventKeys === undefined ? {} : { eventKeys }) });
  const wanted = events.filter(
    ({ created_at: at, event_key: key }) =>
      Date.parse(at) >= window.startMs &&
      Date.parse(at) < window.endMs &&
      (eventKeys === undefined || eventKeys.some((asked) => asked === key)),
  );
  return { api, query, wanted };
}

/** Every page may be empty, short, repeated or refused; a run of a range too large costs one for each cut. */
function fairRequests(wanted: number, drawn: World): number {
  const pages = Math.ceil(wanted / 50) + 20;
  return (
    pages * (drawn.pageFaults > 0 ? 6 : 3) * (drawn.eventKeys?.length ?? 1) + (drawn.maxRangeDays === null ? 0 : 60)
  );
}

describe('a window over a log that fails in every way at once', { timeout: 120_000 }, () => {
  test('in slices: nothing missing, nothing twice, all of it covered', async () => {
    await fc.assert(
      fc.asyncProperty(world, async (drawn) => {
        const { api, query, wanted } = await open(drawn);
        try {
          const { slices, events, coverage } = await readAllSlices(api.log, query);
          const got = new Set(idsOf(events));
          expect(got.size).toBe(events.length);
          expect(idsOf(wanted).filter((id) => !got.has(id))).toEqual([]);
          const logged = new Set(idsOf(api.simulator.events()));
          expect(idsOf(events).filter((id) => !logged.has(id))).toEqual([]);
          expect(coverage).toMatchObject({ complete: true, stoppedBy: 'end', requests: api.requests() });
          for (const key of query.eventKeys ?? [undefined]) {
            const ofKey = slices.filter(({ eventKey }) => eventKey === key).map(({ window }) => window);
            expect(joinWindows(ofKey)).toEqual([query.window]);
            expect(ofKey.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0)).toBe(
              query.window.endMs - query.window.startMs,
            );
          }
          expect(api.requests()).toBeLessThan(fairRequests(wanted.length, drawn));
        } finally {
          await api.close();
        }
      }),
      { numRuns: 40 },
    );
  });

  test('in order: the same, and in order', async () => {
    await fc.assert(
      fc.asyncProperty(world, async (drawn) => {
        const { api, query, wanted } = await open(drawn);
        try {
          const { events, coverage } = await readAll(api.log, query);
          const planned = new Set(idsOf(wanted));
          // Own reads and late events come between; those that were there before are all there, in order.
          expect(idsOf(events).filter((id) => planned.has(id))).toEqual(inOrder(wanted, query.order));
          expect(new Set(idsOf(events)).size).toBe(events.length);
          const times = events.map(({ created_at: at }) => Date.parse(at) * (query.order === 'oldest_first' ? 1 : -1));
          expect(times.every((time, at) => at === 0 || (times[at - 1] ?? 0) <= time)).toBe(true);
          expect(coverage).toMatchObject({ complete: true, stoppedBy: 'end' });
          expect(api.requests()).toBeLessThan(fairRequests(wanted.length, drawn));
        } finally {
          await api.close();
        }
      }),
      { numRuns: 40 },
    );
  });

  test('stopped by a budget and gone on with: every event once, and no part of the window twice', async () => {
    await fc.assert(
      fc.asyncProperty(world, fc.integer({ min: 1, max: 30 }), async (drawn, maxRequests) => {
        const { api, query, wanted } = await open({ ...drawn, pageFaults: 0 });
        try {
          const first = await readAllSlices(api.log, query, { maxRequests });
          expect(api.requests()).toBeLessThanOrEqual(maxRequests);
          const rest = await readAllSlices(api.log, query, { have: first.slices });
          const ids = idsOf([...first.events, ...rest.events]);
          expect(new Set(ids).size).toBe(ids.length);
          const got = new Set(ids);
          expect(idsOf(wanted).filter((id) => !got.has(id))).toEqual([]);
          expect(rest.coverage.complete).toBe(true);
        } finally {
          await api.close();
        }
      }),
      { numRuns: 25 },
    );
  });
});
