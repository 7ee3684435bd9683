// Owns the shape of one audit event, with the API's own names, and typed access to its details.
import { z } from 'zod';
import { EVENT_KEY_TABLE, type EventDetails, type EventKey } from './event-keys.ts';
import { timeOfText } from './time-text.ts';

const text = z.string().nullish();

/** Types of what is acted on, as the API's reference names them; there may be new ones. */
export const KNOWN_TYPES: readonly string[] = [
  'User',
  'Chat',
  'Message',
  'Reaction',
  'GroupTag',
  'TopicThread',
  'VideoRoom',
  'AccessToken',
];

/**
 * One event as the API gives it. Only `id`, `created_at` and `event_key` are relied on: an unknown key, details of any
 * form, nulls and new fields pass whole (api: "More keys will come").
 */
export const auditEventSchema = z.looseObject({
  id: z.string().min(1).describe('Unique id of the event'),
  created_at: z
    .string()
    .refine((value) => !Number.isNaN(timeOfText(value)), 'not a time')
    .meta({ format: 'date-time' })
    .describe('When it happened, UTC, with milliseconds'),
  event_key: z.string().describe('What happened'),
  entity_id: text.describe('Id of what was acted on'),
  entity_type: text.describe(`${KNOWN_TYPES.join(', ')}, or newer`),
  actor_id: text.describe('Id of the user or bot that acted'),
  actor_type: text.describe('Type of the actor'),
  details: z.unknown().optional().describe('An object; what is in it depends on event_key'),
  ip_address: text.describe('Null for what the server did by itself'),
  user_agent: text.describe('Client, cut at 255 characters; text that anyone may choose'),
});
export type AuditEvent = z.output<typeof auditEventSchema>;

/** An event with its time, so that the time is parsed once. */
export interface TimedEvent {
  readonly timeMs: number;
  readonly event: AuditEvent;
}

/** Whether `value` is an event. The value itself is kept, not a parsed copy: exports hold what the API sent. */
export function isAuditEvent(value: unknown): value is AuditEvent {
  return isEventOf(value, timeOf(value));
}

/** `value` with its time where it is an event. */
export function timedEvent(value: unknown): TimedEvent | undefined {
  const timeMs = timeOf(value);
  return isEventOf(value, timeMs) ? { timeMs, event: value } : undefined;
}

/** NaN where `value` has none. */
function timeOf(value: unknown): number {
  const time = typeof value === 'object' && value !== null && 'created_at' in value ? value.created_at : undefined;
  return typeof time === 'string' ? timeOfText(time) : Number.NaN;
}

function isEventOf(value: unknown, timeMs: number): value is AuditEvent {
  // Asked of every event of every page: nearly all are plainly well-formed, and the schema takes ten times as long to say so.
  return isPlainEvent(value, timeMs) || auditEventSchema.safeParse(value).success;
}

function isPlainEvent(value: unknown, timeMs: number): boolean {
  if (!isObject(value)) return false;
  const { id, event_key: key } = value;
  return (
    typeof id === 'string' &&
    id !== '' &&
    !Number.isNaN(timeMs) &&
    typeof key === 'string' &&
    isText(value['entity_id']) &&
    isText(value['entity_type']) &&
    isText(value['actor_id']) &&
    isText(value['actor_type']) &&
    isText(value['ip_address']) &&
    isText(value['user_agent'])
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' || value === null;
}

/** Time of the event, milliseconds since the epoch. */
export function eventTimeMs(event: AuditEvent): number {
  return timeOfText(event.created_at);
}

/** The details of `event` if it has key `eventKey` and they are as documented, else undefined. */
export function detailsOf<K extends EventKey>(event: AuditEvent, eventKey: K): EventDetails<K> | undefined;
export function detailsOf(event: AuditEvent, eventKey: EventKey): unknown {
  if (event.event_key !== eventKey) return undefined;
  const parsed = EVENT_KEY_TABLE[eventKey].details.safeParse(event.details ?? {});
  return parsed.success ? parsed.data : undefined;
}

/** As the API writes times: 2026-03-20T12:00:00.000Z. */
const API_TIME_LENGTH = 24;
const isApiTime = (time: string): boolean =>
  time.length === API_TIME_LENGTH && time[10] === 'T' && time[19] === '.' && time.endsWith('Z');

/** Times of one day in the API's form compare as text, which is much faster than to parse them. */
function compareTimes(a: string, b: string): number {
  if (a === b) return 0;
  if (isApiTime(a) && isApiTime(b) && a.startsWith(b.slice(0, 10))) return a < b ? -1 : 1;
  return timeOfText(a) - timeOfText(b);
}

/** Order of the log: by time, then id, so that events of one millisecond have one order everywhere. Oldest first. */
export function compareEvents(a: AuditEvent, b: AuditEvent): number {
  return compareTimes(a.created_at, b.created_at) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
