// Owns one page of a list of events: its question, its reading, and pages that memory would give again.
import { z } from 'zod';
import type { Coverage } from '../audit/audit-log.ts';
import { compareEvents, type AuditEvent } from '../audit/event.ts';
import { auditQuerySchema, type AuditQuery } from '../audit/query.ts';
import { createRecentMap } from '../recent-map.ts';
import { encodeCursor } from './cursor.ts';
import { emptyNotes } from './empty-notes.ts';
import { EVENT_COLUMNS, fittingEvents, peopleIn } from './event-rows.ts';
import { NOTE_WORDS } from './note-wording.ts';
import { readProgress } from './read-progress.ts';
import { textNotes } from './text-notes.ts';
import type { ToolContext } from './tool.ts';

export const PAGE_LIMIT_MAX = 200;
const SECOND_MS = 1000;

export const pageSchema = z.object({
  query: auditQuerySchema,
  limit: z.int().min(1).max(PAGE_LIMIT_MAX),
  format: z.enum(['concise', 'detailed']),
  /** Where the page before ended. */
  after: z.object({ id: z.string(), created_at: z.string() }).optional(),
  /** Down to here the pages before have read, where a limit of time or requests ended the last one early. */
  read_down_to_ms: z.int().optional(),
});
export type Page = z.output<typeof pageSchema>;

/** What of the answer the log alone decides: neither the moment of the call nor names of people. */
export interface ListedPage<Answer> {
  readonly coverage: Coverage;
  /** Ids in what is shown. */
  readonly people: readonly string[];
  readonly notes: readonly string[];
  readonly shown: {
    has_more: boolean;
    columns?: string[];
    rows?: string[][];
    events?: Record<string, unknown>[];
    next_cursor?: string;
  };
  /** The answer that was made of it last, and what of it was not the log's. */
  given?: { readonly by: string; readonly answer: Answer };
}

/** The part of the window that is still to be listed: the second of the last event again, since others may share it. */
function restOf({ query, after, read_down_to_ms: readDownToMs }: Page): AuditQuery {
  const ends = [
    query.window.endMs,
    ...(after === undefined ? [] : [(Math.floor(Date.parse(after.created_at) / SECOND_MS) + 1) * SECOND_MS]),
    ...(readDownToMs === undefined ? [] : [readDownToMs]),
  ];
  return { ...query, window: { ...query.window, endMs: Math.min(...ends) } };
}

/** Where the next page reads on, when this one was ended by time, requests or a failure; undefined where it got nowhere. */
function readDownTo({ window }: AuditQuery, { complete, stoppedBy, covered }: Coverage): number | undefined {
  if (complete || stoppedBy === 'retention') return undefined;
  const newest = covered.at(-1);
  const isOn = newest?.endMs === window.endMs && newest.startMs > window.startMs;
  return isOn ? newest.startMs : undefined;
}

function isAfter(event: AuditEvent, after: Page['after']): boolean {
  return after === undefined || compareEvents({ event_key: '', ...after }, event) > 0;
}

interface ReadPage {
  readonly events: readonly AuditEvent[];
  readonly coverage: Coverage;
}

async function readPage(query: AuditQuery, page: Page, context: ToolContext): Promise<ReadPage> {
  const read = context.log.read(query, {
    signal: context.signal,
    deadlineAt: context.deadlineAt,
    maxRequests: context.settings.maxRequests,
    onProgress: readProgress(context),
    ...(page.after === undefined ? { maxEvents: page.limit + 1 } : {}),
  });
  const events: AuditEvent[] = [];
  // One more than asked for: whether there is a next page is known, not guessed.
  for await (const batch of read.batches) {
    events.push(...batch.filter((event) => isAfter(event, page.after)));
    if (events.length > page.limit) break;
  }
  return { events, coverage: read.coverage() };
}

/** What was read and is not shown stands on the next page: this answer covers no more than it shows. */
function stoppedByLimit(coverage: Coverage, { window }: AuditQuery, last: AuditEvent | undefined): Coverage {
  const shownDownToMs =
    last === undefined ? window.endMs : (Math.floor(Date.parse(last.created_at) / SECOND_MS) + 1) * SECOND_MS;
  const covered = shownDownToMs < window.endMs ? [{ startMs: shownDownToMs, endMs: window.endMs }] : [];
  return { ...coverage, complete: false, stoppedBy: 'limit', covered };
}

/** The question of the next page; undefined where there is none. */
function nextPage(
  page: Page,
  last: AuditEvent | undefined,
  readDownToMs: number | undefined,
  isFull: boolean,
): Page | undefined {
  if (!isFull && readDownToMs === undefined) return undefined;
  return {
    ...page,
    ...(last === undefined ? {} : { after: { id: last.id, created_at: last.created_at } }),
    ...(readDownToMs === undefined ? {} : { read_down_to_ms: readDownToMs }),
  };
}

function listedPage<Answer>(
  purpose: string,
  page: Page,
  { events, coverage }: ReadPage,
  context: ToolContext,
): ListedPage<Answer> {
  const rest = restOf(page);
  const { query, limit, format } = page;
  const { isOwnRead, settings } = context;
  const { lang } = settings;
  const { shown, notes } = fittingEvents(events, { limit, format, isOwnRead, lang, timeZone: query.timeZone });
  const listed = shown.map(({ event }) => event);
  const isFull = events.length > shown.length;
  // What was left unread by a limit of ours is the next page, not a gap.
  const stopped = isFull ? stoppedByLimit(coverage, rest, listed.at(-1)) : coverage;
  const next = nextPage(page, listed.at(-1), isFull ? undefined : readDownTo(rest, coverage), isFull);
  return {
    coverage: stopped,
    people: peopleIn(listed),
    notes: [
      ...(next !== undefined && !isFull ? [NOTE_WORDS[lang].goesOn] : []),
      ...notes,
      ...textNotes(listed, lang),
      ...(listed.length === 0 ? emptyNotes(query, coverage, context) : []),
    ],
    shown: {
      has_more: next !== undefined,
      ...(format === 'concise'
        ? { columns: [...EVENT_COLUMNS], rows: shown.map(({ row }) => row) }
        : { events: shown.map(({ whole }) => whole) }),
      ...(next === undefined ? {} : { next_cursor: encodeCursor(purpose, next) }),
    },
  };
}

/** Whether the events alone ended the reading. `cancelled`: there were enough of them. */
function isRepeatable({ coverage: { requests, stoppedBy, notes } }: ReadPage): boolean {
  return requests === 0 && notes === undefined && ['end', 'limit', 'cancelled'].includes(stoppedBy);
}

/** All pages that are kept, as JSON: in memory, with what is made of them, about five times as much. */
const KEPT_LENGTH = 1024 * 1024;
/** What a page takes however short it is. */
const PAGE_LENGTH = 1000;

/** Reads pages for the tool `purpose`. One that would be made of the same events in memory once more is not made again. */
export function createPageReader<Answer>(purpose: string) {
  const kept = createRecentMap<string, ListedPage<Answer>>(KEPT_LENGTH);
  return async (page: Page, context: ToolContext): Promise<ListedPage<Answer>> => {
    const rest = restOf(page);
    const source = await context.log.fingerprint?.(rest);
    const key = JSON.stringify([source, page, context.settings.lang]);
    const known = source === undefined ? undefined : kept.get(key);
    if (known !== undefined) return known;
    const read = await readPage(rest, page, context);
    const listed = listedPage<Answer>(purpose, page, read, context);
    // What memory holds may have changed while it was read.
    if (source !== undefined && isRepeatable(read) && source === (await context.log.fingerprint?.(rest)))
      kept.set(key, listed, PAGE_LENGTH + JSON.stringify(listed).length);
    return listed;
  };
}
