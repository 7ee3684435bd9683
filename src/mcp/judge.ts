// Owns the staged reading behind the rules: the window that was asked for first, then the habits before it.
import type { Coverage } from '../audit/audit-log.ts';
import type { AuditEvent } from '../audit/event.ts';
import type { AuditQuery, TimeWindow } from '../audit/query.ts';
import type { Detector } from '../detect/detector.ts';
import { createEngine, type DetectionResult } from '../detect/engine.ts';
import { AuditError } from '../errors.ts';
import { createTextWatch } from './text-notes.ts';
import type { ToolContext } from './tool.ts';

/** Events of the window kept in memory until the baseline is read; a bigger window is read again behind it. */
const KEPT_EVENTS_MAX = 60_000;

export interface Judged {
  readonly result: DetectionResult;
  /** Of the window; requests are those of all stages. */
  readonly coverage: Coverage;
  readonly baselineWindow: TimeWindow;
  readonly baselineComplete: boolean;
  /** On events of the window whose text hides characters or speaks to a model. */
  readonly textNotes: readonly string[];
}

/** Reads in order with what is left of the call's request budget, and gives every batch away. */
function createStages(context: ToolContext) {
  let requests = 0;
  return {
    requests: () => requests,
    async read(query: AuditQuery, take: (batch: readonly AuditEvent[]) => void, progressFrom: number) {
      const read = context.log.read(query, {
        signal: context.signal,
        deadlineAt: context.deadlineAt,
        maxRequests: Math.max(0, context.settings.maxRequests - requests),
        // Half of the bar is the window, half the baseline: their sizes are not known before.
        onProgress: ({ coveredMs, totalMs, events }) =>
          context.progress(progressFrom + (50 * coveredMs) / totalMs, 100, `${events} events read`),
      });
      for await (const batch of read.batches) take(batch);
      const coverage = read.coverage();
      requests += coverage.requests;
      return coverage;
    },
  };
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
): Promise<Judged> {
  const { window } = query;
  const engine = createEngine({ detectors, window, lang: context.settings.lang, tools: context.toolNames });
  const stages = createStages(context);
  const texts = createTextWatch();
  let kept: AuditEvent[] | undefined = [];
  const coverage = await stages.read(
    query,
    (batch) => {
      texts.see(batch);
      if (kept !== undefined && kept.length + batch.length > KEPT_EVENTS_MAX) kept = undefined;
      kept?.push(...batch);
    },
    0,
  );

  const learns = baselineMs > 0 && detectors.some(({ baseline }) => baseline !== 'none');
  const baselineWindow = { startMs: window.startMs - (learns ? baselineMs : 0), endMs: window.startMs };
  const push = (batch: readonly AuditEvent[]): void => engine.push(batch);
  const baselineComplete =
    !learns || (await readBaseline(() => stages.read({ ...query, window: baselineWindow }, push, 50), context));
  // A second reading may see more than the first (events that came late), or less (a budget): its account holds.
  const judged = kept === undefined ? await stages.read(query, push, 100) : coverage;
  if (kept !== undefined) engine.push(kept);
  return {
    result: engine.finish(),
    coverage: { ...judged, requests: stages.requests() },
    baselineWindow,
    baselineComplete,
    textNotes: texts.notes(),
  };
}

/** Habits are a help, not the question: a baseline that fails leaves the window judged, and is said. */
async function readBaseline(read: () => Promise<Coverage>, context: ToolContext): Promise<boolean> {
  try {
    return (await read()).complete;
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof AuditError) return false;
    throw error;
  }
}
