// Owns the order in which rules are fed: the past before the window, whichever of them is read first.
import type { Coverage } from '../audit/audit-log.ts';
import { compareEvents, eventTimeMs, type AuditEvent } from '../audit/event.ts';
import type { AuditQuery, TimeWindow } from '../audit/query.ts';
import { isCheapToRepeat } from './held.ts';
import { readPast, readWholePast, type Past } from './past.ts';
import type { SilentAccounts } from './silent-accounts.ts';
import type { Stages } from './stages.ts';
import type { ToolContext } from './tool.ts';

/** Events of the window kept in memory until the baseline is read; a bigger window is read again behind it. */
const KEPT_EVENTS_MAX = 60_000;

type Take = (events: readonly AuditEvent[]) => void;

/** What else a call wants of the events. */
export interface FeedOptions {
  /** Requests that the call wants to have left in the end. */
  readonly keptRequests?: number;
  /** Looks further back for those whom the past does not show. */
  readonly silent?: SilentAccounts;
  /** Every event of the window, once, oldest first. */
  readonly onEvents?: Take;
  /** Runs before the baseline is read and, where that costs requests, after the window was. */
  readonly beforeBaseline?: (baselineWindow: TimeWindow) => Promise<Preparation | undefined>;
}

/** What a call has read by itself, of keys that its query does not name. */
export interface Preparation {
  /** Of the window and of its past, oldest first. */
  readonly events: readonly AuditEvent[];
  /** Keys whose past is to be read with that of the query. */
  readonly pastKeys: readonly string[];
  /** From when on `events` hold everything of a key that the rules may ask for. */
  readonly sinceMs: ReadonlyMap<string, number>;
}

const NOTHING_PREPARED: Preparation = { events: [], pastKeys: [], sinceMs: new Map() };

export interface Feeding extends FeedOptions {
  readonly query: AuditQuery;
  /** Empty where nothing is to be learned. */
  readonly baselineWindow: TimeWindow;
  readonly stages: Stages;
  readonly push: Take;
  /** Takes logins of long ago, of people who were not pushed yet. */
  readonly recall: Take;
  /** Told before the window comes from when on the events of a key were read. */
  readonly onSince: (sinceMs: (key: string) => number) => void;
  /** Every event of the window. */
  readonly seeTexts: Take;
}

export interface Fed {
  /** Of the window. */
  readonly coverage: Coverage;
  readonly past: Past;
}

/** Throws AuditError where nothing of the window could be read. */
export async function feedRules(feeding: Feeding, context: ToolContext): Promise<Fed> {
  const { query, baselineWindow, stages, push, recall, seeTexts, onEvents } = feeding;
  const { window } = query;
  // Where everything lies at hand it is read in the order of time, once; else what was asked for comes first.
  const isAtHand = await isCheapToRepeat(query, baselineWindow.startMs, context);
  const look: Take = (batch) => {
    seeTexts(batch);
    onEvents?.(batch);
  };
  const kept = isAtHand ? undefined : await readAndKeep(query, stages, look, feeding.silent);
  const prepared = (await feeding.beforeBaseline?.(baselineWindow)) ?? NOTHING_PREPARED;
  const feed = createFeed(prepared.events, push);
  const isLearned = baselineWindow.endMs > baselineWindow.startMs;
  const past = isLearned
    ? await feedPast(feeding, kept, prepared, feed.push, context)
    : { window: baselineWindow, complete: true };
  // Where nothing of the past was read, everybody would be unknown.
  const silent = past.window.startMs < past.window.endMs ? feeding.silent : undefined;
  const lookBack = async (batch: readonly AuditEvent[]): Promise<void> => {
    silent?.observe(batch);
    recall((await silent?.logins(past.window.startMs)) ?? []);
  };
  await lookBack([]);
  const mostRequests = context.settings.maxRequests - stages.requests() - (silent?.mostRequests() ?? 0);
  const coverage = await feedWindow(kept, feeding, look, feed.push, { lookBack, mostRequests });
  seeTexts(prepared.events.filter((event) => eventTimeMs(event) >= window.startMs));
  feed.end();
  return { coverage, past };
}

/** Habits are a help, not the question: a past that cannot be read leaves the window to be judged, and is said. */
async function feedPast(
  { query, baselineWindow, stages, silent, keptRequests = 0, onSince }: Feeding,
  kept: ReadWindow | undefined,
  { events, pastKeys, sinceMs }: Preparation,
  take: Take,
  context: ToolContext,
): Promise<Past> {
  const { window, eventKeys } = query;
  const keys = eventKeys && [...eventKeys, ...pastKeys];
  const asked = { ...query, window: baselineWindow, ...(keys && { eventKeys: keys }) };
  const isAlike = (event: AuditEvent) => eventTimeMs(event) >= window.startMs && pastKeys.includes(event.event_key);
  const seen = (kept?.coverage.eventsScanned ?? 0) + events.filter(isAlike).length;
  const eventsPerMs = seen / (window.endMs - window.startMs);
  // The window comes last where all lies at hand: a damaged store must leave it something to be read with.
  const mostRequests = Math.floor((context.settings.maxRequests - stages.requests()) / 4);
  const learn: Take = (batch) => {
    silent?.know(batch);
    take(batch);
  };
  const past =
    kept === undefined
      ? await readWholePast(asked, mostRequests, learn, stages, [0, 50])
      : await readPast(asked, eventsPerMs, keptRequests, learn, stages, context);
  onSince((key) => ((keys?.includes(key) ?? true) ? past.window.startMs : (sinceMs.get(key) ?? window.startMs)));
  return past;
}

/** A window that was read before its past. */
interface ReadWindow {
  readonly coverage: Coverage;
  /** Absent where they are too many. */
  events?: AuditEvent[];
}

async function readAndKeep(
  query: AuditQuery,
  stages: Stages,
  look: Take,
  silent: SilentAccounts | undefined,
): Promise<ReadWindow> {
  let events: AuditEvent[] | undefined = [];
  const take = (batch: readonly AuditEvent[]): void => {
    look(batch);
    silent?.observe(batch);
    if (events !== undefined && events.length + batch.length > KEPT_EVENTS_MAX) events = undefined;
    events?.push(...batch);
  };
  // Half of the bar is the window, half the baseline: their sizes are not known before.
  const coverage = await stages.read(query, take, [0, 50]);
  return { coverage, ...(events === undefined ? {} : { events }) };
}

/** How a window is read that was not read before its past. */
interface Unkept {
  /** Called with each batch before the rules see it. */
  readonly lookBack: (batch: readonly AuditEvent[]) => Promise<void>;
  readonly mostRequests: number;
}

/** Gives the window away behind its past: what was kept of it, or what is read now. */
async function feedWindow(
  kept: ReadWindow | undefined,
  { query, stages }: Feeding,
  look: Take,
  take: Take,
  { lookBack, mostRequests }: Unkept,
): Promise<Coverage> {
  if (kept?.events !== undefined) {
    take(kept.events);
    return kept.coverage;
  }
  // A second reading may see more than the first (events that came late), or less (a budget): its account holds.
  if (kept !== undefined) return stages.read(query, take, [100, 100]);
  return stages.read(
    query,
    async (batch) => {
      look(batch);
      await lookBack(batch);
      take(batch);
    },
    [50, 100],
    mostRequests,
  );
}

/** Gives `events` away among the batches that pass by, all in one order of time. */
function createFeed(events: readonly AuditEvent[], take: Take) {
  let next = 0;
  const due = (untilMs: number): readonly AuditEvent[] => {
    const from = next;
    for (let event = events[next]; event !== undefined && eventTimeMs(event) <= untilMs; event = events[next])
      next += 1;
    return events.slice(from, next);
  };
  return {
    push(batch: readonly AuditEvent[]): void {
      const last = batch.at(-1);
      const others = last === undefined ? [] : due(eventTimeMs(last));
      take(others.length === 0 ? batch : [...batch, ...others].toSorted(compareEvents));
    },
    end: () => take(due(Number.POSITIVE_INFINITY)),
  };
}
