// Tests W6, sensitive_token: what raises it, how grave it is, and what it must not be raised by.
import { describe, expect, test } from 'vitest';
import { act, judge, READ_LONG_AGO, severities } from '../support/changes.ts';
import { DAY, HOUR } from '../support/events.ts';

const token = (scopes: string[], at = 0, key = 'access_token_created', id = '500') =>
  act({ at, key, entity: `AccessToken:${id}`, details: { scopes } });

describe('sensitive_token', () => {
  test('a token that reads messages is medium, and high where it is the first of the actor as far as was read', () => {
    const events = [token(['chats:read', 'messages:read', 'audit_events:read'])];
    expect(severities(events, 'sensitive_token')).toEqual(['medium']);
    const { findings } = judge(events, ['sensitive_token'], READ_LONG_AGO);
    expect(findings).toMatchObject([{ severity: 'high' }]);
    expect(findings[0]?.why).toBe(
      'Actor 1, event access_token_created: audit_events:read +1. No earlier token of this actor was seen.',
    );
  });

  test('it takes seven days of history to call a token the first', () => {
    const since = (ms: number) => ({ readSinceMs: () => Date.parse('2026-03-10T09:00:00Z') - ms });
    expect(severities([token(['bots:write'])], 'sensitive_token', since(7 * DAY))).toEqual(['high']);
    expect(severities([token(['bots:write'])], 'sensitive_token', since(7 * DAY - 1))).toEqual(['medium']);
  });

  test('a second token of other scopes is medium', () => {
    const before = token(['chats:read'], -5 * DAY, 'access_token_created', '499');
    expect(severities([before, token(['users:delete'])], 'sensitive_token', READ_LONG_AGO)).toEqual(['medium']);
  });

  test('harmless scopes are none', () => {
    const events = [token(['chats:read', 'messages:create', 'users:read', 'search:users'])];
    expect(severities(events, 'sensitive_token', READ_LONG_AGO)).toEqual([]);
  });

  test('renewing what the actor has given before is routine and counted', () => {
    const before = token(['messages:read'], -8 * DAY, 'access_token_created', '499');
    const { findings, leftOut } = judge([before, token(['messages:read'])], ['sensitive_token'], READ_LONG_AGO);
    expect(findings).toEqual([]);
    expect(leftOut).toEqual({ routine: 1 });
  });

  test('a token that was reported a week ago vouches for the next one, a millisecond less it does not', () => {
    const before = (age: number) => token(['messages:read'], -age, 'access_token_created', '499');
    const second = token(['messages:read'], 0);
    expect(judge([before(7 * DAY), second], ['sensitive_token']).leftOut).toEqual({ routine: 1 });
    expect(severities([before(7 * DAY - 1), second], 'sensitive_token')).toEqual(['medium']);
  });

  test('an update is judged by what it adds', () => {
    const made = token(['chats:read', 'messages:read'], -3 * DAY);
    const same = token(['chats:read', 'messages:read', 'threads:read'], 0, 'access_token_updated');
    const wider = token(['chats:read', 'messages:read', 'chat_exports:write'], HOUR, 'access_token_updated');
    expect(severities([made, same], 'sensitive_token')).toEqual([]);
    const { findings } = judge([made, same, wider], ['sensitive_token']);
    expect(findings).toMatchObject([{ severity: 'medium' }]);
    expect(findings[0]?.why).toContain('access_token_updated: chat_exports:write.');
  });

  test('an update of a token that was never read is medium and says so; a deletion is none', () => {
    const update = token(['search:messages'], 0, 'access_token_updated');
    const { findings } = judge([update], ['sensitive_token'], READ_LONG_AGO);
    expect(findings).toMatchObject([{ severity: 'medium' }]);
    expect(findings[0]?.why).toContain('What the token could do before was not read.');
    expect(severities([token(['search:messages'], 0, 'access_token_destroy')], 'sensitive_token')).toEqual([]);
  });
});
