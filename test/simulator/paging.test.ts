// Tests the simulator's pages: both forms, both directions, following.
import { afterEach, describe, expect, test } from 'vitest';
import type { Simulator } from '../../src/simulator/server.ts';
import { END, get, must, page, paginateSchema, plainSimulator, run, WINDOW } from './wire-client.ts';

const open: Simulator[] = [];
async function started(...args: Parameters<typeof plainSimulator>): Promise<Simulator> {
  const simulator = await plainSimulator(...args);
  open.push(simulator);
  return simulator;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((simulator) => simulator.close()));
});

const newestFirst = (simulator: Simulator): string[] =>
  simulator
    .events()
    .filter((event) => event.event_key !== 'audit_events_accessed' || event.user_agent !== 'test/1')
    .map((event) => event.id)
    .reverse();

describe('pages of the audit log', () => {
  test.each(['new', 'old', 'old_until_empty'] as const)(
    'a run in the %s form gives every event once, newest first',
    async (paginateForm) => {
      const simulator = await started(1003, { paginateForm });
      expect(await run(simulator, WINDOW)).toEqual(newestFirst(simulator));
    },
  );

  test('hundreds of events in one millisecond are paged without loss or repetition', async () => {
    const simulator = await started(1000, { ties: 333 });
    const ids = await run(simulator, `${WINDOW}&limit=7`);
    expect(ids).toEqual(newestFirst(simulator));
    expect(new Set(ids).size).toBe(1000);
  });

  test('the new form always has all four fields, on the last page and on an empty one too', async () => {
    const simulator = await started(3, {});
    const last = await page(simulator, WINDOW);
    expect(paginateSchema.parse(last.meta?.paginate)).toMatchObject({ has_next: false, has_prev: false });
    const beyond = await page(simulator, `${WINDOW}&cursor=${last.meta?.paginate?.next_page}`);
    expect(beyond.data).toEqual([]);
    expect(paginateSchema.parse(beyond.meta?.paginate)).toMatchObject({ has_next: false, has_prev: true });
    const none = await page(simulator, `${WINDOW}&actor_id=1`);
    expect(paginateSchema.parse(none.meta?.paginate)).toMatchObject({ has_next: false, has_prev: false });
  });

  test('the old form has no cursor at its end', async () => {
    const simulator = await started(60, { paginateForm: 'old' });
    const first = await page(simulator, WINDOW);
    expect(Object.keys(first.meta?.paginate ?? {})).toEqual(['next_page']);
    const last = await page(simulator, `${WINDOW}&cursor=${first.meta?.paginate?.next_page}`);
    expect(last.data).toHaveLength(10);
    expect(last.meta).toBeUndefined();
  });

  test('prev_page leads back through the same pages', async () => {
    const simulator = await started(200, {});
    const first = await page(simulator, WINDOW);
    const second = await page(simulator, `${WINDOW}&cursor=${first.meta?.paginate?.next_page}`);
    const third = await page(simulator, `${WINDOW}&cursor=${second.meta?.paginate?.next_page}`);
    const back = await page(simulator, `${WINDOW}&cursor=${third.meta?.paginate?.prev_page}`);
    expect(back.data).toEqual(second.data);
    expect(back.meta?.paginate).toMatchObject({ has_prev: true, has_next: true });
  });

  test('from behind the last event, prev_page leads to the last page', async () => {
    const simulator = await started(70, {});
    const first = await page(simulator, WINDOW);
    const last = await page(simulator, `${WINDOW}&cursor=${first.meta?.paginate?.next_page}`);
    const behind = await page(simulator, `${WINDOW}&cursor=${last.meta?.paginate?.next_page}`);
    const back = await page(simulator, `${WINDOW}&limit=20&cursor=${behind.meta?.paginate?.prev_page}`);
    expect(back.data).toEqual(last.data);
  });
});

describe('following the log', () => {
  test('nothing newer is an empty page with the same usable cursor', async () => {
    const simulator = await started(120, { logsOwnReads: false });
    const first = await page(simulator, 'limit=5');
    const cursor = first.meta?.paginate?.prev_page;
    const empty = await page(simulator, `limit=5&cursor=${cursor}`);
    expect(empty.data).toEqual([]);
    expect(empty.meta?.paginate).toMatchObject({ prev_page: cursor, has_prev: false, has_next: true });
  });

  test('what came since is given oldest page first, and has_prev says that more is waiting', async () => {
    const simulator = await started(10, { logsOwnReads: false });
    const first = await page(simulator, '');
    const newer = Array.from({ length: 7 }, (_, index) => ({
      ...must(simulator.events()[0]),
      id: `00000000-0000-4000-8000-00000000000${index}`,
      created_at: new Date(END + index).toISOString(),
    }));
    simulator.append(newer);
    const one = await page(simulator, `limit=5&cursor=${first.meta?.paginate?.prev_page}`);
    expect(one.data.map((event) => event.id)).toEqual(
      newer
        .slice(0, 5)
        .map((event) => event.id)
        .reverse(),
    );
    expect(one.meta?.paginate?.has_prev).toBe(true);
    const two = await page(simulator, `limit=5&cursor=${one.meta?.paginate?.prev_page}`);
    expect(two.data.map((event) => event.id)).toEqual(
      newer
        .slice(5)
        .map((event) => event.id)
        .reverse(),
    );
    expect(two.meta?.paginate?.has_prev).toBe(false);
  });

  test('an empty log can be followed from its first answer', async () => {
    const simulator = await started(0, { logsOwnReads: false });
    const cursor = (await page(simulator, '')).meta?.paginate?.prev_page;
    const donor = await started(1, {});
    simulator.append(donor.events());
    expect((await page(simulator, `cursor=${cursor}`)).data).toHaveLength(1);
  });
});

describe('the window', () => {
  test.each([
    [true, 3],
    [false, 2],
  ])('with end_time inclusive %s, an event at the end counts or not', async (endTimeInclusive, expected) => {
    const simulator = await started(3, { endTimeInclusive });
    const [oldest, , newest] = simulator.events();
    const bounds = `start_time=${oldest?.created_at}&end_time=${newest?.created_at}`;
    expect((await page(simulator, bounds)).data).toHaveLength(expected);
  });

  test('both ends may be left out, and an offset is understood', async () => {
    const simulator = await started(30, {});
    expect((await page(simulator, '')).data).toHaveLength(30);
    const moscow = encodeURIComponent('2026-03-01T15:00:00+03:00');
    const { data } = await page(simulator, `start_time=${moscow}&event_key=&limit=50`);
    expect(data.filter((event) => event.user_agent !== 'test/1')).toHaveLength(15);
  });

  test('what is older than the log keeps is gone, and asking for it is no error', async () => {
    const day = 86_400_000;
    const simulator = await started(48, { now: () => END - day / 2 + 90 * day, logsOwnReads: false });
    const { data } = await page(simulator, 'start_time=2020-01-01T00:00:00Z');
    expect(data).toHaveLength(24);
  });
});

describe('filters', () => {
  test('every filter narrows, and several of them together', async () => {
    const simulator = await started(2000, { logsOwnReads: false });
    const all = simulator.events();
    const sample = must(all.find((event) => event.event_key === 'message_created'));
    const cases = ['event_key', 'actor_id', 'actor_type', 'entity_id', 'entity_type'] as const;
    for (const field of cases) {
      const expected = all.filter((event) => event[field] === sample[field]).map((event) => event.id);
      expect(await run(simulator, `${field}=${sample[field]}`)).toEqual(expected.toReversed());
    }
    const both = all.filter((event) => event.event_key === sample.event_key && event.actor_id === sample.actor_id);
    const ids = await run(simulator, `event_key=${sample.event_key}&actor_id=${sample.actor_id}&limit=1`);
    expect(ids).toEqual(both.map((event) => event.id).reverse());
  });

  test('a cursor is refused with other filters and when it is made up, never answered with the first page', async () => {
    const simulator = await started(100, {});
    const cursor = (await page(simulator, WINDOW)).meta?.paginate?.next_page;
    const refused = [`${WINDOW}&event_key=user_login&cursor=${cursor}`, `${WINDOW}&cursor=abc`, `cursor=${cursor}`];
    for (const query of refused) {
      const answer = await get(simulator, `/audit_events?${query}`);
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({ errors: [{ key: 'cursor', code: 'invalid', payload: null }] });
    }
    expect((await page(simulator, `${WINDOW}&limit=3&cursor=${cursor}`)).data).toHaveLength(3);
  });
});
