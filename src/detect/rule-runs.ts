// Owns the rules of a run: which of them is told what, in the order of the rules.
import type { AuditEvent } from '../audit/event.ts';
import type { Detector, DetectorContext, DetectorRun, Params, SeenEvent, Signal, TrustedActivity } from './detector.ts';
import { createOutcomes } from './outcomes.ts';
import type { RuleId } from './rule-ids.ts';

export interface RuleRuns {
  observe(seen: SeenEvent): void;
  recall(seen: SeenEvent): void;
  advance(nowMs: number): void;
  learn(activity: TrustedActivity): void;
  onSignal(signal: Signal): void;
}

export interface RuleRunsOptions {
  readonly detectors: readonly Detector[];
  readonly params: Partial<Record<RuleId, Params>>;
  contextOf(detector: Detector): DetectorContext;
}

type Pair = readonly [Detector, DetectorRun];

/** The runs that asked for events of a key. */
function createRoute(pairs: readonly Pair[]): (key: AuditEvent['event_key']) => readonly DetectorRun[] {
  const byKey = new Map<string, readonly DetectorRun[]>();
  return (key) => {
    const known = byKey.get(key);
    if (known !== undefined) return known;
    const wants = ({ eventKeys }: Detector) => eventKeys.length === 0 || eventKeys.some((wanted) => wanted === key);
    const observing = pairs.filter(([detector, run]) => run.observe !== undefined && wants(detector));
    const runs = observing.map(([, run]) => run);
    // A hostile log could hold any number of unknown keys.
    if (byKey.size < 1000) byKey.set(key, runs);
    return runs;
  };
}

/** Starts the rules. */
export function createRuleRuns({ detectors, params, contextOf }: RuleRunsOptions): RuleRuns {
  const pairs = detectors.map((detector): Pair => [
    detector,
    detector.start(params[detector.rule] ?? {}, contextOf(detector)),
  ]);
  const runs = pairs.map(([, run]) => run);
  const runsFor = createRoute(pairs);
  const outcomes = createOutcomes(runs);
  const recalling = runs.filter((run) => run.recall !== undefined);
  const advancing = runs.filter((run) => run.advance !== undefined);
  const learning = runs.filter((run) => run.learn !== undefined);
  const listening = runs.filter((run) => run.onSignal !== undefined);
  return {
    observe(seen) {
      outcomes.observe(seen);
      for (const run of runsFor(seen.key)) run.observe?.(seen);
    },
    recall(seen) {
      for (const run of recalling) run.recall?.(seen);
    },
    advance(nowMs) {
      outcomes.advance(nowMs);
      for (const run of advancing) run.advance?.(nowMs);
    },
    learn(activity) {
      for (const run of learning) run.learn?.(activity);
    },
    onSignal(signal) {
      for (const run of listening) run.onSignal?.(signal);
    },
  };
}
