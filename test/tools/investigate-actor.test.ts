// Tests investigate_actor: totals, tokens, others, timeline, and what it says of parts.
import { describe, expect, onTestFinished, test } from 'vitest';
import type { SimEvent } from '../../src/simulator/model.ts';
import { stillClock } from '../support/still-clock.ts';
import { startWorld } from '../support/world.ts';
import { answerSchema, column, type Investigated } from '../support/investigated.ts';

const NOW_MS = Date.parse('2026-11-20T12:00:00Z');
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Who is investigated: the administrator of a simulator that was given events only. */
const PERSON = '1001';
const OTHER = '1000';

let made = 0;
function event(eventKey: string, agoMs: number, change: Partial<SimEvent> = {}): SimEvent {
  made += 1;
  return {
    id: `${String(made).padStart(8, '0')}-0000-7000-8000-000000000000`,
    created_at: new Date(NOW_MS - agoMs).toISOString(),
    event_key: eventKey,
    entity_id: PERSON,
    entity_type: 'User',
    actor_id: PERSON,
    actor_type: 'User',
    details: {},
    ip_address: '198.51.100.7',
    user_agent: 'Pachca/3.60.0 (co.staply.pachca; build:15; iOS 18.5.0) Alamofire/5.0.0',
    ...change,
  };
}

async function investigate(events: SimEvent[], input: Record<string, unknown> = {}): Promise<Investigated> {
  const world = await startWorld({ simulator: { events, now: () => NOW_MS }, clock: stillClock(NOW_MS) });
  onTestFinished(() => world.close());
  return answerSchema.parse(await world.call('investigate_actor', { actor: PERSON, start_time: 'now-7d', ...input }));
}

describe('investigate_actor', () => {
  test('tells which tokens and grants are alive, from as far back as the log goes', async () => {
    const token = (id: string) => ({
      entity_type: 'AccessToken',
      entity_id: id,
      details: { scopes: ['messages:read'] },
    });
    const answer = await investigate([
      event('access_token_created', 60 * DAY_MS, token('1')),
      event('access_token_created', 50 * DAY_MS, token('2')),
      event('access_token_updated', 2 * DAY_MS, {
        ...token('1'),
        details: { scopes: ['messages:read', 'users:read'] },
      }),
      // Somebody else may destroy it.
      event('access_token_destroy', DAY_MS, { ...token('2'), actor_id: OTHER }),
      event('access_token_created', DAY_MS, { ...token('3'), actor_id: OTHER }),
      event('oauth_authorization_granted', 3 * DAY_MS, { details: { client_id: 'kept', scopes: ['chats:read'] } }),
      event('oauth_authorization_granted', 3 * DAY_MS, { details: { client_id: 'gone', scopes: [] } }),
      event('oauth_authorization_revoked', 2 * DAY_MS, { details: { client_id: 'gone', revoked_tokens_count: 1 } }),
      event('oauth_authorization_granted', 3 * DAY_MS, { details: { client_id: 'taken', scopes: [] } }),
      event('oauth_authorization_revoked', 2 * DAY_MS, { details: { client_id: 'taken' }, actor_id: OTHER }),
      event('oauth_authorization_revoked', 5 * DAY_MS, { details: { client_id: 'kept' }, actor_id: OTHER }),
      event('oauth_authorization_granted', 4 * DAY_MS, { details: { client_id: 77, scopes: [] } }),
    ]);
    expect(answer.live_tokens.map(({ kind, id, scopes }) => [kind, id, scopes])).toEqual([
      ['oauth_grant', 'kept', ['chats:read']],
      ['oauth_grant', '77', []],
      ['access_token', '1', ['messages:read', 'users:read']],
    ]);
  });

  test('shows what a token can do now, whoever changed it, and no token of those whose tokens the person changed', async () => {
    const token = (id: string, scopes: string[], actorId = PERSON) => ({
      entity_type: 'AccessToken',
      entity_id: id,
      details: { scopes },
      actor_id: actorId,
    });
    const answer = await investigate([
      event('access_token_created', 5 * DAY_MS, token('1', ['chats:read'])),
      event('access_token_updated', 4 * DAY_MS, token('1', ['messages:read'], OTHER)),
      event('access_token_created', 5 * DAY_MS, token('2', ['chats:read'], OTHER)),
      event('access_token_updated', 3 * DAY_MS, token('2', ['chats:read', 'users:read'])),
      // Made before the log begins.
      event('access_token_updated', 2 * DAY_MS, token('3', ['users:read'])),
      event('access_token_updated', DAY_MS, token('3', ['users:write'], OTHER)),
      event('access_token_updated', DAY_MS, token('4', ['users:read'], OTHER)),
    ]);
    expect(answer.live_tokens).toMatchObject([
      { id: '3', scopes: ['users:write'], changed_at: expect.any(String) },
      { id: '1', scopes: ['messages:read'], created_at: expect.any(String), changed_at: expect.any(String) },
    ]);
    expect(answer.live_tokens[0]).not.toHaveProperty('created_at');
  });

  test('calls no token live that was destroyed since the window ended, and one that was made since', async () => {
    const token = (id: string) => ({ entity_type: 'AccessToken', entity_id: id, details: { scopes: [] } });
    const { live_tokens: tokens } = await investigate(
      [
        event('access_token_created', 100 * HOUR_MS, token('71')),
        event('access_token_destroy', 10 * HOUR_MS, token('71')),
        event('access_token_created', 9 * HOUR_MS, token('72')),
      ],
      { start_time: 'now-90h', end_time: 'now-20h' },
    );
    expect(tokens.map(({ id }) => id)).toEqual(['72']);
  });

  test('does not call its totals full where the log has forgotten the beginning', async () => {
    const { totals } = await investigate([event('user_login', DAY_MS)], { start_time: 'now-120d' });
    expect(totals).toMatchObject({ own_events_seen: 1, done_to_seen: 0, admin_actions_seen: 0 });
    expect(totals['own_events']).toBeUndefined();
  });

  test('tells what others did to the person, and how they are involved', async () => {
    const answer = await investigate([
      event('user_role_changed', 5 * HOUR_MS, {
        actor_id: OTHER,
        details: { new_company_role: 'user', initiator_id: 1000 },
      }),
      event('dlp_violation_detected', 4 * HOUR_MS, {
        actor_id: OTHER,
        entity_type: 'Message',
        entity_id: '5',
        details: { user_id: Number(PERSON) },
      }),
      event('user_chat_join', 3 * HOUR_MS, {
        actor_id: OTHER,
        entity_type: 'Chat',
        entity_id: '9',
        details: { inviter_id: Number(PERSON) },
      }),
      event('user_chat_join', 3 * HOUR_MS, { actor_id: OTHER, entity_type: 'Chat', entity_id: '9', details: {} }),
    ]);
    expect(column(answer, answer.done_to, 'as')).toEqual(['entity', 'dlp_subject', 'inviter']);
    expect(answer.totals).toMatchObject({ own_events: 0, done_to: 3 });
  });

  test("does not take for the person's own what an administrator did to them", async () => {
    const byAdmin = { entity_type: 'Tag', entity_id: '7', details: { initiator_id: 1000 }, ip_address: '203.0.113.9' };
    const answer = await investigate([
      event('user_removed_from_tag', 3 * HOUR_MS, byAdmin),
      event('user_removed_from_tag', 2 * HOUR_MS, {
        entity_type: 'Tag',
        entity_id: '7',
        details: { initiator_id: Number(PERSON) },
      }),
      event('user_chat_join', HOUR_MS, { entity_type: 'Chat', entity_id: '9', details: { inviter_id: null } }),
    ]);
    expect(column(answer, answer.admin_actions, 'details')).toEqual([`initiator_id=${PERSON}`]);
    expect(column(answer, answer.done_to, 'as')).toEqual(['subject']);
    expect(column(answer, answer.timeline, 'as')).toEqual(['subject', 'actor', 'actor']);
    expect(answer.totals).toMatchObject({ own_events: 2, admin_actions: 1, done_to: 1, networks: 1 });
  });

  test('says of every list how much of it is shown, where that is not all', async () => {
    const many = (count: number, make: (index: number) => SimEvent) => Array.from({ length: count }, (_, n) => make(n));
    const answer = await investigate([
      ...many(61, (n) =>
        event('access_token_created', (n + 1) * HOUR_MS, { entity_type: 'AccessToken', entity_id: String(n + 1) }),
      ),
      ...many(20, (n) => event('user_login', (n + 1) * HOUR_MS, { ip_address: `203.0.${n}.9` })),
    ]);
    const { live_tokens: tokens, networks, timeline, admin_actions: actions } = answer;
    expect([tokens.length, networks.length, timeline.length, actions.length]).toEqual([20, 15, 16, 50]);
    const note = answer.notes.find((one) => one.startsWith('Shown in part'));
    expect(note).toContain('live_tokens 20 of 61, networks 15 of 21, admin_actions 50 of 61, timeline 16 of 81.');
  });

  test('says nothing of lists that are whole', async () => {
    const { notes } = await investigate([event('user_login', HOUR_MS)]);
    expect(notes.join(' ')).not.toContain('Shown in part');
  });

  test('counts logins, networks, keys, and hours in the zone of the question', async () => {
    const answer = await investigate(
      [
        event('user_login', DAY_MS),
        event('user_login', DAY_MS - HOUR_MS, { ip_address: '203.0.113.9' }),
        event('user_2fa_fail', DAY_MS - HOUR_MS, { ip_address: '203.0.113.9' }),
        event('message_created', 8 * DAY_MS, { entity_type: 'Message', entity_id: '1' }),
      ],
      { time_zone: 'Europe/Moscow' },
    );
    expect([answer.logins, answer.failed_2fa]).toEqual([2, 1]);
    expect(answer.by_event_key).toEqual({ user_login: 2, user_2fa_fail: 1 });
    expect(answer.networks).toMatchObject([
      { network: '203.0.113.0/24', events: 2, logins: 1 },
      { network: '198.51.100.0/24', events: 1, logins: 1 },
    ]);
    // 12:00 UTC is 15:00 in Moscow.
    expect([answer.hours[15], answer.hours[16], answer.hours.reduce((a, b) => a + b)]).toEqual([1, 2, 3]);
  });

  test('keeps the login in its timeline, however many searches came after it', async () => {
    const searches = Array.from({ length: 300 }, (_, index) =>
      event('search_messages_api', HOUR_MS - index * 1000, { details: { search_type: 'messages' } }),
    );
    const answer = await investigate([event('user_login', 2 * HOUR_MS), ...searches]);
    const keys = column(answer, answer.timeline, 'key');
    expect(keys).toContain('user_login');
    expect(keys.filter((key) => key === 'search_messages_api')).toHaveLength(8);
    expect(answer.by_event_key).toEqual({ search_messages_api: 300, user_login: 1 });
    const times = column(answer, answer.timeline, 'time').map((time) => Date.parse(time ?? ''));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test('does not call tokens dead that it had no time to read about', async () => {
    const world = await startWorld({
      simulator: { events: [event('access_token_created', HOUR_MS)], now: () => NOW_MS },
      clock: stillClock(NOW_MS),
    });
    onTestFinished(() => world.close());
    const input = { actor: PERSON, start_time: 'now-7d' };
    const answer = answerSchema.parse(await world.call('investigate_actor', input, { deadlineAt: NOW_MS }));
    expect(answer.totals).toMatchObject({ own_events_seen: 0, live_tokens_seen: 0 });
    expect([answer.totals['own_events'], answer.totals['live_tokens']]).toEqual([undefined, undefined]);
    const notes = answer.notes.join(' ');
    expect(notes).toContain('Tokens were not read whole');
    expect(notes).not.toContain('known to be alive');
    expect(notes).toContain('Not read: 2026-11-13T12:00:00Z to 2026-11-20T12:00:00Z');
  });

  test('shows the tokens that it saw where a budget ended the reading of them, and says so', async () => {
    const token = (id: number, key: string, agoMs: number, change: Partial<SimEvent> = {}) =>
      event(key, agoMs, { entity_type: 'AccessToken', entity_id: String(id), details: { scopes: [] }, ...change });
    const events = [
      ...Array.from({ length: 5 }, (_, index) => token(index, 'access_token_created', 80 * DAY_MS + index)),
      ...Array.from({ length: 2000 }, (_, index) =>
        token(1000 + index, 'access_token_destroy', DAY_MS + index * 20 * 60_000, { actor_id: OTHER }),
      ),
    ];
    const world = await startWorld({
      simulator: { events, now: () => NOW_MS },
      clock: stillClock(NOW_MS),
      settings: { maxRequests: 30 },
    });
    onTestFinished(() => world.close());
    const answer = answerSchema.parse(await world.call('investigate_actor', { actor: PERSON, start_time: 'now-1h' }));
    expect(answer.live_tokens).toHaveLength(5);
    expect(answer.totals).toMatchObject({ live_tokens_seen: 5 });
    expect(answer.notes.join(' ')).toContain('Tokens were not read whole');
  });

  test('says why there may be nothing, where there is nothing', async () => {
    const answer = await investigate([], { actor: '424242' });
    expect(answer.totals).toMatchObject({ own_events: 0, done_to: 0, live_tokens: 0, findings: 0 });
    expect(answer.profile).toEqual({ id: '424242' });
    const notes = answer.notes.join(' ');
    expect(notes).toContain('the whole window');
    expect(notes).toContain('those from before live_tokens_since are not in the log');
  });
});
