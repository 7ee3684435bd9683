// Tests the simulator's endpoints besides the log.
import { describe, expect, test } from 'vitest';
import { buildCompany } from '../../src/simulator/dataset.ts';
import { type Simulator, startSimulator } from '../../src/simulator/server.ts';
import { get, withSimulator } from './wire-client.ts';

const NOW = Date.parse('2026-05-20T09:00:00Z');
const company = buildCompany({ seed: 4, now: NOW, people: 60 });
const running = (options = {}): Promise<Simulator> => startSimulator({ company, rateLimit: null, ...options });

function post(simulator: Simulator, body: unknown, token = simulator.token): Promise<Response> {
  return fetch(`${simulator.url}/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

describe('people', () => {
  test('all of them are listed once, with cursors in both directions', async () => {
    await withSimulator(running(), async (simulator) => {
      const ids: unknown[] = [];
      let query = 'limit=25';
      for (;;) {
        const { body } = await get(simulator, `/users?${query}`);
        expect(body).toMatchObject({ data: expect.any(Array), meta: { paginate: { prev_page: expect.any(String) } } });
        const { data, meta } = JSON.parse(JSON.stringify(body));
        ids.push(...data.map((user: { id: number }) => user.id));
        if (meta.paginate.has_next === false) break;
        query = `limit=25&cursor=${meta.paginate.next_page}`;
      }
      expect(ids).toEqual(company.users.map((user) => user.id).toSorted((a, b) => a - b));
    });
  });

  test('a query looks into names, nickname and e-mail, whatever the case', async () => {
    await withSimulator(running(), async (simulator) => {
      const { body } = await get(simulator, `/users?query=${encodeURIComponent('иван петров')}`);
      expect(body).toMatchObject({ data: [{ id: 1007 }, { id: 1008 }] });
      const nickname = company.users[20]?.nickname ?? '';
      const found = await get(simulator, `/users?query=${nickname.toUpperCase()}`);
      expect(JSON.stringify(found.body)).toContain(`"nickname":"${nickname}"`);
      expect((await get(simulator, '/users?query=zzzzzz')).body).toMatchObject({ data: [] });
      expect((await get(simulator, '/users?limit=51')).status).toBe(422);
      expect((await get(simulator, '/users?cursor=abc')).status).toBe(400);
    });
  });

  test('one of them has the documented fields', async () => {
    await withSimulator(running(), async (simulator) => {
      const { body } = await get(simulator, '/users/1001');
      expect(body).toMatchObject({
        data: { id: 1001, role: 'admin', bot: false, suspended: false, time_zone: expect.any(String) },
      });
    });
  });
});

describe('the token', () => {
  test('its info shows scopes and user, and of itself the first eight and last four characters', async () => {
    await withSimulator(running({ token: 'secret-canary-token-9876' }), async (simulator) => {
      const { body } = await get(simulator, '/oauth/token/info');
      expect(body).toMatchObject({
        data: {
          token: 'secret-c************9876',
          user_id: 1000,
          scopes: expect.arrayContaining(['audit_events:read']),
        },
      });
    });
  });
});

describe('messages', () => {
  const message = { entity_type: 'user', entity_id: 1000, content: 'Обнаружены подозрительные входы' };

  test('a good one is created, kept, and in the log', async () => {
    await withSimulator(running(), async (simulator) => {
      const response = await post(simulator, { message });
      expect(response.status).toBe(201);
      expect(await response.json()).toMatchObject({ data: { id: expect.any(Number), ...message, user_id: 1000 } });
      expect(simulator.messages).toMatchObject([message]);
      expect(simulator.events().at(-1)).toMatchObject({ event_key: 'message_created', entity_type: 'Message' });
    });
  });

  test.each([
    [400, '{"message":'],
    [422, {}],
    [422, { message: { ...message, content: '  ' } }],
    [422, { message: { ...message, entity_type: 'team' } }],
    [404, { message: { ...message, entity_id: 4242 } }],
  ])('a bad one is a %i and leaves nothing', async (status, body) => {
    await withSimulator(running(), async (simulator) => {
      const response = await post(simulator, body);
      expect(response.status).toBe(status);
      expect(await response.json()).toMatchObject({ errors: [{ code: expect.any(String) }] });
      expect(simulator.messages).toEqual([]);
    });
  });

  test('without the scope it is a 403; the fifth at once into one chat is a 429', async () => {
    await withSimulator(running({ messageRateLimit: { perSecond: 0.05, burst: 4 } }), async (simulator) => {
      expect((await post(simulator, { message }, 'demo-no-messages')).status).toBe(403);
      const statuses: number[] = [];
      for (let count = 0; count < 6; count += 1) statuses.push((await post(simulator, { message })).status);
      expect(statuses).toEqual([201, 201, 201, 201, 429, 429]);
      expect((await post(simulator, { message: { ...message, entity_id: 1001 } })).status).toBe(201);
    });
  });
});
