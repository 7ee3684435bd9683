// Owns the short form of events for a model: columns named once, one row an event, ids as short references.
import { idIn, isDetails } from '../audit/event-details.ts';
import { eventTimeMs, type AuditEvent } from '../audit/event.ts';
import { formatTime } from '../audit/time-input.ts';
import { cleanText } from '../text/clean.ts';
import { tokenBound, tokenEstimate } from '../text/tokens.ts';
import { clientOf } from '../text/user-agent.ts';
import type { IsOwnRead } from '../audit/query.ts';
import { NOTE_WORDS } from './note-wording.ts';
import type { Lang } from '../text/lang.ts';

export const EVENT_COLUMNS = ['ref', 'time', 'key', 'actor', 'entity', 'ip', 'client', 'details'] as const;

const REF_MIN = 8;
const DETAILS_MAX = 160;
/** Hosts cut at 25,000 tokens; the contract promises 20,000, and notes and odd names need room too. */
const EVENTS_TOKENS_MAX = 17_500;
/** A person's name and role in the table of actors. */
const PERSON_TOKENS = 30;
/** Quotes and a comma. */
const MARKS_TOKENS = 1;

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

/** The marks between names, values and items of a list. */
const MARKS = /[;=,"]/u;

/** A text that somebody chose must not read like another detail: `a; public_access=true` is quoted. */
function shortText(text: string): string {
  return MARKS.test(text) ? JSON.stringify(cleanText(text)) : text;
}

function shortValue(value: unknown): string {
  if (typeof value === 'string') return shortText(value);
  if (Array.isArray(value)) return value.map(shortValue).join(',');
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  return String(value);
}

/** Details on one line, `name=value`; cut with an ellipsis, since the whole is in the detailed form. */
export function shortDetails({ details }: AuditEvent): string {
  const named = isDetails(details)
    ? Object.entries(details).map(([name, value]) => `${shortText(name)}=${shortValue(value)}`)
    : [shortValue(details ?? '')];
  const text = named.join('; ');
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
    entity !== '' && event.entity_type === 'User' && event.entity_id === event.actor_id ? 'self' : entity,
    event.ip_address ?? '',
    clientOf(event.user_agent)?.name ?? '',
    isOwn ? 'own read of this server' : shortDetails(event),
  ];
}

const CHOSEN_COLUMNS = ['client', 'details'].map((name) => EVENT_COLUMNS.findIndex((column) => column === name));

/** What a row costs at most: what somebody may have chosen counts as badly as it can split. */
export function rowTokens(row: readonly string[]): number {
  return row.reduce((tokens, text, index) => {
    return tokens + (CHOSEN_COLUMNS.includes(index) ? tokenBound(text) : tokenEstimate(text)) + MARKS_TOKENS;
  }, 0);
}

function eventTokens({ user_agent: agent, details, ...rest }: AuditEvent): number {
  return tokenEstimate(JSON.stringify(rest)) + tokenBound(JSON.stringify([agent, details]));
}

/** Details that name a person; see the table of event keys. */
const PEOPLE_DETAILS = ['initiator_id', 'inviter_id', 'user_id', 'actor_id', 'bot_id'] as const;

/** Ids of people in `events`: who acted, who was acted on, and whom the details name. */
export function peopleIn(events: readonly AuditEvent[]): string[] {
  const ids = new Set<string>();
  for (const event of events) {
    if (event.actor_id) ids.add(event.actor_id);
    if (event.entity_type === 'User' && event.entity_id) ids.add(event.entity_id);
    for (const name of PEOPLE_DETAILS) {
      const id = idIn(event, name);
      if (id !== undefined) ids.add(id);
    }
  }
  return [...ids];
}

export interface ShownEvent {
  readonly event: AuditEvent;
  /** Of EVENT_COLUMNS. */
  readonly row: string[];
  /** The event as the API has it; reads of this server have a mark of ours, `own_read`. */
  readonly whole: Record<string, unknown>;
}

export interface ShowOptions {
  readonly limit: number;
  readonly timeZone: string;
  readonly isOwnRead: IsOwnRead;
  /** What the answer will hold of them. */
  readonly format: 'concise' | 'detailed';
  /** Of the notes. */
  readonly lang: Lang;
}

/** The first of `events`, as many as were asked for and fit an answer, at least one; and a note where that one was cut. */
export function fittingEvents(
  events: readonly AuditEvent[],
  options: ShowOptions,
): { shown: ShownEvent[]; notes: string[] } {
  const { limit, timeZone, isOwnRead, format, lang } = options;
  const refs = shortRefs(events.map(({ id }) => id));
  const people = new Set<string>();
  const shown: ShownEvent[] = [];
  let tokens = 0;
  for (const event of events.slice(0, limit)) {
    const isOwn = isOwnRead(event);
    const row = eventRow(event, refs.get(event.id) ?? event.id, timeZone, isOwn);
    const known = people.size;
    for (const id of peopleIn([event])) people.add(id);
    tokens += format === 'concise' ? rowTokens(row) : eventTokens(event);
    tokens += (people.size - known) * PERSON_TOKENS;
    if (tokens > EVENTS_TOKENS_MAX && shown.length === 0)
      return { shown: [cutShort(event, row)], notes: [NOTE_WORDS[lang].cutShort] };
    if (tokens > EVENTS_TOKENS_MAX) break;
    shown.push({ event, row, whole: isOwn ? { ...event, own_read: true } : event });
  }
  return { shown, notes: [] };
}

const CUT_TEXT_MAX = 100;
const CUT_ITEMS_MAX = 15;
const CUT_DEPTH_MAX = 2;

/** An event that no answer could hold: its long texts and lists are cut, what tells it apart is not. */
function cutShort(event: AuditEvent, row: readonly string[]): ShownEvent {
  const cut = (value: unknown, depth: number): unknown => {
    if (typeof value === 'string') return cleanText(value, CUT_TEXT_MAX);
    if (typeof value !== 'object' || value === null) return value;
    if (depth > CUT_DEPTH_MAX) return '…';
    if (Array.isArray(value)) return value.slice(0, CUT_ITEMS_MAX).map((one: unknown) => cut(one, depth + 1));
    return cutFields(value, depth);
  };
  const cutFields = (value: object, depth: number): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(value)
        .slice(0, CUT_ITEMS_MAX)
        .map(([name, one]) => [cleanText(name, CUT_TEXT_MAX), cut(one, depth + 1)]),
    );
  return { event, row: row.map((text) => cleanText(text, CUT_TEXT_MAX)), whole: cutFields(event, 0) };
}
