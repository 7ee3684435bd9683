// Tests W1, takeover_chain: what raises it, how grave it is, and what it must not be raised by.
import { describe, expect, test } from 'vitest';
import { act, judge } from '../support/changes.ts';
import { DAY, event, history, HOUR, LINUX_FIREFOX, MINUTE, SECOND, STRANGE } from '../support/events.ts';

const RULES = ['takeover_chain'] as const;
const thief = { ip: STRANGE, ua: LINUX_FIREFOX };
const desk = history();
/** A login from a network and with a client that the person never used. */
const entry = (at = 0) => event({ at, ...thief });
const token = (at: number, from: { ip?: string; ua?: string | null } = thief) =>
  act({ at, key: 'access_token_created', entity: 'AccessToken:5', details: { scopes: ['chats:read'] }, ...from });
const opened = (at: number) =>
  act({ at, key: 'chat_permission_changed', entity: 'Chat:900', details: { public_access: true }, ...thief });
const updated = (at: number, details: Record<string, unknown>) => act({ at, key: 'user_updated', details, ...thief });

describe('takeover_chain', () => {
  test('a suspicious login and what follows from the same place are one critical finding that tells them in order', () => {
    const grab = Array.from({ length: 20 }, (_, index) =>
      act({
        at: 30 * MINUTE + index * SECOND,
        key: 'search_messages_api',
        details: { cursor_present: true, query_present: false },
        ...thief,
      }),
    );
    const email = updated(4 * MINUTE, { changed_attrs: ['email'] });
    const { findings } = judge([...desk, entry(), opened(10 * MINUTE), token(2 * MINUTE), email, ...grab], RULES);
    expect(findings).toMatchObject([{ rule: 'takeover_chain', severity: 'critical', actor_ids: ['1'] }]);
    const why = findings[0]?.why ?? '';
    const steps = [
      'suspicious way in',
      'After 2 min: an access token',
      'After 4 min: what identifies',
      'After 10 min: a chat',
      'After 30.3 min: a burst',
    ];
    const places = steps.map((step) => why.indexOf(step));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
    expect(findings[0]?.first_at).toBe('2026-03-10T09:00:00.000Z');
  });

  test('an act that is itself the way in is told as a step, and is no chain alone', () => {
    const { findings } = judge([...desk, token(0), opened(10 * MINUTE)], RULES);
    expect(findings).toMatchObject([{ rule: 'takeover_chain', event_count: 2 }]);
    expect(findings[0]?.why).toMatch(
      /way in .*\. At once: an access token was made .* After 10 min: a chat was opened/,
    );
    expect(findings[0]?.why).toContain('activity_without_login');
  });

  test('in Russian, a step within the minute is at once, and parts of a minute have a comma', () => {
    const { findings } = judge([...desk, entry(), token(10 * SECOND), opened(90 * SECOND)], RULES, { lang: 'ru' });
    expect(findings[0]?.why).toMatch(/Сразу: создан .* Через 1,5 мин: чат открыт/);
  });

  test('the login alone, or the act alone, is no chain', () => {
    expect(judge([...desk, entry()], RULES).findings).toEqual([]);
    expect(judge([...desk, token(0)], RULES).findings).toEqual([]);
    expect(judge([...desk, token(0), entry(MINUTE)], RULES).findings).toEqual([]);
  });

  test('an act exactly a day after the login belongs to it, a millisecond later it does not', () => {
    // Without a client, so that the login, by then a day old, does not vouch for the act.
    const late = (at: number) => token(at, { ip: STRANGE, ua: null });
    expect(judge([...desk, entry(), late(DAY)], RULES).findings).toMatchObject([{ severity: 'critical' }]);
    expect(judge([...desk, entry(), late(DAY + 1)], RULES).findings).toEqual([]);
  });

  test('what the person does meanwhile from their own place with their own client is left out and counted', () => {
    const { findings, leftOut } = judge([...desk, entry(), token(MINUTE, {})], RULES);
    expect(findings).toEqual([]);
    expect(leftOut).toMatchObject({ known_source: 1 });
  });

  test('a known login and a new token are none', () => {
    expect(judge([...desk, event({ at: 0 }), token(MINUTE, {})], RULES).findings).toEqual([]);
  });

  test('acts of somebody else do not belong to the login', () => {
    const others = [...history({ actor: '2' }), act({ at: MINUTE, key: 'access_token_created', actor: '2', ...thief })];
    expect(judge([...desk, ...others, entry()], RULES).findings).toEqual([]);
  });

  test('a harmless change of profile, or one that single sign-on brought, is no act', () => {
    expect(judge([...desk, entry(), updated(MINUTE, { changed_attrs: ['title'] })], RULES).findings).toEqual([]);
    const sso = updated(MINUTE, { changed_attrs: ['email'], context: 'sso_login' });
    expect(judge([...desk, entry(), sso], RULES).findings).toEqual([]);
  });

  test('the initiator of a role change is who acted', () => {
    const raised = act({
      at: HOUR,
      key: 'user_role_changed',
      entity: 'User:5',
      details: { previous_company_role: 'user', new_company_role: 'admin', initiator_id: 1 },
      ...thief,
    });
    const { findings } = judge([...desk, entry(), raised], ['takeover_chain', 'privilege_escalation']);
    expect(findings).toMatchObject([{ rule: 'takeover_chain', also: ['privilege_escalation'] }]);
  });

  test('a way in that is reported only after the acts still makes the chain', () => {
    const failures = [0, 1, 2].map((index) => event({ at: index * SECOND, key: 'user_2fa_fail', ...thief }));
    const login = event({ at: 5 * SECOND, key: 'user_login', ...thief });
    const { findings } = judge([...desk, ...failures, login, token(20 * SECOND)], RULES);
    expect(findings).toMatchObject([{ severity: 'critical' }]);
    expect(findings[0]?.event_count).toBeGreaterThanOrEqual(2);
  });

  test('a harvest of thousands of searches stays one finding', () => {
    const grab = Array.from({ length: 3000 }, (_, index) =>
      act({ at: MINUTE + index * 100, key: 'search_messages_api', details: {}, ...thief }),
    );
    const { findings } = judge([...desk, entry(), ...grab], RULES);
    expect(findings).toHaveLength(1);
  });
});
