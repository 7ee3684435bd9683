// Owns aggregate_audit_events: how many, by whom, from where and when, counted over a whole window.
import { z } from 'zod';
import { createAggregation, DIMENSIONS, type Dimension, type Group } from '../src/aggregate.ts';
import type { AuditQuery } from '../src/audit/query.ts';
import { inputError } from '../src/mcp/input.ts';
import { actorsAnswer, countParam, eventsAnswer, filterParams } from '../src/mcp/params.ts';
import { coverageOut, inputNotes, namesOf, queryOf, resolvedActor, windowOut } from '../src/mcp/query-input.ts';
import { NOTE_WORDS } from '../src/mcp/note-wording.ts';
import { emptyNotes } from '../src/mcp/empty-notes.ts';
import { readNotes } from '../src/mcp/read-notes.ts';
import { createTextWatch } from '../src/mcp/text-notes.ts';
import { readProgress } from '../src/mcp/read-progress.ts';
import { defineTool, READS_LOG, type ToolContext } from '../src/mcp/tool.ts';
import { cleanText } from '../src/text/clean.ts';
import { tokenBound } from '../src/text/tokens.ts';

const TOP_DEFAULT = 20;
const TOP_MAX = 100;
/** An entity or an address is far shorter, unless somebody wants it to fill the answer. */
const VALUE_MAX = 120;
const GROUPS_TOKENS_MAX = 15_500;
/** The numbers and times of a group. */
const COUNTS_TOKENS = 65;
const USER_ENTITY = 'User:';
const PEOPLE: ReadonlySet<string> = new Set<Dimension>(['actor', 'initiator']);

const input = z.strictObject({
  ...filterParams,
  group_by: z
    .array(z.enum(DIMENSIONS))
    .min(1)
    .max(2)
    .describe('One or two; initiator is who caused it (in the details, else the actor); hour and day are local'),
  top: countParam(1, TOP_MAX, `Groups, most events first, 1–${TOP_MAX}. Default ${TOP_DEFAULT}`),
});

const output = z.object({
  ...eventsAnswer,
  groups: z.array(
    z.object({
      key: z.looseObject({}),
      events: z.number(),
      actors: z.number().describe('Distinct'),
      ip_addresses: z.number(),
      first_at: z.string(),
      last_at: z.string(),
    }),
  ),
  total_events: z.number().optional().describe('Of the whole window'),
  events_seen: z.number().optional().describe('Instead, where not everything was read'),
  omitted_groups: z.number(),
  actors: actorsAnswer,
});

function dimensionsOf([first, second]: readonly Dimension[]): readonly [Dimension] | readonly [Dimension, Dimension] {
  if (first === undefined) throw inputError([{ field: 'group_by', message: 'is empty', allowed: DIMENSIONS }]);
  if (second === undefined) return [first];
  if (first !== second) return [first, second];
  throw inputError([{ field: 'group_by', message: 'names one dimension twice', value: first }]);
}

async function count(
  query: AuditQuery,
  groupBy: readonly [Dimension] | readonly [Dimension, Dimension],
  context: ToolContext,
) {
  const aggregation = createAggregation({ groupBy, timeZone: query.timeZone });
  const texts = createTextWatch(context.settings.lang);
  const read = context.log.read(query, {
    signal: context.signal,
    deadlineAt: context.deadlineAt,
    maxRequests: context.settings.maxRequests,
    onProgress: readProgress(context),
  });
  for await (const batch of read.batches) {
    aggregation.push(batch);
    texts.see(batch);
  }
  return { aggregation, texts, coverage: read.coverage() };
}

/** Groups with keys of a bearable length, as many as fit an answer. */
function fittingGroups(groups: readonly Group[]) {
  let tokens = 0;
  const short = groups.map((group) => ({
    ...group,
    key: Object.fromEntries(
      Object.entries(group.key).map(([name, value]) => [
        name,
        typeof value === 'string' ? cleanText(value, VALUE_MAX) : value,
      ]),
    ),
  }));
  const end = short.findIndex(
    (group) => (tokens += tokenBound(JSON.stringify(group.key)) + COUNTS_TOKENS) > GROUPS_TOKENS_MAX,
  );
  return end === -1 ? short : short.slice(0, end);
}

function peopleOf(groups: readonly { key: Record<string, unknown> }[]): string[] {
  const ids = groups.flatMap(({ key }) =>
    Object.entries(key).flatMap(([name, value]) => {
      if (typeof value !== 'string') return [];
      if (name === 'entity' && value.startsWith(USER_ENTITY)) return [value.slice(USER_ENTITY.length)];
      return PEOPLE.has(name) ? [value] : [];
    }),
  );
  return [...new Set(ids)];
}

export const aggregateAuditEvents = defineTool({
  name: 'aggregate_audit_events',
  title: 'Aggregate audit events',
  description:
    'Counts events of a window by one or two dimensions: who deleted how many messages, logins by hour, addresses of a person. ' +
    'For how many and by whom; use list_audit_events for the events themselves.',
  hints: READS_LOG,
  input,
  output,
  async run(arguments_, context) {
    const words = NOTE_WORDS[context.settings.lang];
    const groupBy = dimensionsOf(arguments_.group_by);
    // Newest first: where a budget ends it, the part that was read is one piece, and the one that matters most.
    const query = await queryOf(arguments_, context, 'newest_first');
    const { aggregation, texts, coverage } = await count(query, groupBy, context);
    const result = aggregation.result(arguments_.top ?? TOP_DEFAULT);
    const groups = fittingGroups(result.groups);
    const named = [...peopleOf(groups), ...resolvedActor(arguments_.actor, query.actorId)];
    const names = await namesOf([...new Set(named)], context);
    return {
      structured: {
        window: windowOut(query.window, query.timeZone),
        coverage: coverageOut(coverage, query.timeZone),
        notes: [
          ...inputNotes(arguments_, context),
          ...readNotes(query, coverage, context),
          ...(result.ungrouped_events === 0 ? [] : [words.ungrouped(result.ungrouped_events)]),
          ...(result.distinct_exact ? [] : [words.distinctAtLeast]),
          ...(groupBy.includes('chat') && query.chatId === undefined ? [words.chatless] : []),
          ...groupBy.flatMap((name) => (groups.some(({ key }) => !(name in key)) ? [words.without(name)] : [])),
          ...texts.notes(),
          ...(result.total === 0 ? emptyNotes(query, coverage, context) : []),
          ...names.notes,
        ],
        groups,
        ...(coverage.complete ? { total_events: result.total } : { events_seen: result.total }),
        omitted_groups: result.omitted_groups + result.groups.length - groups.length,
        ...names.actors,
      },
    };
  },
});
