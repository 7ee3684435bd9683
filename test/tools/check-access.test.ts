// Tests check_access: what it tells, in which words, and that it always ends.
import { describe, expect, onTestFinished, test } from 'vitest';
import { createInstantClock } from '../support/instant-clock.ts';
import { momentOf } from '../../src/mcp/moment.ts';
import { sendJson, startLocalServer } from '../support/local-server.ts';
import { simEvent } from '../support/sim-events.ts';
import { stillClock } from '../support/still-clock.ts';
import { startWorld, type WorldOptions } from '../support/world.ts';

const now = Date.parse('2026-11-20T12:00:00Z');

async function world(options: WorldOptions = {}) {
  const started = await startWorld({ simulator: { events: [], now: () => now }, clock: stillClock(now), ...options });
  onTestFinished(() => started.close());
  return started;
}

describe('check_access', () => {
  test('tells whose token it is, what it may do and what it need not', async () => {
    const { call, simulator } = await world();
    expect(await call('check_access')).toEqual({
      token: { name: 'Security', masked: expect.stringContaining('*'), user_id: '1000' },
      scopes: ['audit_events:read', 'users:read', 'messages:create', 'chats:read', 'profile:read'],
      surplus_scopes: ['messages:create', 'chats:read', 'profile:read'],
      can_read_audit_log: true,
      can_resolve_users: true,
      can_send_alerts: false,
      source: 'api',
      api_url: simulator.url,
      latency_ms: expect.any(Number),
      problems: [],
    });
  });

  test('needs the scope of messages where somebody may receive alerts', async () => {
    const { call } = await world({ alertTo: ['1001'] });
    expect(await call('check_access')).toMatchObject({
      surplus_scopes: ['chats:read', 'profile:read'],
      can_send_alerts: true,
    });
  });

  test('looks anew at each call: what was mended is seen at once', async () => {
    let scopes: string[] = [];
    const api = await startLocalServer(({ url }, response) => {
      const isToken = url.pathname.endsWith('/oauth/token/info');
      sendJson(response, 200, isToken ? { data: { user_id: 1, scopes } } : { data: [] });
    });
    const source = { kind: 'api' as const, baseUrl: api.url, token: () => 'a-token-for-a-test' };
    const { call } = await world({ source });
    expect(await call('check_access')).toMatchObject({ can_resolve_users: false });
    scopes = ['users:read'];
    expect(await call('check_access')).toMatchObject({ can_resolve_users: true });
  });

  test.each([
    ['behind', 10, '10 minutes behind'],
    ['ahead', -10, '10 minutes ahead of'],
  ])('says when the clock of this machine is %s', async (_what, minutes, words) => {
    const { call } = await world({ simulator: { events: [], now: () => now + minutes * 60_000 } });
    expect(await call('check_access')).toMatchObject({
      can_read_audit_log: true,
      problems: [{ code: 'not_configured', message: expect.stringContaining(words) }],
    });
  });
});

test('problems are told in Russian where that is asked for, with what the API said', async () => {
  const settings = { lang: 'ru' as const };
  const late = await world({ simulator: { events: [], now: () => now + 600_000 }, settings });
  expect(await late.call('check_access')).toMatchObject({
    problems: [
      {
        message: expect.stringMatching(/^Часы этой машины отстают.* 10 мин/u),
        hint: expect.stringMatching(/^Настройте/u),
      },
    ],
  });
  const refused = await world({ token: 'demo-not-a-token', settings });
  expect(await refused.call('check_access')).toMatchObject({
    problems: [
      {
        code: 'invalid_token',
        message: expect.stringMatching(/^API не принимает токен: ./u),
        hint: expect.stringMatching(/^Задайте/u),
      },
    ],
  });
});

test('where the clock here is slow, an answer up to now reaches to the now of the API, and says so', async () => {
  const newest = simEvent({ atMs: now + 300_000, key: 'user_login', actor: '1000' });
  const { call, parts } = await world({ simulator: { events: [newest], now: () => now + 600_000 } });
  const words = expect.stringContaining('10 minutes behind Pachca\'s, by which "now" is taken');
  const ask = async (input = {}) => call('list_audit_events', input, { nowMs: await momentOf(parts) });
  expect(await ask()).toMatchObject({ rows: [{}], notes: expect.arrayContaining([words]) });
  const earlier = await ask({ start_time: 'now-2d', end_time: 'now-1d' });
  expect(earlier['notes']).not.toContainEqual(words);
});

test('a log that does not answer is a problem, not a check that never ends', async () => {
  const clock = createInstantClock(now);
  const api = await startLocalServer(({ url }, response) => {
    if (url.pathname.endsWith('/oauth/token/info')) {
      sendJson(response, 200, { data: { user_id: 1, scopes: [] } }, { date: new Date(now).toUTCString() });
    } else {
      // Every attempt takes its time and fails.
      clock.advance(20_000);
      sendJson(response, 503, {});
    }
  });
  const source = { kind: 'api' as const, baseUrl: api.url, token: () => 'a-token-for-a-test' };
  const { call } = await world({ source, clock });
  expect(await call('check_access')).toMatchObject({
    can_read_audit_log: false,
    problems: [{ code: expect.stringMatching(/^(timeout|unavailable)$/u) }],
  });
});
