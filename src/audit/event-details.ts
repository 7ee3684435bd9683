// Owns the reading of single details, whatever shape they came in, and of who and which chat an event is about.
import type { AuditEvent } from './event.ts';

/** What stands in `details` under `name`, whatever it is; nothing where they are no object. */
export function detailIn({ details }: AuditEvent, name: string): unknown {
  return isDetails(details) ? details[name] : undefined;
}

export function isDetails(details: unknown): details is Record<string, unknown> {
  return typeof details === 'object' && details !== null && !Array.isArray(details);
}

/** An id inside `details`, as a string like the ids on top; undefined where there is none. */
export function idIn(event: AuditEvent, name: string): string | undefined {
  const value = detailIn(event, name);
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A text inside `details`. */
export function textIn(event: AuditEvent, name: string): string | undefined {
  const value = detailIn(event, name);
  return typeof value === 'string' ? value : undefined;
}

/** A number inside `details`. */
export function numberIn(event: AuditEvent, name: string): number | undefined {
  const value = detailIn(event, name);
  return typeof value === 'number' ? value : undefined;
}

/** A truth value inside `details`. */
export function flagIn(event: AuditEvent, name: string): boolean | undefined {
  const value = detailIn(event, name);
  return typeof value === 'boolean' ? value : undefined;
}

/** The texts of `value`: itself, or those in the list that it is. */
export function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** A list of texts inside `details`; empty where there is none. */
export function listIn(event: AuditEvent, name: string): readonly string[] {
  return textsOf(detailIn(event, name));
}

export interface Change {
  readonly previous: unknown;
  readonly now: unknown;
}

/** One entry of `details.changes`, as the bot keys carry it: what a setting was and what it is now. */
export function changeIn(event: AuditEvent, setting: string): Change | undefined {
  const changes = detailIn(event, 'changes');
  if (typeof changes !== 'object' || changes === null) return undefined;
  const change: unknown = Object.entries(changes).find(([name]) => name === setting)?.[1];
  if (typeof change !== 'object' || change === null) return undefined;
  const { previous, new: now } = { previous: undefined, new: undefined, ...change };
  return { previous, now };
}

/**
 * Who was behind the event: the initiator or inviter in the details where they name one, else the actor. (For a join of a
 * chat the actor is who joined; for a change of role, the log names the initiator apart.)
 */
export function initiatorOf(event: AuditEvent): string | undefined {
  return idIn(event, 'initiator_id') ?? idIn(event, 'inviter_id') ?? (event.actor_id || undefined);
}

/** Whether the actor made the request: where another did, address and client are that one's. */
export function isActorsOwn(event: AuditEvent): boolean {
  return (idIn(event, 'actor_id') ?? initiatorOf(event)) === (event.actor_id || undefined);
}

/** Id of the chat that the event is about: the entity, or in the details. */
export function chatOf(event: AuditEvent): string | undefined {
  return event.entity_type === 'Chat' && event.entity_id ? event.entity_id : idIn(event, 'chat_id');
}
