// Tests one run along the cursors of the API: each event once, and what it says it has read.
import { describe, expect, test } from 'vitest';
import { eventAt, idsOf, NOW_MS } from '../support/api-log.ts';
import { eventIds, runPages, script, secondsAgo, START_MS, WINDOW, type Page } from '../support/page-runs.ts';

describe('a cursor run', () => {
  test('follows the cursors over empty pages to the end', async () => {
    const [a, b] = [secondsAgo(10, 1), secondsAgo(20, 2)];
    const pages = await runPages(
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
    const pages = await runPages(
      script({ first: { events: [a, b, b, c], nextCursor: '1' }, 1: { events: [a, c, d, e, e] } }),
    );
    expect(eventIds(pages)).toEqual(idsOf(events));
  });

  test('says from which whole second on everything is read', async () => {
    const oldest = eventAt(NOW_MS - 10_300, 2);
    const [page] = await runPages(script({ first: { events: [secondsAgo(5, 1), oldest], nextCursor: '1' } }));
    expect(page).toMatchObject({ oldestMs: NOW_MS - 10_300, completeMs: NOW_MS - 10_000 });
  });

  test('drops what lies outside the window', async () => {
    const [above, beyond, below] = [eventAt(NOW_MS, 1), eventAt(NOW_MS + 5, 2), eventAt(START_MS - 1, 4)];
    const inside = eventAt(START_MS, 3);
    const pages = await runPages(script({ first: { events: [above, beyond, inside, below] } }));
    expect(eventIds(pages)).toEqual([inside.id]);
  });

  test('an event from just before the window, as a start that is inclusive brings it, does not end the run', async () => {
    const [inside, later] = [eventAt(START_MS + 5000, 1), eventAt(START_MS + 100, 3)];
    const below = eventAt(START_MS - 1, 2);
    const pages = await runPages(
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
    await expect(runPages(swapped)).rejects.toMatchObject({
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
    const reading = runPages(script({ ...Object.fromEntries(scripted), [pages.length]: { events } }));
    expect(eventIds(await reading)).toEqual(idsOf(events));
  });

  test.each([50, 1])('pages of %i that overlap by two hundred events are known again', async (size) => {
    const events = Array.from({ length: 300 }, (_, index) => secondsAgo(10 + index, index));
    const pages = Array.from({ length: 250 / size }, (_, at) => events.slice(at * size, (at + 1) * size));
    const scripted = pages.map((page, at): [string, Page] => [
      at === 0 ? 'first' : String(at),
      { events: page, nextCursor: String(at + 1) },
    ]);
    const last = { events: events.slice(50) };
    const reading = runPages(script({ ...Object.fromEntries(scripted), [pages.length]: last }));
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
    expect(eventIds(await runPages(pages))).toEqual([a.id, b.id]);
  });

  test('an event that appears late among what was read already is left to the next read', async () => {
    const [a, late, b] = [secondsAgo(10, 1), secondsAgo(20, 2), secondsAgo(100, 3)];
    const overlapping = script({ first: { events: [a, b], nextCursor: '1' }, 1: { events: [late, b] } });
    expect(eventIds(await runPages(overlapping, WINDOW, NOW_MS))).toEqual([a.id, b.id]);
    await expect(runPages(overlapping, WINDOW, NOW_MS + 200_000)).rejects.toMatchObject({ code: 'bad_response' });
    const swapped = script({ first: { events: [b], nextCursor: '1' }, 1: { events: [a, late] } });
    await expect(runPages(swapped, WINDOW, NOW_MS)).rejects.toMatchObject({ code: 'bad_response' });
  });

  test('what is late is at most two minutes old when the run begins', async () => {
    const [a, late, b] = [secondsAgo(10, 1), secondsAgo(60, 2), secondsAgo(200, 3)];
    const overlapping = script({ first: { events: [a, b], nextCursor: '1' }, 1: { events: [late, b] } });
    expect(eventIds(await runPages(overlapping, WINDOW, NOW_MS + 60_000))).toEqual([a.id, b.id]);
    await expect(runPages(overlapping, WINDOW, NOW_MS + 60_001)).rejects.toMatchObject({
      code: 'bad_response',
      retryable: true,
    });
  });

  test('a cursor that comes a second time is a bad_response that says so', async () => {
    const reading = runPages(
      script({
        first: { events: [secondsAgo(1, 1)], nextCursor: '1' },
        1: { events: [secondsAgo(2, 2)], nextCursor: '2' },
        2: { events: [secondsAgo(3, 3)], nextCursor: '1' },
      }),
    );
    await expect(reading).rejects.toMatchObject({ code: 'bad_response', message: expect.stringContaining('circle') });
  });

  test('four hundred pages with something new on each are read to the end', async () => {
    const events = Array.from({ length: 400 }, (_, index) => secondsAgo(1 + index, index));
    const reading = runPages(async (_window, cursor) => {
      const at = Number(cursor ?? 0);
      return { events: events.slice(at, at + 1), ...(at + 1 < 400 ? { nextCursor: String(at + 1) } : {}) };
    });
    expect(eventIds(await reading)).toEqual(idsOf(events));
  });

  test('page after page without anything new ends, even with ever new cursors', async () => {
    let asked = 0;
    const reading = runPages(async () => {
      asked += 1;
      return { events: [secondsAgo(1, 1)], nextCursor: `c${asked}` };
    });
    await expect(reading).rejects.toMatchObject({ code: 'bad_response' });
    expect(asked).toBeLessThan(400);
  });
});
