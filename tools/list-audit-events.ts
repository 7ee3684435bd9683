// Owns list_audit_events: events of a window, newest first, in pages that a model can hold.
import { z } from 'zod';
import type { Coverage } from '../src/audit/audit-log.ts';
import { compareEvents, type AuditEvent } from '../src/audit/event.ts';
import { auditQuerySchema, type AuditQuery } from '../src/audit/query.ts';
import { decodeCursor, encodeCursor, refuseBesideCursor } from '../src/mcp/cursor.ts';
import { EVENT_COLUMNS, fittingEvents, peopleIn } from '../src/mcp/event-rows.ts';
import { actorsAnswer, countParam, eventsAnswer, filterParams } from '../src/mcp/params.ts';
import { coverageOut, inputNotes, namesOf, queryOf, windowOut } from '../src/mcp/query-input.ts';
import { emptyNotes } from '../src/mcp/empty-notes.ts';
import { NOTE_WORDS } from '../src/mcp/note-wording.ts';
import { readNotes } from '../src/mcp/read-notes.ts';
import { defined } from '../src/mcp/result.ts';
import { readProgress } from '../src/mcp/read-progress.ts';
import { defineTool, READS_LOG, type ToolContext } from '../src/mcp/tool.ts';
import { textNotes } from '../src/mcp/text-notes.ts';

const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 200;
const SECOND_MS = 1000;

const input = z.strictObject({
  ...filterParams,
  limit: countParam(1, LIMIT_MAX, `Events a page, 1–${LIMIT_MAX}. Default ${LIMIT_DEFAULT}`),
  cursor: z.string().optional().describe('next_cursor of the answer before; pass it alone'),
  response_format: z
    .enum(['concise', 'detailed'])
    .optional()
    .describe('concise (default): rows; detailed: whole events as the API has them'),
});

const output = z.object({
  ...eventsAnswer,
  columns: z.array(z.string()).optional(),
  rows: z.array(z.array(z.string())).optional().describe('One event a row; ref is the start of its id'),
  events: z.array(z.looseObject({})).optional(),
  actors: actorsAnswer,
  has_more: z.boolean().describe('True also where the rest was not read yet'),
  next_cursor: z.string().optional(),
});

const pageSchema = z.object({
  query: auditQuerySchema,
  limit: z.int().min(1).max(LIMIT_MAX),
  format: z.enum(['concise', 'detailed']),
  /** Where the page before ended. */
  after: z.object({ id: z.string(), created_at: z.string() }).optional(),
  /** Down to here the pages before have read, where a limit of time or requests ended the last one early. */
  read_down_to_ms: z.int().optional(),
});
type Page = z.output<typeof pageSchema>;

async function pageOf(arguments_: z.output<typeof input>, context: ToolContext): Promise<Page> {
  if (arguments_.cursor !== undefined) {
    refuseBesideCursor(arguments_);
    return decodeCursor('list_audit_events', pageSchema, arguments_.cursor);
  }
  return {
    query: await queryOf(arguments_, context, 'newest_first'),
    limit: arguments_.limit ?? LIMIT_DEFAULT,
    format: arguments_.response_format ?? 'concise',
  };
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

async function readPage(query: AuditQuery, page: Page, context: ToolContext) {
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

export const listAuditEvents = defineTool({
  name: 'list_audit_events',
  title: 'List audit events',
  description:
    'Events of the Pachca audit log, newest first: who did what to whom, when, from which address and client. ' +
    'All filters combine. Without times: the last 24 hours. Page on with next_cursor.',
  hints: READS_LOG,
  input,
  output,
  async run(arguments_, context) {
    const page = await pageOf(arguments_, context);
    const rest = restOf(page);
    const { events, coverage } = await readPage(rest, page, context);
    const { query, limit, format } = page;
    const {
      isOwnRead,
      settings: { lang },
    } = context;
    const { shown, notes } = fittingEvents(events, { limit, format, isOwnRead, lang, timeZone: query.timeZone });
    const listed = shown.map(({ event }) => event);
    const isFull = events.length > shown.length;
    // What was left unread by a limit of ours is the next page, not a gap.
    const stopped = isFull ? stoppedByLimit(coverage, rest, listed.at(-1)) : coverage;
    const next = nextPage(page, listed.at(-1), isFull ? undefined : readDownTo(rest, coverage), isFull);
    const names = await namesOf(peopleIn(listed), context);
    return {
      structured: {
        window: windowOut(query.window, query.timeZone),
        coverage: coverageOut(stopped, query.timeZone),
        notes: [
          ...inputNotes(arguments_, context),
          ...readNotes(query, stopped, context),
          ...(next !== undefined && !isFull ? [NOTE_WORDS[lang].goesOn] : []),
          ...notes,
          ...textNotes(listed, lang),
          ...(listed.length === 0 ? emptyNotes(query, coverage, context) : []),
          ...names.notes,
        ],
        has_more: next !== undefined,
        ...(format === 'concise'
          ? { columns: [...EVENT_COLUMNS], rows: shown.map(({ row }) => row) }
          : { events: shown.map(({ whole }) => whole) }),
        ...names.actors,
        ...defined({
          next_cursor: next === undefined ? undefined : encodeCursor('list_audit_events', next),
        }),
      },
    };
  },
});
