// Tests investigate_actor: totals, tokens, others, timeline, and what it says of parts.
import { describe, expect, test } from 'vitest';
import type { SimEvent } from '../../src/simulator/model.ts';
import { column, DAY_MS, event, HOUR_MS, investigate, OTHER, PERSON } from '../support/investigated.ts';

describe('investigate_actor', () => {
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

  test('says why there may be nothing, where there is nothing', async () => {
    const answer = await investigate([], { actor: '424242' });
    expect(answer.totals).toMatchObject({ own_events: 0, done_to: 0, live_tokens: 0, findings: 0 });
    expect(answer.profile).toEqual({ id: '424242' });
    const notes = answer.notes.join(' ');
    expect(notes).toContain('the whole window');
    expect(notes).toContain('those from before live_tokens_since are not in the log');
  });
});
