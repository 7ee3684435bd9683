// Tests W16, integration_trust_change: what raises it, how grave it is, and what it must not be raised by.
import { describe, expect, test } from 'vitest';
import { act, judge, READ_LONG_AGO, severities } from '../support/changes.ts';
import { DAY, history, HOUR, MINUTE, STRANGE } from '../support/events.ts';

const RULE = 'integration_trust_change';
const bot = (key: string, details: Record<string, unknown>, at = 0, options: { actor?: string; ip?: string } = {}) =>
  act({ at, key, entity: 'User:9001', details, ...options });
const webhook = (url: unknown, previous: unknown = null, at = 0) =>
  bot('bot_webhook_settings_updated', { changes: { outgoing_url: { previous, new: url } } }, at);
const client = (changes: Record<string, unknown>) => bot('bot_oauth_client_updated', { client_id: 'wiki', changes });
const token = (at: number, actor = '1', ip?: string) =>
  bot('bot_token_recreated', { bot_id: 9001, actor_id: Number(actor) }, at, {
    actor,
    ...(ip === undefined ? {} : { ip }),
  });
const grant = (actor: string, at = 0, scopes = ['profile:read'], app = 'wiki') =>
  act({ at, key: 'oauth_authorization_granted', actor, details: { client_id: app, scopes } });

describe('integration_trust_change: where a bot sends what it sees', () => {
  test('a webhook to a host that is new for the company is high and names the host', () => {
    const { findings } = judge([webhook('https://hook.example/in')], [RULE]);
    expect(findings).toMatchObject([{ severity: 'high', event_count: 1 }]);
    expect(findings[0]?.why).toContain('event bot_webhook_settings_updated: https://hook.example.');
  });

  test('another path of the same host, no address, or what is no address is none', () => {
    expect(severities([webhook('https://hook.example/b', 'https://hook.example/a')], RULE)).toEqual([]);
    expect(severities([webhook(null, 'https://hook.example/a')], RULE)).toEqual([]);
    expect(severities([webhook('soon'), webhook(7, null, 1)], RULE)).toEqual([]);
    const other = bot('bot_webhook_settings_updated', { changes: { ignore_self_messages: { previous: 1, new: 2 } } });
    expect(severities([other, bot('bot_webhook_settings_updated', {}, 1)], RULE)).toEqual([]);
  });

  test('a host that was reported a week before is routine for another bot, a millisecond less it is not', () => {
    const before = (age: number) => webhook('https://hook.example/a', null, -age);
    const now = webhook('https://hook.example/b');
    const judged = judge([before(7 * DAY), now], [RULE]);
    expect(judged.leftOut).toEqual({ routine: 1 });
    expect(judged.findings).toEqual([]);
    for (const age of [7 * DAY - 1, 2 * DAY]) {
      expect(judge([before(age), now], [RULE])).toMatchObject({ leftOut: {}, findings: [{ severity: 'high' }] });
    }
  });

  test('who sets it again and again is reported for a week from the first time, not for ever', () => {
    const daily = Array.from({ length: 10 }, (_, day) => webhook('https://hook.example/a', null, (day - 9) * DAY));
    expect(judge(daily, [RULE]).leftOut).toEqual({ routine: 1 });
    expect(judge(daily.slice(1), [RULE]).leftOut).toEqual({ routine: 1 });
    expect(judge(daily.slice(3), [RULE]).leftOut).toEqual({});
  });

  test('a redirect address of a new host is high, also where it only lost its encryption', () => {
    const redirect = (previous: string[], next: string[]) => client({ redirect_uris: { previous, new: next } });
    const home = 'https://wiki.example/cb';
    expect(severities([redirect([home], [home, 'https://wiki.example.net/cb'])], RULE)).toEqual(['high']);
    expect(severities([redirect([home], ['http://wiki.example/cb'])], RULE)).toEqual(['high']);
    expect(severities([redirect([home], ['https://wiki.example/callback'])], RULE)).toEqual([]);
    expect(severities([redirect([home], [])], RULE)).toEqual([]);
  });
});

describe('integration_trust_change: what a bot may do', () => {
  test('a sensitive scope added to a bot or an app is high', () => {
    const added = bot('bot_scopes_updated', { added_scopes: ['messages:read', 'chats:read'], removed_scopes: [] });
    const { findings } = judge([added], [RULE]);
    expect(findings).toMatchObject([{ severity: 'high' }]);
    expect(findings[0]?.why).toContain('messages:read. Sensitive scopes were added.');
    expect(
      severities([client({ scopes: { previous: ['chats:read'], new: ['chats:read', 'bots:write'] } })], RULE),
    ).toEqual(['high']);
  });

  test('harmless scopes, removed ones, and those that were there are none', () => {
    expect(severities([bot('bot_scopes_updated', { added_scopes: ['reactions:write'] })], RULE)).toEqual([]);
    expect(severities([bot('bot_scopes_updated', { removed_scopes: ['messages:read'] })], RULE)).toEqual([]);
    expect(
      severities([client({ scopes: { previous: ['bots:write'], new: ['bots:write', 'chats:read'] } })], RULE),
    ).toEqual([]);
  });

  test('a bot token made anew is high by a newcomer, medium by who kept another bot, low if from a known place', () => {
    const other = bot('bot_scopes_updated', { added_scopes: [], bot_id: 9002 }, -5 * DAY);
    expect(severities([token(0)], RULE, READ_LONG_AGO)).toEqual(['high']);
    expect(severities([...history(), other, token(0)], RULE, READ_LONG_AGO)).toEqual(['low']);
    expect(severities([...history(), other, token(0, '1', STRANGE)], RULE, READ_LONG_AGO)).toEqual(['medium']);
  });

  test('who made it anew before does so again: routine; without history it is medium', () => {
    const { findings, leftOut } = judge([token(-7 * DAY), token(0)], [RULE], READ_LONG_AGO);
    expect(findings).toEqual([]);
    expect(leftOut).toEqual({ routine: 1 });
    expect(severities([token(-7 * DAY + 1), token(0)], RULE, READ_LONG_AGO)).toEqual(['high']);
    expect(severities([token(0)], RULE)).toEqual(['medium']);
  });
});

describe('integration_trust_change: who lets in an app', () => {
  const people = (count: number, gapMs = MINUTE) =>
    Array.from({ length: count }, (_, index) => grant(String(index + 1), index * gapMs));

  test('three people who let in an app new for the company within the hour are one high finding', () => {
    const { findings } = judge(people(3), [RULE], READ_LONG_AGO);
    expect(findings).toMatchObject([{ severity: 'high', actor_ids: ['1', '2', '3'], event_count: 3 }]);
    expect(severities(people(2), RULE, READ_LONG_AGO)).not.toContain('high');
  });

  test('the third counts exactly an hour after the first, and not a millisecond later', () => {
    const two = [grant('1'), grant('2', MINUTE)];
    expect(severities([...two, grant('3', HOUR)], RULE, READ_LONG_AGO)).toContain('high');
    expect(severities([...two, grant('3', HOUR + 1)], RULE, READ_LONG_AGO)).not.toContain('high');
  });

  test('one person is low, or medium where the app asks for sensitive scopes', () => {
    expect(severities([grant('1')], RULE, READ_LONG_AGO)).toEqual(['low']);
    expect(severities([grant('1', 0, ['messages:read'])], RULE, READ_LONG_AGO)).toEqual(['medium']);
  });

  test('an app that came in by a wave or with sensitive scopes is not routine within a week', () => {
    const wave = [grant('7', -2 * DAY), grant('8', -2 * DAY + 1), grant('9', -2 * DAY + 2)];
    expect(severities([...wave, grant('1')], RULE, READ_LONG_AGO)).toEqual(['low']);
    expect(severities([...wave, ...people(3)], RULE, READ_LONG_AGO)).toContain('high');
    const sensitive = grant('7', -2 * DAY, ['messages:read']);
    expect(severities([sensitive, grant('1', 0, ['messages:read'])], RULE, READ_LONG_AGO)).toEqual(['medium']);
  });

  test('an app known in the company is routine for everybody', () => {
    const { findings, leftOut } = judge([grant('7', -3 * DAY), ...people(5)], [RULE], READ_LONG_AGO);
    expect(findings).toEqual([]);
    expect(leftOut).toEqual({ routine: 5 });
  });

  test('without history no app is called new: sensitive ones are medium and say so, the rest are counted', () => {
    expect(judge(people(3), [RULE]).leftOut).toEqual({ short_history: 3 });
    const { findings } = judge([grant('1', 0, ['search:messages'])], [RULE]);
    expect(findings).toMatchObject([{ severity: 'medium' }]);
    expect(findings[0]?.why).toContain('Too little of the time before was read');
  });
});
