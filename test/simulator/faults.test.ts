// Tests the faults that the simulator can be told to make.
import { describe, expect, test } from 'vitest';
import type { FaultName, FaultPlan } from '../../src/simulator/faults.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { END, get, page, plainSimulator, run, WINDOW, withSimulator } from './wire-client.ts';

const withFaults = <T>(faults: FaultPlan, use: (simulator: Simulator) => Promise<T>, count = 120): Promise<T> =>
  withSimulator(plainSimulator(count, { faults }), use);
const all = (simulator: Simulator): string[] =>
  simulator
    .events()
    .filter((event) => event.user_agent !== 'test/1')
    .map((event) => event.id)
    .reverse();

describe('a written fault', () => {
  test('happens to the request it was written for, and to no other', async () => {
    await withFaults({ script: ['bad_gateway', 'none', 'unavailable'] }, async (simulator) => {
      const statuses: number[] = [];
      for (let count = 0; count < 4; count += 1)
        statuses.push((await get(simulator, `/audit_events?${WINDOW}`)).status);
      expect(statuses).toEqual([502, 200, 503, 200]);
      expect(simulator.requests.byStatus).toEqual({ 502: 1, 200: 2, 503: 1 });
    });
  });

  test('a gateway answers in HTML, and what it refuses never reached the log', async () => {
    await withFaults({ script: ['bad_gateway'] }, async (simulator) => {
      const { body, headers } = await get(simulator, '/audit_events');
      expect(headers.get('content-type')).toBe('text/html');
      expect(body).toContain('502 Bad Gateway');
      expect(simulator.events()).toHaveLength(120);
    });
  });

  test.each(['dropped', 'cut_body'] as const)(
    '%s ends the connection in the middle, after the read was logged',
    async (name) => {
      await withFaults({ script: [name] }, async (simulator) => {
        await expect(get(simulator, '/audit_events')).rejects.toThrow(/fetch failed|terminated/);
        expect(simulator.events()).toHaveLength(121);
        expect((await get(simulator, '/audit_events')).status).toBe(200);
      });
    },
  );

  test.each([
    ['seconds', '7'],
    ['date', new Date(END + 3_600_000 + 7000).toUTCString()],
    ['none', null],
  ] as const)('a planned 429 has Retry-After in the form of %s', async (retryAfter, expected) => {
    await withFaults({ script: ['rate_limited'], retryAfter, retryAfterSeconds: 7 }, async (simulator) => {
      const { status, headers } = await get(simulator, '/audit_events');
      expect([status, headers.get('retry-after')]).toEqual([429, expected]);
    });
  });

  test('other endpoints are spared unless faults are everywhere', async () => {
    await withFaults({ script: ['bad_gateway'] }, async (simulator) => {
      expect((await get(simulator, '/users')).status).toBe(200);
    });
    await withFaults({ script: ['bad_gateway'], everywhere: true }, async (simulator) => {
      expect((await get(simulator, '/users')).status).toBe(502);
    });
  });
});

describe('faults of pages', () => {
  test.each(['short_page', 'empty_page', 'duplicates'] as const)(
    '%s loses nothing for a client that expects it',
    async (name) => {
      await withFaults({ seed: 3, probabilities: { [name]: 0.5 } }, async (simulator) => {
        const ids = await run(simulator, `${WINDOW}&limit=10`);
        expect([...new Set(ids)]).toEqual(all(simulator));
        expect(ids.length > 120).toBe(name === 'duplicates');
        expect(simulator.requests.total > 12).toBe(true);
      });
    },
  );

  test('a page never holds more than its limit, duplicates or not', async () => {
    await withFaults({ probabilities: { duplicates: 1 } }, async (simulator) => {
      const first = await page(simulator, `${WINDOW}&limit=10`);
      const second = await page(simulator, `${WINDOW}&limit=10&cursor=${first.meta?.paginate?.next_page}`);
      expect(second.data).toHaveLength(10);
      const seen = new Set(first.data.map((event) => event.id));
      expect(second.data.filter((event) => seen.has(event.id)).length).toBeGreaterThan(0);
    });
  });

  test('an empty page in the middle says that there is more, under another cursor', async () => {
    await withFaults({ script: ['none', 'empty_page', 'empty_page'] }, async (simulator) => {
      const first = (await page(simulator, WINDOW)).meta?.paginate;
      const empty = await page(simulator, `${WINDOW}&cursor=${first?.next_page}`);
      expect(empty.data).toEqual([]);
      expect(empty.meta?.paginate).toMatchObject({ has_next: true });
      const again = await page(simulator, `${WINDOW}&cursor=${empty.meta?.paginate?.next_page}`);
      const cursors = [first, empty.meta?.paginate, again.meta?.paginate].map((paginate) => paginate?.next_page);
      expect(new Set(cursors).size).toBe(3);
    });
  });

  test('a repeated cursor leads nowhere for ever', async () => {
    await withFaults({ probabilities: { repeated_cursor: 1 } }, async (simulator) => {
      const cursor = (await page(simulator, WINDOW)).meta?.paginate?.next_page;
      const looped = await page(simulator, `${WINDOW}&cursor=${cursor}`);
      expect(looped.meta?.paginate).toMatchObject({ next_page: cursor, has_next: true });
    });
  });

  test('a late event is dated back, and is there at the next look', async () => {
    await withFaults({ script: ['late_event'], lateByMs: 1000 }, async (simulator) => {
      await page(simulator, WINDOW);
      const late = simulator
        .events()
        .filter((event) => event.event_key === 'user_login' && event.user_agent === 'test/1');
      expect(late).toHaveLength(1);
      expect(Date.parse(late[0]?.created_at ?? '')).toBeGreaterThan(END + 3_600_000 - 1000);
    });
  });
});

describe('sentinel input', () => {
  const expected: Partial<Record<string, number>> = {
    'demo-bad-gateway': 502,
    'demo-unavailable': 503,
    'demo-rate-limited': 429,
    'demo-narrow': 422,
    'anything-else': 200,
  };
  test.each(Object.entries(expected))('entity_id %s is answered with %i', async (id, status) => {
    await withSimulator(plainSimulator(1), async (simulator) => {
      expect((await get(simulator, `/audit_events?${WINDOW}&entity_id=${id}`)).status).toBe(status);
    });
  });

  test.each([
    ['demo-rate-limited', 429],
    ['demo-bad-gateway', 502],
    ['demo-narrow', 422],
  ])('every read of token %s is a %i', async (token, status) => {
    await withSimulator(plainSimulator(1), async (simulator) => {
      expect((await get(simulator, `/audit_events?${WINDOW}`, token)).status).toBe(status);
    });
  });
});

describe('a seeded plan', () => {
  const probabilities: Partial<Record<FaultName, number>> = { bad_gateway: 0.2, rate_limited: 0.2, short_page: 0.3 };
  const play = (seed: number): Promise<unknown[]> =>
    withFaults({ seed, probabilities, retryAfter: 'mixed' }, async (simulator) => {
      const seen: unknown[] = [];
      for (let count = 0; count < 40; count += 1) {
        const { status, headers, body } = await get(simulator, `/audit_events?${WINDOW}`);
        seen.push([status, headers.get('retry-after'), status === 200 ? JSON.stringify(body).length : 0]);
      }
      return seen;
    });

  test('gives the same faults again, and others with another seed', async () => {
    const first = await play(5);
    expect(await play(5)).toEqual(first);
    expect(await play(6)).not.toEqual(first);
  });
});
