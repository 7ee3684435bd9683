// Whatever goes wrong on the way, and whatever the log looks like: nothing missing, nothing twice, few requests, and an end.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinWindows } from '../../src/audit/intervals.ts';
import { idsOf, inOrder, openApiLog, readAll, readAllSlices } from '../support/api-log.ts';
import {
  drawnQuery,
  eventsOf,
  failingApi,
  fairRequests,
  optionsOf,
  wantedOf,
  type FailingApi,
} from '../support/failing-api.ts';

async function open(drawn: FailingApi) {
  const events = eventsOf(drawn);
  const query = drawnQuery(drawn);
  return { api: await openApiLog(optionsOf(drawn, events)), query, wanted: wantedOf(query, events) };
}

describe('a window over a log that fails in every way at once', () => {
  test('in slices: nothing missing, nothing twice, all of it covered', async () => {
    await fc.assert(
      fc.asyncProperty(failingApi, async (drawn) => {
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
      fc.asyncProperty(failingApi, async (drawn) => {
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
      fc.asyncProperty(failingApi, fc.integer({ min: 1, max: 30 }), async (drawn, maxRequests) => {
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
