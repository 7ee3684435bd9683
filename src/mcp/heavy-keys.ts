// Owns the reading of keys of which there may be thousands a day: the window first, then as much of their past as is cheap.
import type { Coverage } from '../audit/audit-log.ts';
import { compareEvents, type AuditEvent } from '../audit/event.ts';
import type { EventKey } from '../audit/event-keys.ts';
import type { AuditQuery, TimeWindow } from '../audit/query.ts';
import type { Detector } from '../detect/detector.ts';
import { HEAVY_KEY_GROUPS, overFixedLimit } from '../detect/risky-changes.ts';
import type { RuleId } from '../detect/rule-ids.ts';
import { SEARCH_KEYS } from '../detect/rules/api-harvesting.ts';
import { isHeld } from './held.ts';
import type { Preparation } from './feed-rules.ts';
import { NOTE_WORDS, type NoteWords } from './note-wording.ts';
import { pagesOf } from './past.ts';
import { isReadToLogStart, readSinceMs } from './read-extent.ts';
import type { Stages } from './stages.ts';
import type { ToolContext } from './tool.ts';

/** Events of one group that are held in memory; the API's budget allows half of that for a whole call. */
const HELD_MAX = 100_000;
/** So few that their days never pass for those of a company (habits.ts wants 1,000). */
const ACTORS_MAX = 25;

export interface HeavyQuestion {
  /** Of the light keys; its window and actor hold for the heavy ones too. */
  readonly query: AuditQuery;
  /** Rules that raise findings, and those that only support them. */
  readonly detectors: readonly Detector[];
  readonly supporting: readonly Detector[];
  readonly baselineWindow: TimeWindow;
  /** What the light keys have cost in the window: their past must stay affordable. */
  readonly lightEvents: number;
}

export interface HeavyReading extends Preparation {
  /** Of the window, one for each group. */
  readonly coverages: readonly Coverage[];
  readonly skipped: readonly { readonly rule: RuleId; readonly reason: string }[];
  readonly notes: readonly string[];
}

/** Collects what is read. */
interface Harvest {
  readonly words: NoteWords;
  events: AuditEvent[];
  pastKeys: EventKey[];
  sinceMs: Map<string, number>;
  coverages: Coverage[];
  skipped: { rule: RuleId; reason: string }[];
  /** Groups of which only some people's past was read. */
  partly: string[];
  unreadActors: number;
}

export async function readHeavyKeys(
  question: HeavyQuestion,
  stages: Stages,
  context: ToolContext,
): Promise<HeavyReading> {
  const { query, detectors, supporting, baselineWindow, lightEvents } = question;
  const harvest: Harvest = {
    words: NOTE_WORDS[context.settings.lang],
    events: [],
    pastKeys: [],
    sinceMs: new Map(),
    coverages: [],
    skipped: [],
    partly: [],
    unreadActors: 0,
  };
  const wanted = new Set([...detectors, ...supporting].flatMap(({ eventKeys }) => eventKeys));
  const groups = HEAVY_KEY_GROUPS.map((keys) => keys.filter((key) => wanted.has(key))).filter(
    (keys) => keys.length > 0,
  );
  const timesLonger = (baselineWindow.endMs - baselineWindow.startMs) / (query.window.endMs - query.window.startMs);
  const left = (): number => context.settings.maxRequests - stages.requests();
  const reserve = Math.min(left() / 2, pagesOf(lightEvents, timesLonger, query.eventKeys?.length ?? 1));

  const read: { keys: readonly EventKey[]; events: AuditEvent[] }[] = [];
  for (const keys of groups) {
    const events = await readWindow(keys, question, stages, left() - reserve, harvest);
    if (events.length > 0) read.push({ keys, events });
  }
  let planned = reserve;
  for (const { keys, events } of timesLonger === 0 ? [] : read) {
    const cost = pagesOf(events.length, timesLonger, keys.length);
    const isCheap = cost <= (left() - planned) / 2;
    if (isCheap) planned += cost;
    const past = { ...query, window: baselineWindow, eventKeys: keys };
    if (isCheap || (await isHeld(past, context))) harvest.pastKeys.push(...keys);
    else await readPastOfSome(keys, events, question, stages, () => left() - planned, harvest);
  }
  return { ...harvest, events: harvest.events.toSorted(compareEvents), notes: notesOf(harvest) };
}

/** Rules that raise findings from `keys`. */
function rulesOn(keys: readonly EventKey[], detectors: readonly Detector[]): Detector[] {
  return detectors.filter(({ eventKeys }) => eventKeys.some((key) => keys.includes(key)));
}

async function readWindow(
  keys: readonly EventKey[],
  { query, detectors }: HeavyQuestion,
  stages: Stages,
  maxRequests: number,
  harvest: Harvest,
): Promise<AuditEvent[]> {
  let events: AuditEvent[] = [];
  let count = 0;
  const coverage = await stages.tryRead(
    { ...query, eventKeys: keys },
    (batch) => {
      count += batch.length;
      if (count <= HELD_MAX) for (const event of batch) events.push(event);
    },
    [50, 50],
    maxRequests,
  );
  const fits = count <= HELD_MAX;
  if (!fits) events = [];
  harvest.coverages.push(fits ? coverage : { ...coverage, complete: false, stoppedBy: 'limit', covered: [] });
  // What the log has forgotten is missing for every rule, and the note on the window says so.
  if (!fits || (!coverage.complete && coverage.stoppedBy !== 'retention')) {
    const reason = harvest.words.notWhole(keys.join(', '), fits ? coverage.stoppedBy : 'limit');
    for (const { rule } of rulesOn(keys, detectors)) harvest.skipped.push({ rule, reason });
  }
  for (const event of events) harvest.events.push(event);
  return events;
}

/** The past of those who are over a fixed limit; for first searches, of everybody who searched. */
async function readPastOfSome(
  keys: readonly EventKey[],
  events: readonly AuditEvent[],
  { query, detectors, supporting, baselineWindow }: HeavyQuestion,
  stages: Stages,
  room: () => number,
  harvest: Harvest,
): Promise<void> {
  const rules = rulesOn(keys, [...detectors, ...supporting]);
  const everybody = new Set(events.flatMap(({ actor_id }) => (actor_id ? [actor_id] : [])));
  const isSearch = keys.some((key) => SEARCH_KEYS.some((search) => search === key));
  const over = overFixedLimit(events, rules);
  const chosen = [...(isSearch ? new Set([...over, ...everybody]) : over)];
  const actorIds = chosen.slice(0, ACTORS_MAX);
  const take = (batch: readonly AuditEvent[]): void => void harvest.events.push(...batch);
  let sinceMs = baselineWindow.startMs;
  let unread = chosen.length - actorIds.length;
  for (const actorId of actorIds) {
    const past = { ...query, window: baselineWindow, eventKeys: keys, actorId };
    const coverage = await stages.tryRead(past, take, [50, 50], room());
    sinceMs = Math.max(sinceMs, readSinceMs(coverage, baselineWindow.endMs));
    if (!isReadToLogStart(coverage, baselineWindow)) unread += 1;
  }
  harvest.partly.push(...keys);
  harvest.unreadActors += isSearch ? [...over].filter((id) => !actorIds.includes(id)).length : unread;
  if (!isSearch) return;
  if (unread === 0) for (const key of keys) harvest.sinceMs.set(key, sinceMs);
  else {
    const reason = harvest.words.searchesUnread(unread, chosen.length);
    for (const { rule } of detectors) if (rule === 'first_api_search') harvest.skipped.push({ rule, reason });
  }
}

function notesOf({ words, partly, unreadActors }: Harvest): string[] {
  if (partly.length === 0) return [];
  return [words.heavyPast(partly.join(', ')), ...(unreadActors === 0 ? [] : [words.habitsUnread(unreadActors)])];
}
