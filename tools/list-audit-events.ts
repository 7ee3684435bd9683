// Owns list_audit_events: events of a window, newest first, in pages that a model can hold.
import { z } from 'zod';
import { decodeCursor, refuseBesideCursor } from '../src/mcp/cursor.ts';
import { createPageReader, PAGE_LIMIT_MAX, pageSchema, type Page } from '../src/mcp/event-page.ts';
import { actorsAnswer, countParam, eventsAnswer, filterParams } from '../src/mcp/params.ts';
import { coverageOut, inputNotes, namesOf, queryOf, resolvedActor, windowOut } from '../src/mcp/query-input.ts';
import { readNotes } from '../src/mcp/read-notes.ts';
import { defineTool, READS_LOG, type ToolContext } from '../src/mcp/tool.ts';

const LIMIT_DEFAULT = 50;

const input = z.strictObject({
  ...filterParams,
  limit: countParam(1, PAGE_LIMIT_MAX, `Events a page, 1–${PAGE_LIMIT_MAX}. Default ${LIMIT_DEFAULT}`),
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

async function pageOf(arguments_: z.output<typeof input>, context: ToolContext): Promise<Page> {
  if (arguments_.cursor !== undefined) {
    refuseBesideCursor(arguments_);
    return decodeCursor('list_audit_events', pageSchema, arguments_.cursor);
  }
  return {
    query: await queryOf(arguments_, context, 'newest_first'),
    limit: arguments_.limit ?? LIMIT_DEFAULT,
    format: arguments_.response_format ?? 'concise',
    lost: [],
  };
}

const readPage = createPageReader<z.input<typeof output>>('list_audit_events');

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
    const listed = await readPage(page, context);
    const { coverage, people, shown } = listed;
    const { query } = page;
    const names = await namesOf([...people, ...resolvedActor(arguments_.actor, query.actorId)], context);
    const notes = [
      ...inputNotes(arguments_, context),
      ...readNotes(query, coverage, context, true),
      ...listed.notes,
      ...names.notes,
    ];
    const by = JSON.stringify([notes, names.actors]);
    // The same object again: it is not checked, cleaned and written once more.
    if (listed.given?.by === by) return { structured: listed.given.answer };
    const structured = {
      window: windowOut(query.window, query.timeZone),
      coverage: coverageOut(coverage, query.timeZone),
      notes,
      ...shown,
      ...names.actors,
    };
    listed.given = { by, answer: structured };
    return { structured };
  },
});
