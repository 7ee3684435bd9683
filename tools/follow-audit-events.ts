// Owns follow_audit_events: what is new since the last question, each event once.
import { z } from 'zod';
import { createFollower, followFrom, followPositionSchema, shortOverlapMs } from '../src/audit/follow.ts';
import { eventTimeMs, type AuditEvent } from '../src/audit/event.ts';
import { eventKeySchema } from '../src/audit/event-keys.ts';
import { intersectWindows } from '../src/audit/intervals.ts';
import type { AuditQuery, TimeWindow } from '../src/audit/query.ts';
import type { Coverage } from '../src/audit/audit-log.ts';
import { decodeCursor, encodeCursor } from '../src/mcp/cursor.ts';
import { inputError } from '../src/mcp/input.ts';
import { NOTE_WORDS } from '../src/mcp/note-wording.ts';
import { EVENT_COLUMNS, fittingEvents, peopleIn } from '../src/mcp/event-rows.ts';
import { actorsAnswer, countParam, eventsAnswer } from '../src/mcp/params.ts';
import { coverageOut, namesOf, windowOf, windowOut } from '../src/mcp/query-input.ts';
import { lostIn, lostNotes } from '../src/mcp/read-extent.ts';
import { readNotes } from '../src/mcp/read-notes.ts';
import { textNotes } from '../src/mcp/text-notes.ts';
import { readProgress } from '../src/mcp/read-progress.ts';
import { defineTool, READS_LOG, type ToolContext } from '../src/mcp/tool.ts';

const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 200;
const SECOND_MS = 1000;
type Follower = ReturnType<typeof createFollower>;

const input = z.strictObject({
  cursor: z.string().optional().describe('next_cursor of the answer before; without it, start_time begins'),
  start_time: z.string().optional().describe('Where to begin without a cursor. Default now-24h'),
  event_keys: z.array(eventKeySchema).min(1).optional().describe('Only these events; fixed by the first call'),
  limit: countParam(1, LIMIT_MAX, `1–${LIMIT_MAX}. Default ${LIMIT_DEFAULT}`),
});

const stateSchema = z.object({
  position: followPositionSchema,
  event_keys: z.array(z.string()).optional(),
  time_zone: z.string(),
  /** How far the answers before have come; a little of that is read again for late events. */
  read_to_ms: z.int().optional(),
});
type State = z.output<typeof stateSchema>;

function stateOf(arguments_: z.output<typeof input>, context: ToolContext): State {
  if (arguments_.cursor === undefined) {
    // Whoever begins now wants what comes from now on, not a window without an end.
    const isNow = /^now$/iu.test(arguments_.start_time?.trim() ?? '');
    const { window, timeZone } = windowOf({ start_time: isNow ? 'now-1s' : arguments_.start_time }, context);
    const keys = arguments_.event_keys === undefined ? {} : { event_keys: arguments_.event_keys };
    return { position: followFrom(window.startMs), time_zone: timeZone, ...keys };
  }
  const beside = (['start_time', 'event_keys'] as const).filter((name) => arguments_[name] !== undefined);
  if (beside.length > 0) {
    throw inputError(beside.map((field) => ({ field, message: 'not allowed beside cursor, which carries it' })));
  }
  return decodeCursor('follow_audit_events', stateSchema, arguments_.cursor);
}

function queryOf({ position, event_keys: eventKeys, time_zone: timeZone }: State, context: ToolContext): AuditQuery {
  const startMs = Math.floor(position.doneMs / SECOND_MS) * SECOND_MS;
  const endMs = Math.ceil(context.nowMs / SECOND_MS) * SECOND_MS;
  return {
    window: { startMs, endMs: Math.max(endMs, startMs + SECOND_MS) },
    order: 'oldest_first',
    timeZone,
    ownReads: 'exclude',
    ...(eventKeys === undefined ? {} : { eventKeys }),
  };
}

function logNow({ window }: AuditQuery, { apiClock }: ToolContext): number {
  return Math.min(window.endMs, apiClock?.logNowMs() ?? window.endMs);
}

/** How far the log is known; never beyond what it can hold by its own clock. What nobody holds any more counts as passed. */
function readTo(query: AuditQuery, coverage: Coverage, context: ToolContext): number {
  if (coverage.complete || coverage.stoppedBy === 'retention') return logNow(query, context);
  return coverage.covered.at(-1)?.endMs ?? query.window.startMs;
}

/** What is new, oldest first; one more than asked for tells whether more is waiting. */
async function readFresh(query: AuditQuery, follower: Follower, limit: number, context: ToolContext) {
  const read = context.log.read(query, {
    signal: context.signal,
    deadlineAt: context.deadlineAt,
    maxRequests: context.settings.maxRequests,
    onProgress: readProgress(context),
  });
  const fresh: AuditEvent[] = [];
  for await (const batch of read.batches) {
    fresh.push(...follower.fresh(batch));
    if (fresh.length > limit) break;
  }
  return { fresh, coverage: read.coverage() };
}

/** What this answer has behind it, and its account. `last`: the last event given, where more are waiting. */
function upTo(query: AuditQuery, coverage: Coverage, last: AuditEvent | undefined, context: ToolContext) {
  const { startMs } = query.window;
  const readToMs = last === undefined ? readTo(query, coverage, context) : eventTimeMs(last);
  if (last === undefined) return { readToMs, passed: { startMs, endMs: readToMs }, coverage };
  // Events of one second may be on both sides of the end: up to it, all was given.
  const passed = { startMs, endMs: Math.max(startMs, Math.floor(readToMs / SECOND_MS) * SECOND_MS) };
  const covered = intersectWindows(coverage.covered, [passed]);
  return { readToMs, passed, coverage: { ...coverage, complete: false, stoppedBy: 'limit' as const, covered } };
}

/** What was passed since the answers before, and neither log nor store holds any more, though it holds what came later. */
function lostBefore({ startMs, endMs }: TimeWindow, { covered }: Coverage, { read_to_ms: readToMs = startMs }: State) {
  const heldToMs = covered.at(-1)?.endMs ?? startMs;
  const lost = lostIn({ startMs, endMs: Math.min(endMs, heldToMs) }, { covered });
  return lost.filter((part) => part.endMs > readToMs);
}

/** From the first to the last moment of `lost`. */
function gapOf(lost: readonly TimeWindow[], timeZone: string) {
  const [first, last] = [lost[0], lost.at(-1)];
  if (first === undefined || last === undefined) return {};
  const { start_time, end_time } = windowOut({ startMs: first.startMs, endMs: last.endMs }, timeZone);
  return { gap: { start_time, end_time } };
}

export const followAuditEvents = defineTool({
  name: 'follow_audit_events',
  title: 'Follow audit events',
  description:
    'What is new since the last question, oldest first, each event once, also across restarts. Keep next_cursor and pass it ' +
    'next time. gap tells when the cursor was older than what the log still holds.',
  hints: READS_LOG,
  input,
  output: z.object({
    ...eventsAnswer,
    columns: z.array(z.string()),
    rows: z.array(z.array(z.string())),
    actors: actorsAnswer,
    next_cursor: z.string(),
    caught_up: z.boolean().describe('False: more is waiting, call again'),
    gap: z
      .object({ start_time: z.string(), end_time: z.string() })
      .optional()
      .describe('Lost: not in the log any more, all of it or parts'),
  }),
  async run(arguments_, context) {
    const state = stateOf(arguments_, context);
    const query = queryOf(state, context);
    const { timeZone } = query;
    const limit = arguments_.limit ?? LIMIT_DEFAULT;
    const follower = createFollower(state.position);
    const { fresh, coverage } = await readFresh(query, follower, limit, context);
    const {
      isOwnRead,
      settings: { lang },
    } = context;
    const { shown, notes } = fittingEvents(fresh, { limit, timeZone, isOwnRead, format: 'concise', lang });
    const given = shown.map(({ event }) => event);
    const last = given.at(-1);
    const more = fresh.length > given.length;
    const { readToMs, passed, coverage: told } = upTo(query, coverage, more ? last : undefined, context);
    const lost = lostBefore(passed, coverage, state);
    const position = follower.next(given, readToMs);
    const overlapMs = shortOverlapMs(position, logNow(query, context));
    const names = await namesOf(peopleIn(given), context);
    return {
      structured: {
        window: windowOut(query.window, timeZone),
        coverage: coverageOut(told, timeZone),
        notes: [
          ...readNotes(query, told, context),
          ...(told.stoppedBy !== 'retention' && lost.length > 1 ? lostNotes(lost, timeZone, context.settings) : []),
          ...notes,
          ...(overlapMs === undefined ? [] : [NOTE_WORDS[lang].followedClosely(Math.floor(overlapMs / SECOND_MS))]),
          ...textNotes(given, lang),
          ...names.notes,
        ],
        columns: [...EVENT_COLUMNS],
        rows: shown.map(({ row }) => row),
        next_cursor: encodeCursor('follow_audit_events', { ...state, position, read_to_ms: readToMs }),
        caught_up: !more && (coverage.complete || coverage.stoppedBy === 'retention'),
        ...gapOf(lost, timeZone),
        ...names.actors,
      },
    };
  },
});
