// Owns which access tokens and OAuth grants of a person were given and not taken away, as far as the events tell; pure.
import { listIn, textIn } from '../audit/event-details.ts';
import { eventTimeMs, type AuditEvent } from '../audit/event.ts';
import type { EventKey } from '../audit/event-keys.ts';

export interface LiveToken {
  readonly kind: 'access_token' | 'oauth_grant';
  /** Of the token, or of the OAuth client. */
  readonly id: string;
  readonly scopes: readonly string[];
  readonly createdMs: number;
  /** When it was last given or changed. */
  readonly touchedMs: number;
}

/** What the person does to get a token or to change one. */
export const TOKEN_KEYS_OF_ACTOR: readonly EventKey[] = [
  'access_token_created',
  'access_token_updated',
  'oauth_authorization_granted',
  'oauth_authorization_revoked',
];
/** What anybody with the rights may do to it. */
export const TOKEN_KEYS_OF_ANYBODY: readonly EventKey[] = ['access_token_destroy'];

/** More than anybody has. */
const TOKENS_MAX = 10_000;

/** Events of the person's tokens may come in any order, as long as those of one token do not. */
export function createLiveTokens(personId: string) {
  const live = new Map<string, LiveToken>();
  const destroyed = new Set<string>();
  function give(kind: LiveToken['kind'], id: string, event: AuditEvent): void {
    const key = `${kind} ${id}`;
    const known = live.get(key);
    if (known === undefined && live.size >= TOKENS_MAX) return;
    const createdMs = known?.createdMs ?? eventTimeMs(event);
    live.set(key, { kind, id, scopes: listIn(event, 'scopes'), createdMs, touchedMs: eventTimeMs(event) });
  }
  return {
    observe(event: AuditEvent): void {
      const { event_key: key, entity_id: entityId, actor_id: actorId } = event;
      if (key === 'access_token_destroy' && entityId) {
        if (destroyed.size < TOKENS_MAX) destroyed.add(entityId);
        return;
      }
      if (actorId !== personId) return;
      if (key === 'access_token_created' && entityId) give('access_token', entityId, event);
      // An update of an older token shows that it was alive then.
      if (key === 'access_token_updated' && entityId) give('access_token', entityId, event);
      const client = textIn(event, 'client_id');
      if (client === undefined) return;
      if (key === 'oauth_authorization_granted') give('oauth_grant', client, event);
      if (key === 'oauth_authorization_revoked') live.delete(`oauth_grant ${client}`);
    },
    /** Newest first; of those alone that are known to have been alive at or after `sinceMs`. */
    result: (sinceMs: number): LiveToken[] =>
      [...live.values()]
        .filter(({ kind, id, touchedMs }) => touchedMs >= sinceMs && (kind !== 'access_token' || !destroyed.has(id)))
        .toSorted((a, b) => b.createdMs - a.createdMs),
  };
}
