// Owns the way from a tool's arguments to a query, and from what was read to the words about it.
import type { Coverage } from '../audit/audit-log.ts';
import { KNOWN_TYPES } from '../audit/event.ts';
import { keysOfGroup, type EventGroup } from '../audit/event-keys.ts';
import { isAddressOrRange } from '../audit/local-filters.ts';
import type { Names, PeopleTable } from '../audit/people.ts';
import type { AuditQuery, TimeWindow } from '../audit/query.ts';
import { formatTime, parseTimeOfDay, resolveWindow } from '../audit/time-input.ts';
import { cleanText } from '../text/clean.ts';
import { inputError } from './input.ts';
import { NAME_WORDS } from './name-wording.ts';
import { NOTE_WORDS } from './note-wording.ts';
import { SCOPES } from '../audit/token.ts';
import { defined } from './result.ts';
import { personNotes } from './text-notes.ts';
import type { ToolContext } from './tool.ts';

export interface WindowInput {
  start_time?: string | undefined;
  end_time?: string | undefined;
  time_zone?: string | undefined;
}

export interface FilterInput extends WindowInput {
  event_keys?: readonly string[] | undefined;
  event_group?: EventGroup | undefined;
  actor?: string | undefined;
  actor_type?: string | undefined;
  entity_id?: string | undefined;
  entity_type?: string | undefined;
  chat_id?: string | undefined;
  ip_address?: string | undefined;
  time_of_day?: string | undefined;
  include_own_reads?: boolean | undefined;
}

type Moment = Pick<ToolContext, 'nowMs' | 'settings'>;

/** The window of a call: bare dates in the caller's zone, the end fixed at the moment of the call. */
export function windowOf(input: WindowInput, context: Moment): { window: TimeWindow; timeZone: string } {
  const { window, timeZone } = resolve(input, context);
  return { window, timeZone };
}

function resolve(input: WindowInput, { nowMs, settings }: Moment) {
  const span = settings.file?.span;
  // The last 24 hours of a file from last year hold nothing: without times, the whole file is meant.
  const whole = span !== undefined && input.start_time === undefined && input.end_time === undefined;
  const times = whole ? windowOut(span, 'UTC') : input;
  return resolveWindow({ ...times, time_zone: input.time_zone, nowMs, defaultTimeZone: settings.timeZone });
}

/** Facts about the question itself: a window that reaches into the future was read until now. */
export function inputNotes(input: WindowInput, context: ToolContext): string[] {
  const { askedEndMs, timeZone } = resolve(input, context);
  if (askedEndMs === undefined) return [];
  return [NOTE_WORDS[context.settings.lang].future(formatTime(askedEndMs, timeZone))];
}

function keysOf(input: FilterInput): readonly string[] | undefined {
  const { event_keys: eventKeys, event_group: group } = input;
  if (group === undefined) return eventKeys;
  const groupKeys: readonly string[] = keysOfGroup(group);
  if (eventKeys === undefined) return groupKeys;
  const both = eventKeys.filter((eventKey) => groupKeys.includes(eventKey));
  if (both.length > 0) return both;
  throw inputError([{ field: 'event_keys', message: `none of them is in event_group ${group}`, allowed: groupKeys }]);
}

/** The API compares types by every letter: "user" would find nothing, and nothing would say why. */
function typeOf(text: string | undefined): string | undefined {
  return KNOWN_TYPES.find((type) => type.toLowerCase() === text?.toLowerCase()) ?? text;
}

function addressOf({ ip_address: text }: FilterInput): string | undefined {
  if (text === undefined || isAddressOrRange(text)) return text;
  throw inputError([
    {
      field: 'ip_address',
      message: 'not an address or a CIDR range (203.0.113.7, 203.0.113.0/24, 2001:db8::/32)',
      value: text,
    },
  ]);
}

/** The query that `input` asks for; names of people become ids. Throws AuditError with the field that is wrong. */
export async function queryOf(
  input: FilterInput,
  context: ToolContext,
  order: AuditQuery['order'],
): Promise<AuditQuery> {
  const actor = input.actor === undefined ? undefined : await context.people.resolveActor(input.actor, context);
  const eventKeys = keysOf(input);
  return {
    ...windowOf(input, context),
    order,
    ownReads: input.include_own_reads === true ? 'keep' : 'exclude',
    ...defined({
      eventKeys: eventKeys === undefined ? undefined : [...new Set(eventKeys)],
      actorId: actor,
      actorType: typeOf(input.actor_type),
      entityId: input.entity_id,
      entityType: typeOf(input.entity_type),
      chatId: input.chat_id,
      ipAddress: addressOf(input),
      timeOfDay: input.time_of_day === undefined ? undefined : parseTimeOfDay(input.time_of_day),
    }),
  };
}

/** The id behind an actor that was given in words: whoever reads the answer must see whom they were taken for. */
export function resolvedActor(written: string | undefined, actorId: string | undefined): string[] {
  return written === undefined || actorId === undefined || written.trim() === actorId ? [] : [actorId];
}

export function windowOut({ startMs, endMs }: TimeWindow, timeZone: string) {
  return { start_time: formatTime(startMs, timeZone), end_time: formatTime(endMs, timeZone), time_zone: timeZone };
}

export function coverageOut(coverage: Coverage, timeZone: string) {
  const covered = coverage.covered.map((window) => {
    const { start_time, end_time } = windowOut(window, timeZone);
    return { start_time, end_time };
  });
  return {
    complete: coverage.complete,
    stopped_by: coverage.stoppedBy,
    requests: coverage.requests,
    from_store: coverage.fromStore,
    events_scanned: coverage.eventsScanned,
    own_reads: coverage.ownReads,
    ...defined({ covered: coverage.complete ? undefined : covered, estimate: coverage.estimate }),
  };
}

/** Nearly everybody's role; said for everybody, it would cost a tenth of an answer and tell nothing. */
const ORDINARY_ROLE = 'user';
/** Longer than any name, unless somebody wants it to fill the answer. */
const NAME_MAX = 60;

function shownNames(table: PeopleTable | undefined): PeopleTable | undefined {
  if (table === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(table).map(([id, { name, role, ...marks }]) => [
      id,
      {
        name: cleanText(name, NAME_MAX),
        ...(role === undefined || role === ORDINARY_ROLE ? {} : { role }),
        ...marks,
      },
    ]),
  );
}

/** Names may take this long even where the deadline has come: an answer without them is much harder to read. */
const NAMES_MIN_MS = 3000;

const UNNAMED_SHOWN = 5;

/** Why ids stand in the answer without a name. */
function nameNotes(
  ids: readonly string[],
  { table, gap, listedAtMs, unasked = 0 }: Names,
  { settings }: ToolContext,
): string[] {
  const words = NAME_WORDS[settings.lang];
  if (gap === 'offline') return [words.offline];
  if (gap === 'missing_scope') return [words.missingScope(SCOPES.users)];
  const listed = listedAtMs === undefined ? [] : [words.listed(formatTime(listedAtMs, settings.timeZone))];
  if (gap !== undefined) return [...listed, words.unread(gap)];
  const unnamed = [...new Set(ids)].filter((id) => /^\d+$/u.test(id) && table?.[id] === undefined);
  const shown = unnamed.slice(0, UNNAMED_SHOWN).map((id) => cleanText(id, 20));
  const say = unasked > 0 ? words.unasked : words.unnamed;
  return [...listed, ...(shown.length === 0 ? [] : [say(shown.join(', '), unnamed.length - shown.length)])];
}

/** The names of `ids` for an answer, and notes where some could not be read or mislead. */
export async function namesOf(ids: readonly string[], context: ToolContext) {
  if (ids.length === 0) return { actors: {}, table: undefined, notes: [] };
  const leftMs = Math.max(NAMES_MIN_MS, context.deadlineAt - context.clock.now());
  const withinMs = Number.isFinite(leftMs) ? Math.floor(leftMs) : undefined;
  const names = await context.people.names(ids, { signal: context.signal, withinMs });
  const { table } = names;
  const hostile = personNotes(
    Object.entries(table ?? {}).map(([id, person]) => ({ id, ...person })),
    context.settings.lang,
  );
  return {
    actors: defined({ actors: shownNames(table) }),
    table,
    notes: [...nameNotes(ids, names, context), ...hostile],
  };
}
