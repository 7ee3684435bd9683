// Owns list_audit_events: events of a window, newest first, in pages that a model can hold.
import { z } from 'zod';
import type { AuditLog } from '../src/audit/audit-log.ts';
import { compareEvents, type AuditEvent } from '../src/audit/event.ts';
import { auditQuerySchema, type AuditQuery } from '../src/audit/query.ts';
import { decodeCursor, encodeCursor, refuseBesideCursor } from '../src/mcp/cursor.ts';
import { EVENT_COLUMNS, eventRow, peopleIn, shortRefs } from '../src/mcp/event-rows.ts';
import { actorsAnswer, countParam, eventsAnswer, filterParams } from '../src/mcp/params.ts';
import { coverageOut, inputNotes, namesOf, queryOf, readNotes, windowOut } from '../src/mcp/query-input.ts';
import { defined } from '../src/mcp/result.ts';
import { defineTool, READS_LOG, type ToolContext } from '../src/mcp/tool.ts';
import { textNotes } from '../src/mcp/text-notes.ts';
import { tokenEstimate } from '../src/text/tokens.ts';

const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 200;
/** Hosts cut at 25,000 tokens; the contract promises 20,000, and names and notes need room too. */
const EVENTS_TOKENS_MAX = 16_000;
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
  has_more: z.boolean(),
  next_cursor: z.string().optional(),
});

const pageSchema = z.object({
  query: auditQuerySchema,
  limit: z.int().min(1).max(LIMIT_MAX),
  format: z.enum(['concise', 'detailed']),
  /** Where the page before ended. */
  after: z.object({ id: z.string(), created_at: z.string() }).optional(),
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
function restOf({ query, after }: Page): AuditQuery {
  if (after === undefined) return query;
  const endMs = (Math.floor(Date.parse(after.created_at) / SECOND_MS) + 1) * SECOND_MS;
  return { ...query, window: { ...query.window, endMs: Math.min(query.window.endMs, endMs) } };
}

function isAfter(event: AuditEvent, after: Page['after']): boolean {
  return after === undefined || compareEvents({ event_key: '', ...after }, event) > 0;
}

async function readPage(log: AuditLog, page: Page, context: ToolContext) {
  const read = log.read(restOf(page), {
    signal: context.signal,
    deadlineAt: context.deadlineAt,
    maxRequests: context.settings.maxRequests,
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

/** As many events as fit an answer. */
function fitting(page: Page, events: readonly AuditEvent[], context: ToolContext) {
  const refs = shortRefs(events.map(({ id }) => id));
  const shown: { event: AuditEvent; row: string[] }[] = [];
  let tokens = 0;
  for (const event of events.slice(0, page.limit)) {
    const own = context.isOwnRead(event);
    const row = eventRow(event, refs.get(event.id) ?? event.id, page.query.timeZone, own);
    tokens += tokenEstimate(JSON.stringify(page.format === 'concise' ? row : event));
    if (tokens > EVENTS_TOKENS_MAX && shown.length > 0) break;
    shown.push({ event, row });
  }
  return shown;
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
    const { events, coverage } = await readPage(context.log, page, context);
    const shown = fitting(page, events, context);
    const last = shown.at(-1)?.event;
    const hasMore = events.length > shown.length;
    // What was left unread by a limit of ours is the next page, not a gap.
    const stopped = { ...coverage, stoppedBy: hasMore ? ('limit' as const) : coverage.stoppedBy };
    const listed = shown.map(({ event }) => event);
    const names = await namesOf(peopleIn(listed), context);
    const concise = page.format === 'concise';
    return {
      structured: {
        window: windowOut(page.query.window, page.query.timeZone),
        coverage: coverageOut(stopped, page.query.timeZone),
        notes: [
          ...inputNotes(arguments_, context),
          ...readNotes(page.query, stopped),
          ...textNotes(listed),
          ...emptyNotes(listed, coverage.complete),
          ...names.notes,
        ],
        has_more: hasMore,
        ...(concise ? { columns: [...EVENT_COLUMNS], rows: shown.map(({ row }) => row) } : { events: listed }),
        ...names.actors,
        ...defined({
          next_cursor:
            hasMore && last !== undefined
              ? encodeCursor('list_audit_events', { ...page, after: { id: last.id, created_at: last.created_at } })
              : undefined,
        }),
      },
    };
  },
});

function emptyNotes(events: readonly AuditEvent[], complete: boolean): string[] {
  if (events.length > 0) return [];
  return complete
    ? ['No event matches: the whole window was read. A wider window or fewer filters may show more.']
    : ['No event was seen in what was read; the rest of the window is unknown.'];
}
