// Owns which access tokens and OAuth grants of a person were given and not taken away, as far as the events tell; pure.
import { idIn, listIn, textIn } from '../audit/event-details.ts';
import { eventTimeMs, type AuditEvent } from '../audit/event.ts';
import type { EventKey } from '../audit/event-keys.ts';

export interface LiveToken {
  readonly kind: 'access_token' | 'oauth_grant';
  /** Of the token, or of the OAuth client. */
  readonly id: string;
  /** As last given or changed, by whomever. */
  readonly scopes: readonly string[];
  /** Absent where its making was not read. */
  readonly createdMs?: number;
  /** When it was last given or changed. */
  readonly touchedMs: number;
}

/** What the person does. */
export const TOKEN_KEYS_OF_ACTOR: readonly EventKey[] = ['oauth_authorization_granted', 'oauth_authorization_revoked'];
/** What others may do, with the person as its entity. */
export const TOKEN_KEYS_OF_ENTITY: readonly EventKey[] = ['oauth_authorization_revoked'];
/** What anybody with the rights may do to a token. */
export const TOKEN_KEYS_OF_ANYBODY: readonly EventKey[] = [
  'access_token_created',
  'access_token_updated',
  'access_token_destroy',
];

/** More than anybody has, and more than a company makes while the log keeps it. */
const TOKENS_MAX = 10_000;
const TOKENS_OF_OTHERS_MAX = 200_000;

const madeMs = ({ createdMs, touchedMs }: LiveToken): number => createdMs ?? touchedMs;

/** Events of one token come oldest first, and those of a grant that the person did; what others did to it follows. */
export function createLiveTokens(personId: string) {
  const live = new Map<string, LiveToken>();
  /** Access tokens that others made: a person who changes one of them does not have it. */
  const ofOthers = new Set<string>();
  function give(kind: LiveToken['kind'], id: string, event: AuditEvent, isNew: boolean): void {
    const key = `${kind} ${id}`;
    const before = live.get(key);
    if (before === undefined && live.size >= TOKENS_MAX) return;
    const touchedMs = eventTimeMs(event);
    const createdMs = isNew ? touchedMs : before?.createdMs;
    const made = createdMs === undefined ? {} : { createdMs };
    live.set(key, { kind, id, scopes: listIn(event, 'scopes'), ...made, touchedMs });
  }
  function observeToken(event: AuditEvent, id: string): void {
    const isOwnAct = event.actor_id === personId;
    switch (event.event_key) {
      case 'access_token_created':
        if (isOwnAct) give('access_token', id, event, true);
        else if (ofOthers.size < TOKENS_OF_OTHERS_MAX) ofOthers.add(id);
        break;
      case 'access_token_updated': {
        // Of a token from before what was read it shows that it was alive, and may be of the person's own.
        const isOlder = isOwnAct && !ofOthers.has(id);
        if (isOlder || live.has(`access_token ${id}`)) give('access_token', id, event, false);
        break;
      }
      case 'access_token_destroy':
        live.delete(`access_token ${id}`);
        ofOthers.delete(id);
    }
  }
  function observeGrant(event: AuditEvent): void {
    const client = textIn(event, 'client_id') ?? idIn(event, 'client_id');
    const isPersons = event.entity_type === 'User' && event.entity_id === personId;
    if (client === undefined || (event.actor_id !== personId && !isPersons)) return;
    const known = live.get(`oauth_grant ${client}`);
    if (event.event_key === 'oauth_authorization_granted') give('oauth_grant', client, event, known === undefined);
    const isGivenSince = known !== undefined && known.touchedMs > eventTimeMs(event);
    if (event.event_key === 'oauth_authorization_revoked' && !isGivenSince) live.delete(`oauth_grant ${client}`);
  }
  return {
    observe(event: AuditEvent): void {
      if (event.entity_id) observeToken(event, event.entity_id);
      observeGrant(event);
    },
    /** Newest first; of those alone that are known to have been alive at or after `sinceMs`. */
    result: (sinceMs: number): LiveToken[] =>
      [...live.values()].filter(({ touchedMs }) => touchedMs >= sinceMs).toSorted((a, b) => madeMs(b) - madeMs(a)),
  };
}
