// Owns the judging of a window: the rules are fed with it and with the habits before it, and what they say gets its account.
import type { Coverage } from '../audit/audit-log.ts';
import type { AuditQuery, TimeWindow } from '../audit/query.ts';
import type { Detector } from '../detect/detector.ts';
import { createEngine, type DetectionResult } from '../detect/engine.ts';
import { feedRules, type FeedOptions } from './feed-rules.ts';
import { createStages, type Stages } from './stages.ts';
import { createTextWatch } from './text-notes.ts';
import type { ToolContext } from './tool.ts';

export interface Judged {
  readonly window: TimeWindow;
  readonly result: DetectionResult;
  /** Of the window; requests and notes are those of all stages. */
  readonly coverage: Coverage;
  /** What was read of the past, without a gap up to the window. */
  readonly baselineWindow: TimeWindow;
  /** Whether that is all that was asked for. */
  readonly baselineComplete: boolean;
  /** On events of the window whose text hides characters or speaks to a model. */
  readonly textNotes: readonly string[];
}

/** What else a call wants of the events that are judged. */
export interface JudgeOptions extends FeedOptions {
  readonly stages?: Stages;
  /** Rules that raise no finding, but on whose signals others build. */
  readonly supporting?: readonly Detector[];
}

/**
 * Judges `query.window` with `detectors`. Where reading costs, the window is read first, since it is what was asked; the
 * `baselineMs` before it get what is left of the budget. Throws AuditError where nothing of the window could be read.
 */
export async function judge(
  detectors: readonly Detector[],
  query: AuditQuery,
  baselineMs: number,
  context: ToolContext,
  options: JudgeOptions = {},
): Promise<Judged> {
  const { stages = createStages(context), supporting = [] } = options;
  const { window } = query;
  let sinceMs = (_key: string): number => window.startMs;
  const engine = createEngine({
    detectors,
    supporting,
    window,
    lang: context.settings.lang,
    tools: context.toolNames,
    readSinceMs: (key) => sinceMs(key),
    seesCompany: query.actorId === undefined,
    // What others did was read for what it says of the person.
    ...(query.actorId === undefined ? {} : { aboutActorId: query.actorId }),
  });
  const texts = createTextWatch(context.settings.lang);
  const learns = baselineMs > 0 && [...detectors, ...supporting].some(({ baseline }) => baseline !== 'none');
  const { coverage, past } = await feedRules(
    {
      query,
      baselineWindow: { startMs: window.startMs - (learns ? baselineMs : 0), endMs: window.startMs },
      push: (events) => engine.push(events),
      recall: (events) => engine.recall(events),
      onSince: (since) => (sinceMs = since),
      seeTexts: (events) => texts.see(events),
      ...options,
      stages,
    },
    context,
  );
  const result = engine.finish();
  return {
    window,
    result,
    coverage: { ...coverage, requests: stages.requests(), notes: stages.notes() },
    baselineWindow: past.window,
    baselineComplete: past.complete,
    textNotes: texts.notes(),
  };
}
