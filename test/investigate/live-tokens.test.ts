// Tests which tokens and grants of a person count as alive.
import { describe, expect, test } from 'vitest';
import { createLiveTokens, TOKEN_KEYS_OF_ACTOR, TOKEN_KEYS_OF_ANYBODY } from '../../src/investigate/live-tokens.ts';
import { eventAt } from '../support/api-log.ts';

const token = (timeMs: number, event_key: string, id: string, change: Parameters<typeof eventAt>[2] = {}) =>
  eventAt(timeMs, timeMs, { event_key, entity_type: 'AccessToken', entity_id: id, ...change });
const grant = (timeMs: number, event_key: string, client: string) =>
  eventAt(timeMs, timeMs, { event_key, details: { client_id: client, scopes: ['chats:read'] } });

function alive(events: readonly ReturnType<typeof token>[], sinceMs = 0) {
  const tokens = createLiveTokens('1000');
  for (const event of events) tokens.observe(event);
  return tokens.result(sinceMs).map(({ kind, id, createdMs, touchedMs }) => [kind, id, createdMs, touchedMs]);
}

describe('tokens of a person', () => {
  test('are alive from when they were made, or were known to be changed, the newest first', () => {
    const events = [
      token(1, 'access_token_created', 'a'),
      token(2, 'access_token_updated', 'b'),
      token(3, 'access_token_updated', 'a'),
    ];
    expect(alive(events)).toEqual([
      ['access_token', 'b', undefined, 2],
      ['access_token', 'a', 1, 3],
    ]);
  });

  test('are gone once anybody destroyed them, and there again when one of the same number is made', () => {
    const made = token(1, 'access_token_created', 'a');
    const gone = token(2, 'access_token_destroy', 'a', { actor_id: '7' });
    expect(alive([made, gone])).toEqual([]);
    expect(alive([made, gone, token(3, 'access_token_created', 'a')])).toEqual([['access_token', 'a', 3, 3]]);
  });

  test('are those of the person alone', () => {
    expect(alive([token(1, 'access_token_created', 'a', { actor_id: '7' })])).toEqual([]);
  });

  test('that nothing was heard of since then are not known to be alive', () => {
    const events = [token(1, 'access_token_created', 'a'), token(2, 'access_token_created', 'b')];
    expect(alive(events, 2)).toEqual([['access_token', 'b', 2, 2]]);
    expect(alive([...events, token(3, 'access_token_updated', 'a')], 3)).toEqual([['access_token', 'a', 1, 3]]);
  });

  test('and grants of one number are two things, and a grant ends when it is taken back', () => {
    const given = [token(1, 'access_token_created', '5'), grant(2, 'oauth_authorization_granted', '5')];
    expect(alive(given)).toEqual([
      ['oauth_grant', '5', 2, 2],
      ['access_token', '5', 1, 1],
    ]);
    expect(alive([...given, token(3, 'access_token_destroy', '5')])).toEqual([['oauth_grant', '5', 2, 2]]);
    expect(alive([...given, grant(3, 'oauth_authorization_revoked', '5')])).toEqual([['access_token', '5', 1, 1]]);
    const again = [grant(3, 'oauth_authorization_revoked', '5'), grant(4, 'oauth_authorization_granted', '5')];
    expect(alive([...given, ...again])[0]).toEqual(['oauth_grant', '5', 4, 4]);
  });

  test('are told with the scopes that they had last', () => {
    const tokens = createLiveTokens('1000');
    tokens.observe(token(1, 'access_token_created', 'a', { details: { scopes: ['chats:read'] } }));
    tokens.observe(token(2, 'access_token_updated', 'a', { details: { scopes: ['chats:read', 'users:read'] } }));
    expect(tokens.result(0)).toMatchObject([{ scopes: ['chats:read', 'users:read'] }]);
  });

  test('are all told by the keys that are asked for', () => {
    expect([...TOKEN_KEYS_OF_ACTOR, ...TOKEN_KEYS_OF_ANYBODY].toSorted()).toEqual([
      'access_token_created',
      'access_token_destroy',
      'access_token_updated',
      'oauth_authorization_granted',
      'oauth_authorization_revoked',
    ]);
  });
});
