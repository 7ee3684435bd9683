// Owns logs and APIs that go wrong in every way that the API page and our issues name, drawn by fast-check.
import fc from 'fast-check';
import type { AuditQuery } from '../../src/audit/query.ts';
import { DAY_MS, eventAt, HOUR_MS, NOW_MS, type ApiLogOptions, type PlainEvent, queryOf } from './api-log.ts';

const KEYS = ['user_login', 'user_logout', 'something_new'] as const;
const SPAN_MS = 10 * DAY_MS;
const START_MS = NOW_MS - SPAN_MS;

/** A bunch of events: one millisecond, one second, an hour, or the whole time. */
const bunch = fc.record({
  atMs: fc.integer({ min: -HOUR_MS, max: SPAN_MS }),
  spreadMs: fc.constantFrom(1, 1, 1000, HOUR_MS, SPAN_MS),
  count: fc.integer({ min: 1, max: 250 }),
});

export const failingApi = fc.record({
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
  /** Late by days, or pages that overlap: together they look like pages out of order, which no read may take for whole. */
  lateByDays: fc.boolean(),
  latencyMs: fc.constantFrom(0, 0, 2),
  seed: fc.nat(),
});
export type FailingApi = typeof failingApi extends fc.Arbitrary<infer T> ? T : never;

/** All events that `drawn` has when it starts; more may come while it is read. */
export function eventsOf({ bunches, background }: FailingApi): PlainEvent[] {
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
function faultsOf({ pageFaults, lateByDays, seed }: FailingApi) {
  const transport = { bad_gateway: 0.02, dropped: 0.02, cut_body: 0.02, rate_limited: 0.05 };
  const duplicates = lateByDays ? 0 : pageFaults;
  const page = { duplicates, empty_page: pageFaults, short_page: pageFaults, late_event: pageFaults / 3 };
  const lateByMs = lateByDays ? SPAN_MS : 60_000;
  return { seed, retryAfter: 'mixed' as const, lateByMs, probabilities: { ...transport, ...page } };
}

/** One attempt in ten fails: so many in a row are a matter of bad luck that no test should wait for. */
export const PATIENT_RETRY = { maxAttempts: 12 };

/** How to start the API that was drawn. Its clock runs while it is read: its own reads fall into windows that end now. */
export function optionsOf(drawn: FailingApi, events: readonly PlainEvent[]): ApiLogOptions {
  const { paginateForm, endTimeInclusive, logsOwnReads, maxRangeDays, latencyMs } = drawn;
  let nowMs = NOW_MS - 1000;
  return {
    events,
    now: () => (nowMs += 1),
    extraEventKeys: ['something_new'],
    faults: faultsOf(drawn),
    paginateForm,
    endTimeInclusive,
    logsOwnReads,
    maxRangeDays,
    latencyMs,
    http: { retry: PATIENT_RETRY },
  };
}

export function drawnQuery({ window: [from, to], order, eventKeys }: FailingApi): AuditQuery {
  const window = { startMs: START_MS + Math.min(from, to) * 1000, endMs: START_MS + Math.max(from, to) * 1000 + 1000 };
  return queryOf(window, { order, ...(eventKeys === undefined ? {} : { eventKeys }) });
}

/** Those of `events` that `query` asks for. */
export function wantedOf({ window, eventKeys }: AuditQuery, events: readonly PlainEvent[]): PlainEvent[] {
  return events.filter(
    ({ created_at: at, event_key: key }) =>
      Date.parse(at) >= window.startMs &&
      Date.parse(at) < window.endMs &&
      (eventKeys === undefined || eventKeys.some((asked) => asked === key)),
  );
}

/** Every page may be empty, short, repeated or refused; a run of a range too large costs one for each cut. */
export function fairRequests(wanted: number, drawn: FailingApi): number {
  const pages = Math.ceil(wanted / 50) + 20;
  return (
    pages * (drawn.pageFaults > 0 ? 6 : 3) * (drawn.eventKeys?.length ?? 1) + (drawn.maxRangeDays === null ? 0 : 60)
  );
}
