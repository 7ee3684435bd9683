// Tests one run along the cursors of the API: each event once, and what it says it has read.
import { describe, expect, test } from 'vitest';
import type { EventPage } from '../../src/audit/client.ts';
import type { AuditEvent } from '../../src/audit/event.ts';
import { readPages, type RunPage } from '../../src/audit/pages.ts';
import type { TimeWindow } from '../../src/audit/query.ts';
import { AuditError } from '../../src/errors.ts';
import { eventAt, HOUR_MS, idsOf, NOW_MS } from '../support/api-log.ts';

const START_MS = NOW_MS - HOUR_MS;
const WINDOW: TimeWindow = { startMs: START_MS, endMs: NOW_MS };

interface Page extends Omit<EventPage, 'events'> {
  readonly events: readonly AuditEvent[];
}
type ReadOnePage = (window: TimeWindow, cursor: string | undefined) => Promise<Page>;

async function run(readPage: ReadOnePage, window = WINDOW, nowMs = NOW_MS + HOUR_MS): Promise<RunPage[]> {
  const timed = async (asked: TimeWindow, cursor: string | undefined) => {
    const { events, ...rest } = await readPage(asked, cursor);
    return { ...rest, events: events.map((event) => ({ timeMs: Date.parse(event.created_at), event })) };
  };
  const pages: RunPage[] = [];
  for await (const page of readPages(timed, window, nowMs)) pages.push(page);
  return pages;
}

const eventIds = (pages: readonly RunPage[]) => pages.flatMap(({ events }) => idsOf(events.map(({ event }) => event)));
const secondsAgo = (seconds: number, index: number) => eventAt(NOW_MS - seconds * 1000, index);
const refused = (code: 'rejected' | 'not_found' | 'range_too_large') => new AuditError(code, 'no');

/** Pages by cursor; the first without one. */
function script(pages: Record<string, Page>): ReadOnePage {
  return async (_window, cursor) => pages[cursor ?? 'first'] ?? { events: [] };
}

describe('a cursor run', () => {
  test('follows the cursors over empty pages to the end', async () => {
    const [a, b] = [secondsAgo(10, 1), secondsAgo(20, 2)];
    const pages = await run(
      script({
        first: { events: [a], nextCursor: '1' },
        1: { events: [], nextCursor: '2' },
        2: { events: [b] },
      }),
    );
    expect(eventIds(pages)).toEqual([a.id, b.id]);
    expect(pages.map(({ isLast }) => isLast)).toEqual([false, false, true]);
  });

  test('gives each event once, also when pages overlap within a second or far above it', async () => {
    const events = [secondsAgo(5, 1), secondsAgo(30, 2), secondsAgo(30, 3), secondsAgo(30, 4), secondsAgo(40, 5)];
    const [a, b, c, d, e] = events;
    if (!a || !b || !c || !d || !e) throw new Error('five events');
    const pages = await run(
      script({ first: { events: [a, b, b, c], nextCursor: '1' }, 1: { events: [a, c, d, e, e] } }),
    );
    expect(eventIds(pages)).toEqual(idsOf(events));
  });

  test('says from which whole second on everything is read', async () => {
    const oldest = eventAt(NOW_MS - 10_300, 2);
    const [page] = await run(script({ first: { events: [secondsAgo(5, 1), oldest], nextCursor: '1' } }));
    expect(page).toMatchObject({ oldestMs: NOW_MS - 10_300, completeMs: NOW_MS - 10_000 });
  });

  test('drops what lies outside the window', async () => {
    const [above, beyond, below] = [eventAt(NOW_MS, 1), eventAt(NOW_MS + 5, 2), eventAt(START_MS - 1, 4)];
    const inside = eventAt(START_MS, 3);
    const pages = await run(script({ first: { events: [above, beyond, inside, below] } }));
    expect(eventIds(pages)).toEqual([inside.id]);
  });

  test('an event from just before the window, as a start that is inclusive brings it, does not end the run', async () => {
    const [inside, later] = [eventAt(START_MS + 5000, 1), eventAt(START_MS + 100, 3)];
    const below = eventAt(START_MS - 1, 2);
    const pages = await run(
      script({ first: { events: [inside, below], nextCursor: '1' }, 1: { events: [later, below] } }),
    );
    expect(eventIds(pages)).toEqual([inside.id, later.id]);
  });

  test('pages that come in another order are a bad_response: what was called complete would not be', async () => {
    const [a, b, c, d] = [secondsAgo(10, 1), secondsAgo(20, 2), secondsAgo(30, 3), secondsAgo(40, 4)];
    const swapped = script({
      first: { events: [a], nextCursor: '1' },
      1: { events: [c], nextCursor: '2' },
      2: { events: [b], nextCursor: '3' },
      3: { events: [d] },
    });
    await expect(run(swapped)).rejects.toMatchObject({
      code: 'bad_response',
      message: expect.stringContaining('order'),
    });
  });

  test('events of far before are known again behind short and empty pages', async () => {
    const events = Array.from({ length: 8 }, (_, index) => secondsAgo(10 + 60 * index, index));
    // A page of one event, an empty one, and so on; the last one brings all of them again.
    const pages = events.flatMap((event) => [[event], []]);
    const scripted = pages.map((page, at): [string, Page] => [
      at === 0 ? 'first' : String(at),
      { events: page, nextCursor: String(at + 1) },
    ]);
    const reading = run(script({ ...Object.fromEntries(scripted), [pages.length]: { events } }));
    expect(eventIds(await reading)).toEqual(idsOf(events));
  });

  test('pages that overlap by two hundred events are known again', async () => {
    const events = Array.from({ length: 250 }, (_, index) => secondsAgo(10 + index, index));
    const pages = [0, 50, 100, 150].map((from) => events.slice(from, from + 50));
    const scripted = pages.map((page, at): [string, Page] => [
      at === 0 ? 'first' : String(at),
      { events: page, nextCursor: String(at + 1) },
    ]);
    const reading = run(script({ ...Object.fromEntries(scripted), 4: { events } }));
    expect(eventIds(await reading)).toEqual(idsOf(events));
  });

  test('two hundred empty pages in a row are a quiet stretch, and are read through', async () => {
    const [a, b] = [secondsAgo(10, 1), secondsAgo(20, 2)];
    const empty = Array.from({ length: 200 }, (_, at): [string, Page] => [
      String(at + 1),
      { events: [], nextCursor: String(at + 2) },
    ]);
    const pages = script({
      first: { events: [a], nextCursor: '1' },
      ...Object.fromEntries(empty),
      201: { events: [b] },
    });
    expect(eventIds(await run(pages))).toEqual([a.id, b.id]);
  });

  test('an event that appears late among what was read already is left to the next read', async () => {
    const [a, late, b] = [secondsAgo(10, 1), secondsAgo(20, 2), secondsAgo(100, 3)];
    const overlapping = script({ first: { events: [a, b], nextCursor: '1' }, 1: { events: [late, b] } });
    expect(eventIds(await run(overlapping, WINDOW, NOW_MS))).toEqual([a.id, b.id]);
    await expect(run(overlapping, WINDOW, NOW_MS + 200_000)).rejects.toMatchObject({ code: 'bad_response' });
    const swapped = script({ first: { events: [b], nextCursor: '1' }, 1: { events: [a, late] } });
    await expect(run(swapped, WINDOW, NOW_MS)).rejects.toMatchObject({ code: 'bad_response' });
  });

  test('a cursor that comes a second time is a bad_response that says so', async () => {
    const reading = run(
      script({
        first: { events: [secondsAgo(1, 1)], nextCursor: '1' },
        1: { events: [secondsAgo(2, 2)], nextCursor: '2' },
        2: { events: [secondsAgo(3, 3)], nextCursor: '1' },
      }),
    );
    await expect(reading).rejects.toMatchObject({ code: 'bad_response', message: expect.stringContaining('circle') });
  });

  test('page after page without anything new ends, even with ever new cursors', async () => {
    let asked = 0;
    const reading = run(async () => {
      asked += 1;
      return { events: [secondsAgo(1, 1)], nextCursor: `c${asked}` };
    });
    await expect(reading).rejects.toMatchObject({ code: 'bad_response' });
    expect(asked).toBeLessThan(400);
  });

  test.each(['rejected', 'not_found', 'range_too_large'] as const)(
    'a cursor refused as %s is no loss: the run goes on from its time, and no event comes twice',
    async (code) => {
      const events = [secondsAgo(10, 1), secondsAgo(20, 2), secondsAgo(20, 3), secondsAgo(50, 4)];
      const asked: TimeWindow[] = [];
      const pages = await run(async (window, cursor) => {
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
    const reading = run(async (_window, cursor) => {
      if (cursor !== undefined) throw refused('rejected');
      return { events: [secondsAgo(20, 1)], nextCursor: '1' };
    });
    await expect(reading).rejects.toMatchObject({ code: 'rejected' });
  });

  test('cursors that only say a place may come again in each piece of a range that is too large', async () => {
    const events = Array.from({ length: 8 }, (_, index) => secondsAgo(60 + 440 * index, index));
    const pages = await run(async (window, cursor) => {
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
    const pages = await run(async (window) => {
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
  });

  test('a range that stays too large is an error after few requests', async () => {
    let asked = 0;
    const reading = run(
      async () => {
        asked += 1;
        throw refused('range_too_large');
      },
      { startMs: NOW_MS - 90 * 24 * HOUR_MS, endMs: NOW_MS },
    );
    await expect(reading).rejects.toMatchObject({ code: 'range_too_large' });
    expect(asked).toBeLessThan(20);
  });
});
