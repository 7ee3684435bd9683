// Tests the live_tokens of investigate_actor: which of a person's tokens and grants are alive, and what they can do.
import { describe, expect, onTestFinished, test } from 'vitest';
import type { SimEvent } from '../../src/simulator/model.ts';
import { answerSchema, DAY_MS, event, HOUR_MS, investigate, NOW_MS, OTHER, PERSON } from '../support/investigated.ts';
import { stillClock } from '../support/still-clock.ts';
import { startWorld } from '../support/world.ts';

describe('live_tokens', () => {
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
});
