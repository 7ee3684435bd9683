// Owns the short form of events for a model: columns named once, one row an event, ids as short references.
import { eventTimeMs, type AuditEvent } from '../audit/event.ts';
import { formatTime } from '../audit/time-input.ts';
import { clientOf } from '../text/user-agent.ts';

export const EVENT_COLUMNS = ['ref', 'time', 'key', 'actor', 'entity', 'ip', 'client', 'details'] as const;

const REF_MIN = 8;
const DETAILS_MAX = 160;

/** The shortest prefixes, of 8 characters or more, that tell `ids` apart. */
export function shortRefs(ids: readonly string[]): Map<string, string> {
  const refs = new Map<string, string>();
  let open = [...new Set(ids)];
  for (let length = REF_MIN; open.length > 0; length += 1) {
    const counts = new Map<string, number>();
    for (const id of open) counts.set(id.slice(0, length), (counts.get(id.slice(0, length)) ?? 0) + 1);
    for (const id of open) {
      if (counts.get(id.slice(0, length)) === 1 || id.length <= length) refs.set(id, id.slice(0, length));
    }
    open = open.filter((id) => !refs.has(id));
  }
  return refs;
}

function shortValue(value: unknown): string {
  if (Array.isArray(value)) return value.map(shortValue).join(',');
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  return String(value);
}

/** Details on one line, `name=value`; cut with an ellipsis, since the whole is in the detailed form. */
export function shortDetails(event: AuditEvent): string {
  const text = Object.entries(event.details ?? {})
    .map(([name, value]) => `${name}=${shortValue(value)}`)
    .join('; ');
  return text.length > DETAILS_MAX ? `${text.slice(0, DETAILS_MAX)}…` : text;
}

/** One row of EVENT_COLUMNS; an empty string stands for what the event does not have. */
export function eventRow(event: AuditEvent, ref: string, timeZone: string, isOwn: boolean): string[] {
  const entity = event.entity_id ? `${event.entity_type ?? ''}:${event.entity_id}` : '';
  return [
    ref,
    formatTime(eventTimeMs(event), timeZone),
    event.event_key,
    event.actor_id ?? '',
    // Most events of people are about themselves; repeating the id would cost a tenth of the answer.
    event.entity_type === 'User' && event.entity_id === event.actor_id ? 'self' : entity,
    event.ip_address ?? '',
    clientOf(event.user_agent)?.name ?? '',
    isOwn ? 'own read of this server' : shortDetails(event),
  ];
}

/** Ids of people in `events`: who acted, and who was acted on. */
export function peopleIn(events: readonly AuditEvent[]): string[] {
  const ids = new Set<string>();
  for (const event of events) {
    if (event.actor_id) ids.add(event.actor_id);
    if (event.entity_type === 'User' && event.entity_id) ids.add(event.entity_id);
  }
  return [...ids];
}
