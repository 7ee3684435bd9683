// Owns one page of GET /audit_events: what is asked, what comes back, and where the log ends.
import { AuditError } from '../errors.ts';
import type { CallOptions, HttpClient } from '../http/http-client.ts';
import { timedEvent, type TimedEvent } from './event.ts';
import type { AuditQuery, TimeWindow } from './query.ts';

/** Events a page; the API allows no more. */
export const PAGE_EVENTS = 50;

const SECOND_MS = 1000;

/** What the API can filter by itself, but for the key: it takes one a request. */
export type PageFilters = Pick<AuditQuery, 'actorId' | 'actorType' | 'entityId' | 'entityType'>;

export interface PageRequest {
  /** On whole seconds. The API may count an event at the very end as inside: the caller drops it. */
  window: TimeWindow;
  filters: PageFilters;
  eventKey?: string | undefined;
  /** Of the page before, in the same window with the same filters. */
  cursor?: string | undefined;
}

export interface EventPage {
  /** Newest first, as the API sent them. */
  events: readonly TimedEvent[];
  /** Absent on the last page. */
  nextCursor?: string;
}

/** Reads one page. Throws AuditError, `bad_response` where the answer is no page of events. */
export async function readPage(http: HttpClient, request: PageRequest, options?: CallOptions): Promise<EventPage> {
  const { window, filters, eventKey, cursor } = request;
  const { body, status, requestId } = await http.get(
    '/audit_events',
    {
      start_time: apiTime(window.startMs),
      end_time: apiTime(window.endMs),
      event_key: eventKey,
      actor_id: filters.actorId,
      actor_type: filters.actorType,
      entity_id: filters.entityId,
      entity_type: filters.entityType,
      limit: String(PAGE_EVENTS),
      cursor,
    },
    options,
  );
  const fail = (message: string) =>
    new AuditError('bad_response', message, { status, ...(requestId === undefined ? {} : { requestId }) });
  if (!isRecord(body) || !Array.isArray(body['data']))
    throw fail('The answer to GET /audit_events holds no list of events');
  const data: unknown[] = body['data'];
  // The objects themselves are kept, not parsed copies: exports hold what the API sent.
  const events = data.map(timedEvent).filter((timed) => timed !== undefined);
  if (events.length < data.length) throw fail('The answer to GET /audit_events holds something that is no event');
  if (!events.every((timed) => isAskedFor(timed, request)))
    throw fail('The answer to GET /audit_events is one to another question: a cache or proxy may have mixed them up');
  const next = nextCursorOf(body, events.length > 0);
  if (next === null) throw fail('The answer to GET /audit_events says that there is more, but not where');
  return next === undefined ? { events } : { events, nextCursor: next };
}

/** Whether the event may be part of the answer. Half of an answer to another question would be taken for all of this one. */
function isAskedFor({ timeMs, event }: TimedEvent, { window, filters, eventKey }: PageRequest): boolean {
  return (
    timeMs > window.startMs - SECOND_MS &&
    timeMs < window.endMs + SECOND_MS &&
    (eventKey === undefined || event.event_key === eventKey) &&
    isId(event.actor_id, filters.actorId) &&
    isId(event.entity_id, filters.entityId)
  );
}

/** Whether `id` is the one that was asked for, if any was; the API may read "0101" as 101, and letters of either case. */
function isId(id: string | null | undefined, asked: string | undefined): boolean {
  if (asked === undefined || id === asked) return true;
  const plain = (text: string) => text.toLowerCase().replace(/^0+(?=\d)/u, '');
  return typeof id === 'string' && plain(id) === plain(asked);
}

/** `2026-03-10T14:00:00Z`: whole seconds, as the API's reference writes them. */
function apiTime(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}

/**
 * Where the next page is: undefined at the end, null where the answer contradicts itself. In the new form `has_next` says
 * it, and an empty page in the middle is no end; in the old form a missing cursor or an empty page is.
 */
function nextCursorOf(body: Record<string, unknown>, hasEvents: boolean): string | undefined | null {
  const meta = isRecord(body['meta']) ? body['meta'] : {};
  const paginate = isRecord(meta['paginate']) ? meta['paginate'] : {};
  const { has_next: hasNext, next_page: nextPage } = paginate;
  const cursor = typeof nextPage === 'string' && nextPage !== '' ? nextPage : undefined;
  if (hasNext === true) return cursor ?? null;
  if (hasNext === false || !hasEvents) return undefined;
  return cursor;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
