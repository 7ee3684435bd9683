// Owns the staged reading behind the rules: the window that was asked for first, then the habits before it.
import type { Coverage } from '../audit/audit-log.ts';
import type { AuditEvent } from '../audit/event.ts';
import type { AuditQuery, TimeWindow } from '../audit/query.ts';
import type { Detector } from '../detect/detector.ts';
import { createEngine, type DetectionResult } from '../detect/engine.ts';
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
  readonly baselineWindow: TimeWindow;
  readonly baselineComplete: boolean;
  /** On events of the window whose text hides characters or speaks to a model. */
  readonly textNotes: readonly string[];
}

/** What else a call wants of the events that are judged. */
export interface JudgeOptions {
  readonly stages?: Stages;
  /** Rules that raise no finding, but on whose signals others build. */
  readonly supporting?: readonly Detector[];
  /** Of the keys of the query, those whose past is read too. Default: all. */
  readonly baselineKeys?: readonly string[];
  /** Every event of the window, once, oldest first. */
  readonly onEvents?: (events: readonly AuditEvent[]) => void;
  /** Runs after the window was read and before its baseline is: what was asked for goes before what helps to judge it. */
  readonly beforeBaseline?: () => Promise<void>;
}

/**
 * Judges `query.window` with `detectors`. The window is read first, since it is what was asked; the `baselineMs` before
 * it get what is left of the budget. Throws AuditError where nothing of the window could be read.
 */
export async function judge(
  detectors: readonly Detector[],
  query: AuditQuery,
  baselineMs: number,
  context: ToolContext,
  { stages = createStages(context), supporting = [], baselineKeys, onEvents, beforeBaseline }: JudgeOptions = {},
): Promise<Judged> {
  const { window } = query;
  let baselineSinceMs = window.startMs;
  const engine = createEngine({
    detectors,
    supporting,
    window,
    lang: context.settings.lang,
    tools: context.toolNames,
    readSinceMs: (key) => (baselineKeys?.includes(key) === false ? window.startMs : baselineSinceMs),
  });
  const texts = createTextWatch(context.settings.lang);
  let kept: AuditEvent[] | undefined = [];
  const coverage = await stages.read(
    query,
    (batch) => {
      texts.see(batch);
      onEvents?.(batch);
      if (kept !== undefined && kept.length + batch.length > KEPT_EVENTS_MAX) kept = undefined;
      kept?.push(...batch);
    },
    // Half of the bar is the window, half the baseline: their sizes are not known before.
    [0, 50],
  );
  await beforeBaseline?.();

  const learns = baselineMs > 0 && [...detectors, ...supporting].some(({ baseline }) => baseline !== 'none');
  const baselineWindow = { startMs: window.startMs - (learns ? baselineMs : 0), endMs: window.startMs };
  const push = (batch: readonly AuditEvent[]): void => engine.push(batch);
  let baselineComplete = true;
  if (learns) {
    const past = {
      ...query,
      window: baselineWindow,
      ...(baselineKeys === undefined ? {} : { eventKeys: baselineKeys }),
    };
    // Habits are a help, not the question: a baseline that fails leaves the window judged, and is said.
    const known = await stages.tryRead(past, push, [50, 100]);
    baselineComplete = known.complete;
    baselineSinceMs = readSinceMs(known, window.startMs);
  }
  // A second reading may see more than the first (events that came late), or less (a budget): its account holds.
  const judged = kept === undefined ? await stages.read(query, push, [100, 100]) : coverage;
  if (kept !== undefined) engine.push(kept);
  return {
    window,
    result: engine.finish(),
    coverage: { ...judged, requests: stages.requests() },
    baselineWindow,
    baselineComplete,
    textNotes: texts.notes(),
  };
}

/** From when on everything up to `nowMs` was read. */
function readSinceMs({ covered }: Coverage, nowMs: number): number {
  const last = covered.at(-1);
  return last !== undefined && last.endMs >= nowMs ? last.startMs : nowMs;
}
