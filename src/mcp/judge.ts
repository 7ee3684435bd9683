// Owns the staged reading behind the rules: the window that was asked for first, then the habits before it.
import type { Coverage } from '../audit/audit-log.ts';
import { compareEvents, eventTimeMs, type AuditEvent } from '../audit/event.ts';
import type { AuditQuery, TimeWindow } from '../audit/query.ts';
import type { Detector } from '../detect/detector.ts';
import { createEngine, type DetectionResult } from '../detect/engine.ts';
import { readPast, type Past } from './past.ts';
import type { SilentAccounts } from './silent-accounts.ts';
import { createStages, type Stages } from './stages.ts';
import { createTextWatch } from './text-notes.ts';
import type { ToolContext } from './tool.ts';

/** Events of the window kept in memory until the baseline is read; a bigger window is read again behind it. */
const KEPT_EVENTS_MAX = 60_000;

export interface Judged {
  readonly window: TimeWindow;
  readonly result: DetectionResult;
  /** Of the window; requests are those of all stages. */
  readonly coverage: Coverage;
  /** What was read of the past, without a gap up to the window. */
  readonly baselineWindow: TimeWindow;
  /** Whether that is all that was asked for. */
  readonly baselineComplete: boolean;
  /** On events of the window whose text hides characters or speaks to a model. */
  readonly textNotes: readonly string[];
}

/** What else a call wants of the events that are judged. */
export interface JudgeOptions {
  readonly stages?: Stages;
  /** Rules that raise no finding, but on whose signals others build. */
  readonly supporting?: readonly Detector[];
  /** Requests that the call wants to have left in the end. */
  readonly keptRequests?: number;
  /** Looks further back for those whom the past does not show. */
  readonly silent?: SilentAccounts;
  /** Every event of the window, once, oldest first. */
  readonly onEvents?: (events: readonly AuditEvent[]) => void;
  /** Runs after the window was read and before its baseline is: what was asked for goes before what helps to judge it. */
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

/**
 * Judges `query.window` with `detectors`. The window is read first, since it is what was asked; the `baselineMs` before
 * it get what is left of the budget. Throws AuditError where nothing of the window could be read.
 */
export async function judge(
  detectors: readonly Detector[],
  query: AuditQuery,
  baselineMs: number,
  context: ToolContext,
  {
    stages = createStages(context),
    supporting = [],
    keptRequests = 0,
    silent,
    onEvents,
    beforeBaseline,
  }: JudgeOptions = {},
): Promise<Judged> {
  const { window } = query;
  let sinceMs = (_key: string): number => window.startMs;
  const engine = createEngine({
    detectors,
    supporting,
    window,
    lang: context.settings.lang,
    tools: context.toolNames,
    readSinceMs: (key) => sinceMs(key),
  });
  const texts = createTextWatch(context.settings.lang);
  let kept: AuditEvent[] | undefined = [];
  const coverage = await stages.read(
    query,
    (batch) => {
      texts.see(batch);
      silent?.observe(batch);
      onEvents?.(batch);
      if (kept !== undefined && kept.length + batch.length > KEPT_EVENTS_MAX) kept = undefined;
      kept?.push(...batch);
    },
    // Half of the bar is the window, half the baseline: their sizes are not known before.
    [0, 50],
  );

  const learns = baselineMs > 0 && [...detectors, ...supporting].some(({ baseline }) => baseline !== 'none');
  const baselineWindow = { startMs: window.startMs - (learns ? baselineMs : 0), endMs: window.startMs };
  const { events, pastKeys, sinceMs: sinceOf } = (await beforeBaseline?.(baselineWindow)) ?? NOTHING_PREPARED;
  texts.see(events.filter((event) => eventTimeMs(event) >= window.startMs));
  const feed = createFeed(events, (batch) => engine.push(batch));
  let past: Past = { window: baselineWindow, complete: true };
  if (learns) {
    const keys = query.eventKeys && { eventKeys: [...query.eventKeys, ...pastKeys] };
    const alike = events.filter((event) => eventTimeMs(event) >= window.startMs && pastKeys.includes(event.event_key));
    const eventsPerMs = (coverage.eventsScanned + alike.length) / (window.endMs - window.startMs);
    const asked = { ...query, window: baselineWindow, ...keys };
    // Habits are a help, not the question: a baseline that fails leaves the window judged, and is said.
    past = await readPast(asked, eventsPerMs, keptRequests, feed.push, stages, context, silent);
    const { startMs } = past.window;
    sinceMs = (key) => ((keys?.eventKeys.includes(key) ?? true) ? startMs : (sinceOf.get(key) ?? window.startMs));
  }
  // A second reading may see more than the first (events that came late), or less (a budget): its account holds.
  const judged = kept === undefined ? await stages.read(query, feed.push, [100, 100]) : coverage;
  if (kept !== undefined) feed.push(kept);
  feed.end();
  const result = engine.finish();
  const { actorId } = query;
  return {
    window,
    result: {
      ...result,
      // What others did was read for what it says of the person.
      findings: result.findings.filter(({ actor_ids }) => actorId === undefined || actor_ids.includes(actorId)),
      baselineLogins: result.baselineLogins - (silent?.found() ?? 0),
    },
    coverage: { ...judged, requests: stages.requests() },
    baselineWindow: past.window,
    baselineComplete: past.complete,
    textNotes: texts.notes(),
  };
}

/** Gives `events` away among the batches that pass by, all in one order of time. */
function createFeed(events: readonly AuditEvent[], take: (batch: readonly AuditEvent[]) => void) {
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
