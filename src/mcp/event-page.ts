// Owns one page of a list of events: its question, its reading, and pages that memory would give again.
import { z } from 'zod';
import type { Coverage } from '../audit/audit-log.ts';
import { compareEvents, type AuditEvent } from '../audit/event.ts';
import { subtractWindows } from '../audit/intervals.ts';
import { auditQuerySchema, type AuditQuery, type TimeWindow } from '../audit/query.ts';
import { createRecentMap } from '../recent-map.ts';
import { encodeCursor } from './cursor.ts';
import { emptyNotes } from './empty-notes.ts';
import { EVENT_COLUMNS, fittingEvents, peopleIn } from './event-rows.ts';
import { NOTE_WORDS } from './note-wording.ts';
import { atMostWindows, lostIn, lostNotes } from './read-extent.ts';
import { readProgress } from './read-progress.ts';
import { textNotes } from './text-notes.ts';
import type { ToolContext } from './tool.ts';

export const PAGE_LIMIT_MAX = 200;
const SECOND_MS = 1000;
/** A cursor has to be written out: where more is lost, the oldest parts are told as one. */
const LOST_MAX = 6;

export const pageSchema = z.object({
  query: auditQuerySchema,
  limit: z.int().min(1).max(PAGE_LIMIT_MAX),
  format: z.enum(['concise', 'detailed']),
  /** Where the page before ended. */
  after: z.object({ id: z.string(), created_at: z.string() }).optional(),
  /** Down to here the pages before have read, where a limit of time or requests ended the last one early. */
  read_down_to_ms: z.int().optional(),
  /** What the pages before passed and could not read, [start, end) in milliseconds. */
  lost: z.array(z.tuple([z.int(), z.int()])).max(LOST_MAX),
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

/** The end of the second in which `time` lies: others may share it. */
function secondAfter(time: string): number {
  return (Math.floor(Date.parse(time) / SECOND_MS) + 1) * SECOND_MS;
}

/** The part of the window that is still to be listed: the second of the last event again. */
function restOf({ query, after, read_down_to_ms: readDownToMs }: Page): AuditQuery {
  const ends = [
    query.window.endMs,
    ...(after === undefined ? [] : [secondAfter(after.created_at)]),
    ...(readDownToMs === undefined ? [] : [readDownToMs]),
  ];
  return { ...query, window: { ...query.window, endMs: Math.min(...ends) } };
}

/** Where the next page reads on, when this one was ended by time, requests or a failure; undefined where it got nowhere. */
function readDownTo({ window }: AuditQuery, { complete, stoppedBy, covered }: Coverage): number | undefined {
  if (complete || stoppedBy === 'retention') return undefined;
  const reachedMs = covered[0]?.startMs;
  return reachedMs !== undefined && reachedMs > window.startMs ? reachedMs : undefined;
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

/** How far down this page leaves nothing to the next ones. `lastShown`: where not all that was read is shown. */
function passedDownTo(rest: AuditQuery, coverage: Coverage, lastShown: AuditEvent | undefined): number {
  const { startMs, endMs } = rest.window;
  if (lastShown !== undefined) return Math.min(endMs, secondAfter(lastShown.created_at));
  if (coverage.complete || coverage.stoppedBy === 'retention') return startMs;
  return readDownTo(rest, coverage) ?? endMs;
}

/** What the pages so far have told of the whole window, and what of it they could not read. */
function coverageOfPages(page: Page, rest: AuditQuery, coverage: Coverage, lastShown: AuditEvent | undefined) {
  const passed = { startMs: passedDownTo(rest, coverage, lastShown), endMs: rest.window.endMs };
  const before = page.lost.map(([startMs, endMs]) => ({ startMs, endMs }));
  const lost = atMostWindows([...before, ...lostIn(passed, coverage)], LOST_MAX);
  const covered = subtractWindows([{ startMs: passed.startMs, endMs: page.query.window.endMs }], lost);
  const isHoled = coverage.complete && lost.length > 0;
  // What was read and is not shown stands on the next page: this answer covers no more than it shows.
  const stoppedBy = lastShown === undefined ? (isHoled ? 'retention' : coverage.stoppedBy) : 'limit';
  return { lost, coverage: { ...coverage, complete: stoppedBy === 'end', stoppedBy, covered } };
}

/** The question of the next page; undefined where there is none. */
function nextPage(
  page: Page,
  last: AuditEvent | undefined,
  readDownToMs: number | undefined,
  isFull: boolean,
  lost: readonly TimeWindow[],
): Page | undefined {
  if (!isFull && readDownToMs === undefined) return undefined;
  return {
    ...page,
    ...(last === undefined ? {} : { after: { id: last.id, created_at: last.created_at } }),
    ...(readDownToMs === undefined ? {} : { read_down_to_ms: readDownToMs }),
    lost: lost.map(({ startMs, endMs }): [number, number] => [startMs, endMs]),
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
  const last = listed.at(-1);
  const readDownToMs = isFull ? undefined : readDownTo(rest, coverage);
  const { lost, coverage: ofPages } = coverageOfPages(page, rest, coverage, isFull ? last : undefined);
  const next = nextPage(page, last, readDownToMs, isFull, lost);
  return {
    coverage: ofPages,
    people: peopleIn(listed),
    notes: [
      ...(next !== undefined && !isFull ? [NOTE_WORDS[lang].goesOn] : []),
      ...(ofPages.stoppedBy === 'retention' ? [] : lostNotes(lost, query.timeZone, settings)),
      ...notes,
      ...textNotes(listed, lang),
      ...(listed.length === 0 ? emptyNotes(query, ofPages, context) : []),
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
