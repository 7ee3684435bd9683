// Tests that the simulator refuses as the API does.
import { describe, expect, test } from 'vitest';
import { startSimulator } from '../../src/simulator/server.ts';
import { get, page, plainSimulator, WINDOW, withSimulator } from './wire-client.ts';

const errors = (code: string, key?: string) => ({
  errors: [{ code, message: expect.any(String), payload: null, ...(key !== undefined && { key }) }],
});

describe('refusals', () => {
  test('without a token, with a wrong one, with a revoked one: 401 in the OAuth form', async () => {
    await withSimulator(plainSimulator(1), async (simulator) => {
      const bare = await fetch(`${simulator.url}/audit_events`);
      expect(bare.status).toBe(401);
      expect(await bare.json()).toEqual({ error: 'invalid_token', error_description: 'Access token is missing' });
      for (const token of ['nonsense', 'demo-revoked']) {
        const { status, body } = await get(simulator, '/oauth/token/info', token);
        expect(status).toBe(401);
        expect(body).toEqual({ error: 'invalid_token', error_description: expect.any(String) });
      }
    });
  });

  test('each well-known token shows its refusal, in the form that the API gives it', async () => {
    await withSimulator(plainSimulator(1), async (simulator) => {
      const scope = { error: 'insufficient_scope', error_description: expect.stringContaining('audit_events:read') };
      const noScope = await get(simulator, '/audit_events', 'demo-no-scope');
      expect([noScope.status, noScope.body]).toEqual([403, scope]);
      const notOwner = await get(simulator, '/audit_events', 'demo-not-owner');
      expect(notOwner.status).toBe(403);
      expect(notOwner.body).toMatchObject(errors('forbidden'));
      const plan = await get(simulator, '/audit_events', 'demo-wrong-plan');
      expect(plan.status).toBe(402);
      expect(plan.body).toMatchObject(errors('payment_required'));
      expect((await get(simulator, '/users', 'demo-no-users')).status).toBe(403);
      expect((await get(simulator, '/users', 'demo-no-scope')).status).toBe(200);
    });
  });

  test.each([
    ['limit=0', 'limit', 'invalid'],
    ['limit=51', 'limit', 'invalid'],
    ['limit=ten', 'limit', 'invalid'],
    ['event_key=user_signed_in', 'event_key', 'inclusion'],
    ['start_time=yesterday', 'start_time', 'invalid'],
    ['end_time=2026-13-01T00:00:00Z', 'end_time', 'invalid'],
  ])('%s is a 422 that names the field', async (query, key, code) => {
    await withSimulator(plainSimulator(1), async (simulator) => {
      const { status, body } = await get(simulator, `/audit_events?${query}`);
      expect(status).toBe(422);
      expect(body).toMatchObject(errors(code, key));
    });
  });

  test('a range beyond the allowed one is invalid_date_range, the allowed one is not', async () => {
    await withSimulator(plainSimulator(1, { maxRangeDays: 1 }), async (simulator) => {
      expect((await get(simulator, `/audit_events?${WINDOW}`)).status).toBe(200);
      const query = 'start_time=2026-02-01T00:00:00Z&end_time=2026-03-02T00:00:00Z';
      const { status, body } = await get(simulator, `/audit_events?${query}`);
      expect(status).toBe(422);
      expect(body).toMatchObject(errors('invalid_date_range'));
    });
  });

  test('an unknown path, method or person is a 404; every answer has a request id of its own', async () => {
    await withSimulator(plainSimulator(1), async (simulator) => {
      const ids = new Set<string | null>();
      for (const path of ['/nothing', '/users/77', '/users/abc', '/messages']) {
        const { status, body, headers } = await get(simulator, path);
        expect(status).toBe(404);
        expect(body).toMatchObject(errors('not_found'));
        ids.add(headers.get('x-request-id'));
      }
      expect(ids.size).toBe(4);
      expect(ids.has(null)).toBe(false);
    });
  });
});

describe('the limit on requests', () => {
  test('a burst above it hears 429 with Retry-After, and other tokens go on', async () => {
    const tokens = [{ token: 'second', name: 'Second', scopes: ['users:read'] }];
    await withSimulator(startSimulator({ rateLimit: { perSecond: 0.05, burst: 5 }, tokens }), async (simulator) => {
      const statuses: number[] = [];
      const waits: string[] = [];
      for (let count = 0; count < 12; count += 1) {
        const { status, headers } = await get(simulator, '/users');
        statuses.push(status);
        waits.push(headers.get('retry-after') ?? 'none');
      }
      expect(statuses.slice(0, 5)).toEqual([200, 200, 200, 200, 200]);
      expect(statuses.slice(5)).toEqual([429, 429, 429, 429, 429, 429, 429]);
      expect(waits.slice(0, 5)).toEqual(['none', 'none', 'none', 'none', 'none']);
      for (const wait of waits.slice(5)) expect(wait).toMatch(/^(1\d|20)$/);
      expect(simulator.requests.byStatus[429]).toBe(7);
      expect((await get(simulator, '/users', 'second')).status).toBe(200);
    });
  });

  test('a token that goes on regardless may be shut out for longer', async () => {
    const rateLimit = { perSecond: 0.05, burst: 1, restrictAfter: 3, restrictedForMs: 60_000 };
    await withSimulator(startSimulator({ rateLimit }), async (simulator) => {
      const waits: (string | null)[] = [];
      for (let count = 0; count < 8; count += 1)
        waits.push((await get(simulator, '/users')).headers.get('retry-after'));
      expect(waits[0]).toBeNull();
      expect(waits[1]).toMatch(/^1\d|20$/);
      expect(waits.at(-1)).toBe('60');
    });
  });
});

describe('reads of the log', () => {
  test('every read is in the log afterwards, with its user, address and client cut at 255 characters', async () => {
    await withSimulator(plainSimulator(2), async (simulator) => {
      const userAgent = `клиент ${'x'.repeat(300)}`;
      await fetch(`${simulator.url}/audit_events`, {
        headers: {
          authorization: `Bearer ${simulator.token}`,
          'user-agent': Buffer.from(userAgent).toString('latin1'),
        },
      });
      expect(simulator.events().at(-1)).toMatchObject({
        event_key: 'audit_events_accessed',
        actor_id: '1000',
        entity_id: '1000',
        ip_address: '127.0.0.1',
        user_agent: userAgent.slice(0, 255),
        details: {},
      });
      expect((await page(simulator, 'event_key=audit_events_accessed&limit=1')).data[0]?.user_agent).toHaveLength(255);
    });
  });

  test('many reads in one millisecond are followed in the order in which they came', async () => {
    await withSimulator(plainSimulator(1), async (simulator) => {
      const cursor = (await page(simulator, 'event_key=audit_events_accessed')).meta?.paginate?.prev_page;
      for (let count = 0; count < 9; count += 1) await page(simulator, 'limit=1');
      const { data } = await page(simulator, `event_key=audit_events_accessed&cursor=${cursor}`);
      expect(data).toHaveLength(10);
      expect(data.map((event) => event.id)).toEqual(
        data
          .map((event) => event.id)
          .toSorted()
          .reverse(),
      );
    });
  });

  test('a refused read writes nothing, nor does a simulator that was told not to', async () => {
    await withSimulator(plainSimulator(1), async (simulator) => {
      await get(simulator, '/audit_events?limit=99');
      await get(simulator, '/audit_events', 'demo-no-scope');
      expect(simulator.events()).toHaveLength(1);
    });
    await withSimulator(plainSimulator(1, { logsOwnReads: false }), async (simulator) => {
      await get(simulator, '/audit_events');
      expect(simulator.events()).toHaveLength(1);
    });
  });
});
