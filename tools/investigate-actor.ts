// Owns investigate_actor: everything that the log tells of one person, in one answer.
import { z } from 'zod';
import { compareEvents, type AuditEvent } from '../src/audit/event.ts';
import { formatTime } from '../src/audit/time-input.ts';
import { LOGIN_DETECTORS } from '../src/detect/index.ts';
import { RISKY_CHANGE_DETECTORS } from '../src/detect/risky-changes.ts';
import type { Use } from '../src/investigate/activity.ts';
import { involvementOf } from '../src/investigate/involvement.ts';
import type { LiveToken } from '../src/investigate/live-tokens.ts';
import { EVENT_COLUMNS, eventRow, peopleIn, rowTokens, shortRefs } from '../src/mcp/event-rows.ts';
import type { NextStep } from '../src/detect/detector.ts';
import { findingOut, type Zones } from '../src/mcp/finding-out.ts';
import { investigate, type Investigation } from '../src/mcp/investigation.ts';
import { investigationNotes, type ListShown } from '../src/mcp/investigation-notes.ts';
import { actorsAnswer, eventsAnswer, windowParams } from '../src/mcp/params.ts';
import { coverageOut, inputNotes, namesOf, windowOf, windowOut } from '../src/mcp/query-input.ts';
import { defineTool, READS_LOG } from '../src/mcp/tool.ts';
import { cleanText } from '../src/text/clean.ts';
import { tokenEstimate } from '../src/text/tokens.ts';

const NAME = 'investigate_actor';
const USES_SHOWN = 15;
const TOKENS_SHOWN = 20;
const SCOPES_SHOWN = 20;
const KEYS_SHOWN = 45;
/** How many tokens each list may cost a model; together with the rest they stay below 20,000. */
const LIST_TOKENS_MAX = { timeline: 6000, admin_actions: 3000, done_to: 3000, findings: 4500 };

/** The change rules first: of equal severity, what was done names an incident before how it began. */
const DETECTORS = [...RISKY_CHANGE_DETECTORS, ...LOGIN_DETECTORS];

const input = z.strictObject({
  actor: z.string().trim().min(1).describe('Who: id, e-mail, @nickname, full name or surname'),
  ...windowParams,
});

const rows = z.array(z.array(z.string()));
const loose = z.array(z.looseObject({}));

const output = z.object({
  ...eventsAnswer,
  profile: z.looseObject({ id: z.string() }).describe('As the directory and the window know the person'),
  totals: z.looseObject({}).describe('Of everything read, whatever is shown'),
  live_tokens: loose.describe(
    'Access tokens and OAuth grants given or changed, and not taken away, since live_tokens_since; none of bots',
  ),
  live_tokens_since: z.string(),
  networks: loose.describe('v4 /24 or v6 /48, newest use first'),
  clients: loose,
  logins: z.number(),
  failed_2fa: z.number(),
  by_event_key: z.record(z.string(), z.number()),
  hours: z.array(z.number()).describe('Own events by local hour, 0 to 23'),
  findings: loose.describe('As in find_suspicious_logins and find_risky_changes'),
  columns: z.array(z.string()).describe('Of the rows; as: how the person is involved'),
  admin_actions: rows,
  done_to: rows.describe('By others: the person is subject, entity, initiator, inviter or DLP subject'),
  timeline: rows.describe('At most 50, of a kind at most 8; notable ones first chosen; oldest first'),
  actors: actorsAnswer,
});

function usesOut(uses: readonly Use[], name: 'network' | 'client', timeZone: string) {
  return uses.slice(0, USES_SHOWN).map((use) => ({
    [name]: use.name,
    ...(use.addresses.size === 0 ? {} : { ip_addresses: [...use.addresses].toReversed() }),
    events: use.events,
    logins: use.logins,
    first_at: formatTime(use.firstMs, timeZone),
    last_at: formatTime(use.lastMs, timeZone),
  }));
}

function tokenOut({ kind, id, scopes, createdMs, touchedMs }: LiveToken, timeZone: string) {
  const more = scopes.length > SCOPES_SHOWN ? [`and ${scopes.length - SCOPES_SHOWN} more`] : [];
  const shown = scopes.slice(0, SCOPES_SHOWN).map((scope) => cleanText(scope, 60));
  return {
    kind,
    id: cleanText(id, 100),
    scopes: [...shown, ...more],
    ...(createdMs === undefined ? {} : { created_at: formatTime(createdMs, timeZone) }),
    ...(createdMs === touchedMs ? {} : { changed_at: formatTime(touchedMs, timeZone) }),
  };
}

/** As many of `items`, from the first, as cost no more than `maxTokens`; all of them nearly always. */
function firstThatFit<T>(items: readonly T[], maxTokens: number, cost: (item: T) => number): T[] {
  let tokens = 0;
  const end = items.findIndex((item) => (tokens += cost(item)) > maxTokens);
  return end === -1 ? [...items] : items.slice(0, end);
}

/** Rows of all lists with references that tell all of them apart. */
function rowsOf(found: Investigation, personId: string, timeZone: string) {
  const lists = {
    admin_actions: found.adminActions.events(),
    done_to: found.doneTo.events(),
    timeline: found.timeline.events(),
  };
  const refs = shortRefs(Object.values(lists).flatMap((events) => events.map(({ id }) => id)));
  const rowOf = (event: AuditEvent): string[] => {
    const row = eventRow(event, refs.get(event.id) ?? event.id, timeZone, false);
    return [...row.map((text) => cleanText(text, 200)), involvementOf(event, personId) ?? ''];
  };
  const shown = (name: keyof typeof lists): string[][] =>
    firstThatFit(
      lists[name].map((event) => ({ event, row: rowOf(event) })),
      LIST_TOKENS_MAX[name],
      ({ row }) => rowTokens(row),
    )
      .toSorted((a, b) => compareEvents(a.event, b.event))
      .map(({ row }) => row);
  return { admin_actions: shown('admin_actions'), done_to: shown('done_to'), timeline: shown('timeline') };
}

type Lists = ReturnType<typeof listsOf>;

/** What the answer holds of each list. */
function listsOf(found: Investigation, personId: string, zones: Zones) {
  const { activity, judged, tokens } = found;
  const { timeZone } = zones;
  // This very question is no next step.
  const isNext = (step: NextStep): boolean => step.tool !== NAME || step.arguments['actor'] !== personId;
  const findings = judged.result.findings.map((one) => findingOut({ ...one, next: one.next.filter(isNext) }, zones));
  return {
    live_tokens: tokens.slice(0, TOKENS_SHOWN).map((token) => tokenOut(token, timeZone)),
    networks: usesOut(activity.networks, 'network', timeZone),
    clients: usesOut(activity.clients, 'client', timeZone),
    by_event_key: Object.entries(activity.by_event_key).slice(0, KEYS_SHOWN),
    // Worst first: what does not fit is the least of them.
    findings: firstThatFit(findings, LIST_TOKENS_MAX.findings, (one) => tokenEstimate(JSON.stringify(one))),
    ...rowsOf(found, personId, timeZone),
  };
}

function shownOf(found: Investigation, lists: Lists): ListShown[] {
  const { activity, judged } = found;
  const counts = {
    live_tokens: found.tokens.length,
    networks: activity.networks.length,
    clients: activity.clients.length,
    by_event_key: Object.keys(activity.by_event_key).length,
    findings: judged.result.findings.length,
    admin_actions: found.adminActions.count(),
    done_to: found.doneTo.count(),
    timeline: found.timeline.count(),
  } satisfies Record<keyof Lists, number>;
  const shown: Record<string, readonly unknown[]> = lists;
  return Object.entries(counts).map(([name, all]) => ({ name, shown: shown[name]?.length ?? all, all }));
}

/** Counts of everything read; a count of a part says so by its name. */
function totalsOf({ activity, adminActions, doneTo, tokens, tokensComplete, coverage }: Investigation) {
  const seen = coverage.complete ? '' : '_seen';
  return {
    [`own_events${seen}`]: activity.events,
    [`admin_actions${seen}`]: adminActions.count(),
    [`done_to${seen}`]: doneTo.count(),
    networks: activity.networks.length,
    clients: activity.clients.length,
    [`live_tokens${tokensComplete ? '' : '_seen'}`]: tokens.length,
  };
}

type NamesOfAnswer = Awaited<ReturnType<typeof namesOf>>;

function profileOf(personId: string, { activity }: Investigation, timeZone: string, { table }: NamesOfAnswer) {
  const known = table?.[personId];
  const times = { first_event_at: activity.firstMs, last_event_at: activity.lastMs };
  return {
    id: personId,
    ...known,
    ...Object.fromEntries(
      Object.entries(times).flatMap(([name, timeMs]) =>
        timeMs === undefined ? [] : [[name, formatTime(timeMs, timeZone)]],
      ),
    ),
  };
}

export const investigateActor = defineTool({
  name: NAME,
  title: 'Investigate actor',
  description:
    'Everything about one person or bot: logins, networks, clients, hours, live tokens, administrative actions, what others did to ' +
    'them, suspicious logins and risky changes, a timeline. For incidents and offboarding. Without times: the last 24 hours; give start_time for more.',
  hints: READS_LOG,
  input,
  output,
  async run(arguments_, context) {
    const personId = await context.people.resolveActor(arguments_.actor, context);
    const { window, timeZone } = windowOf(arguments_, context);
    const found = await investigate(personId, window, timeZone, DETECTORS, context);
    const { activity, coverage } = found;
    const lists = listsOf(found, personId, { timeZone, defaultTimeZone: context.settings.timeZone });
    const shownEvents = [...found.adminActions.events(), ...found.doneTo.events(), ...found.timeline.events()];
    const names = await namesOf([...new Set([personId, ...peopleIn(shownEvents)])], context);
    const query = {
      window: found.judged.window,
      order: 'oldest_first',
      timeZone,
      ownReads: 'exclude',
      actorId: personId,
    } as const;
    return {
      structured: {
        window: windowOut(window, timeZone),
        coverage: coverageOut(coverage, timeZone),
        notes: [
          ...inputNotes(arguments_, context),
          ...investigationNotes({ found, query, lists: shownOf(found, lists) }, context),
          ...names.notes,
        ],
        profile: profileOf(personId, found, timeZone, names),
        totals: { ...totalsOf(found), findings: found.judged.result.findings.length },
        live_tokens_since: formatTime(found.tokensSinceMs, timeZone),
        logins: activity.logins,
        failed_2fa: activity.failed_2fa,
        hours: activity.hours,
        columns: [...EVENT_COLUMNS, 'as'],
        ...lists,
        by_event_key: Object.fromEntries(lists.by_event_key),
        ...names.actors,
      },
    };
  },
});
