// Tests what a run along cursors makes of an API that refuses a cursor, or a range as too large.
import { describe, expect, test } from 'vitest';
import type { TimeWindow } from '../../src/audit/query.ts';
import { AuditError } from '../../src/errors.ts';
import { HOUR_MS, idsOf, NOW_MS } from '../support/api-log.ts';
import { eventIds, runPages, secondsAgo, START_MS, WINDOW } from '../support/page-runs.ts';

const refused = (code: 'rejected' | 'not_found' | 'range_too_large' | 'invalid_token') => new AuditError(code, 'no');

describe('a cursor run', () => {
  test.each(['rejected', 'not_found', 'range_too_large'] as const)(
    'a cursor refused as %s is no loss: the run goes on from its time, and no event comes twice',
    async (code) => {
      const events = [secondsAgo(10, 1), secondsAgo(20, 2), secondsAgo(20, 3), secondsAgo(50, 4)];
      const asked: TimeWindow[] = [];
      const pages = await runPages(async (window, cursor) => {
        asked.push(window);
        if (cursor !== undefined) throw refused(code);
        if (asked.length === 1) return { events: events.slice(0, 2), nextCursor: '1' };
        return { events: events.slice(1) };
      });
      expect(eventIds(pages)).toEqual(idsOf(events));
      expect(asked.at(-1)).toEqual({ startMs: START_MS, endMs: NOW_MS - 19_000 });
    },
  );

  test('a cursor that is refused again at the same place is the error that it is', async () => {
    const reading = runPages(async (_window, cursor) => {
      if (cursor !== undefined) throw refused('rejected');
      return { events: [secondsAgo(20, 1)], nextCursor: '1' };
    });
    await expect(reading).rejects.toMatchObject({ code: 'rejected' });
  });

  test('cursors that only say a place may come again in each piece of a range that is too large', async () => {
    const events = Array.from({ length: 8 }, (_, index) => secondsAgo(60 + 440 * index, index));
    const pages = await runPages(async (window, cursor) => {
      if (window.endMs - window.startMs > HOUR_MS / 2) throw refused('range_too_large');
      const inside = events.filter(
        ({ created_at: at }) => Date.parse(at) >= window.startMs && Date.parse(at) < window.endMs,
      );
      const from = Number(cursor ?? 0);
      return {
        events: inside.slice(from, from + 2),
        ...(from + 2 < inside.length ? { nextCursor: String(from + 2) } : {}),
      };
    });
    expect(eventIds(pages)).toEqual(idsOf(events));
  });

  test('a range that is too large is read in smaller pieces, newest first, without a gap', async () => {
    const asked: TimeWindow[] = [];
    const events = [60, 900, 1700, 2600, 3599].map((seconds, index) => secondsAgo(seconds, index));
    const pages = await runPages(async (window) => {
      if (window.endMs - window.startMs > HOUR_MS / 3) throw refused('range_too_large');
      asked.push(window);
      return {
        events: events.filter(
          ({ created_at: at }) => Date.parse(at) >= window.startMs && Date.parse(at) <= window.endMs,
        ),
      };
    });
    expect(eventIds(pages)).toEqual(idsOf(events));
    expect(asked.map(({ endMs }) => endMs)).toEqual([
      WINDOW.endMs,
      ...asked.slice(0, -1).map(({ startMs }) => startMs),
    ]);
    expect(asked.at(-1)?.startMs).toBe(START_MS);
    expect(pages.map(({ isLast }) => isLast)).toEqual([false, false, false, true]);
    // A piece that was read whole is read down to its start, whatever its oldest event.
    const reached = pages.slice(0, -1).map(({ oldestMs, completeMs }) => [oldestMs, completeMs]);
    expect(reached).toEqual(asked.slice(0, -1).map(({ startMs }) => [startMs, startMs]));
  });

  test('empty pieces without end are a quiet quarter, and are read through', async () => {
    const pages = await runPages(
      async ({ startMs, endMs }) => {
        if (endMs - startMs > 5 * HOUR_MS) throw refused('range_too_large');
        return { events: [] };
      },
      { startMs: NOW_MS - 90 * 24 * HOUR_MS, endMs: NOW_MS },
    );
    expect(pages.length).toBeGreaterThan(400);
    expect(pages.at(-1)?.isLast).toBe(true);
  });

  test('a range that stays too large is an error after few requests', async () => {
    let asked = 0;
    const reading = runPages(
      async () => {
        asked += 1;
        throw refused('range_too_large');
      },
      { startMs: NOW_MS - 90 * 24 * HOUR_MS, endMs: NOW_MS },
    );
    await expect(reading).rejects.toMatchObject({ code: 'range_too_large' });
    expect(asked).toBeLessThan(20);
  });

  test.each([
    [60, [60]],
    [61, [61, 30]],
    [241, [241, 120, 60]],
  ])('of a range of %i seconds is asked for so many, until it is a minute at most', async (seconds, expected) => {
    const asked: number[] = [];
    const reading = runPages(
      async ({ startMs, endMs }) => {
        asked.push((endMs - startMs) / 1000);
        throw refused('range_too_large');
      },
      { startMs: NOW_MS - seconds * 1000, endMs: NOW_MS },
    );
    await expect(reading).rejects.toMatchObject({ code: 'range_too_large' });
    expect(asked).toEqual(expected);
  });

  test('an error that is not about the cursor ends the run at once', async () => {
    let asked = 0;
    const reading = runPages(async (_window, cursor) => {
      asked += 1;
      if (cursor !== undefined) throw refused('invalid_token');
      return { events: [secondsAgo(20, 1)], nextCursor: '1' };
    });
    await expect(reading).rejects.toMatchObject({ code: 'invalid_token' });
    expect(asked).toBe(2);
  });
});
