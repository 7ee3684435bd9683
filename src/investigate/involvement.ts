// Owns how a person is involved in an event that somebody else may have caused, and which keys tell so in their details.
import { idIn, initiatorOf } from '../audit/event-details.ts';
import type { AuditEvent } from '../audit/event.ts';
import type { EventKey } from '../audit/event-keys.ts';

export const INVOLVEMENTS = ['actor', 'subject', 'entity', 'initiator', 'inviter', 'dlp_subject'] as const;
export type Involvement = (typeof INVOLVEMENTS)[number];

/** Keys whose details name a person who need be neither actor nor entity. The API cannot filter by them. */
export const NAMING_KEYS: readonly EventKey[] = [
  'user_role_changed',
  'user_added_to_tag',
  'user_removed_from_tag',
  'user_chat_join',
  'user_chat_leave',
  'dlp_violation_detected',
  'bot_token_recreated',
  'bot_deleted',
];

/** How `personId` is involved in `event`; undefined where not at all. */
export function involvementOf(event: AuditEvent, personId: string): Involvement | undefined {
  // Whom an administrator takes out of a tag is the actor of that event; the details name who did it.
  if (event.actor_id === personId) return initiatorOf(event) === personId ? 'actor' : 'subject';
  if (event.entity_type === 'User' && event.entity_id === personId) return 'entity';
  if (idIn(event, 'initiator_id') === personId || idIn(event, 'actor_id') === personId) return 'initiator';
  if (idIn(event, 'inviter_id') === personId) return 'inviter';
  if (event.event_key === 'dlp_violation_detected' && idIn(event, 'user_id') === personId) return 'dlp_subject';
  return undefined;
}
