// Owns the run of the rules over a stream of events: order, duplicates, quarantine, signals, and the account of it.
import { compareEvents, eventTimeMs, type AuditEvent } from '../audit/event.ts';
import type { EventKey } from '../audit/event-keys.ts';
import type { TimeWindow } from '../audit/query.ts';
import { BASELINE_DEFAULTS, createBaseline } from './baseline.ts';
import type {
  Detector,
  DetectorRun,
  Finding,
  Lang,
  LeftOutReason,
  Params,
  SeenEvent,
  Signal,
  TrustedActivity,
} from './detector.ts';
import { findingsOf } from './findings.ts';
import { createIncidents, type Incidents } from './incidents.ts';
import { severityRank } from './incident.ts';
import { createOutcomes } from './outcomes.ts';
import type { RuleId } from './rule-ids.ts';
import { createSeer } from './seer.ts';
import { createTotals, type LoginTotals } from './totals.ts';

export interface EngineOptions {
  /** Rules that raise findings. Their order decides which of equal severity names an incident. */
  readonly detectors: readonly Detector[];
  /** Rules whose signals others build on, but which raise no finding here. */
  readonly supporting?: readonly Detector[];
  /** Earlier events teach, later ones are judged too if they are given; findings touch this window. */
  readonly window: TimeWindow;
  readonly lang: Lang;
  /** Parameters that differ from the rules' defaults. */
  readonly params?: Partial<Record<RuleId, Params>>;
  readonly baseline?: Partial<typeof BASELINE_DEFAULTS>;
  /** From when on the events of a key were read, milliseconds. Default: the first event of the run, of any key. */
  readonly readSinceMs?: (key: EventKey) => number;
  /** Tools that `next` may name. Default: `list_audit_events`. */
  readonly tools?: readonly string[];
  /** What-if events: judged at their moment, kept by nobody. For the evaluation. */
  readonly isTrial?: (event: AuditEvent) => boolean;
  /** Every signal of `detectors`, before merging. For the evaluation. */
  readonly onSignal?: (signal: Signal) => void;
}

export interface DetectionResult {
  /** All of them, by severity, then newest. */
  findings: Finding[];
  /** Of the judged window. */
  totals: LoginTotals;
  rulesEvaluated: RuleId[];
  /** What looked like a rule and raised no finding, by reason; of the judged window. */
  leftOut: Partial<Record<LeftOutReason, number>>;
  /** `user_login` events before the judged window: what the rules could learn from. */
  baselineLogins: number;
}

export interface Engine {
  /** Events oldest first (events of one millisecond in any order), each batch after the one before. Duplicates are dropped. */
  push(events: readonly AuditEvent[]): void;
  /** Logins from before the run, oldest first, of people who have not logged in within it yet. No habits are learned from them. */
  recall(logins: readonly AuditEvent[]): void;
  /** Ends the run at the end of the window. */
  finish(): DetectionResult;
}

interface Route {
  readonly runs: readonly DetectorRun[];
  observe(seen: SeenEvent): void;
}

/** Sends each event to the rules that asked for its key, in the order of the rules. */
function createRoute(pairs: readonly (readonly [Detector, DetectorRun])[]): Route {
  const byKey = new Map<string, readonly DetectorRun[]>();
  function runsFor(key: string): readonly DetectorRun[] {
    const known = byKey.get(key);
    if (known !== undefined) return known;
    const wants = ({ eventKeys }: Detector) => eventKeys.length === 0 || eventKeys.some((wanted) => wanted === key);
    const observing = pairs.filter(([detector, run]) => run.observe !== undefined && wants(detector));
    const runs = observing.map(([, run]) => run);
    // A hostile log could hold any number of unknown keys.
    if (byKey.size < 1000) byKey.set(key, runs);
    return runs;
  }
  return {
    runs: pairs.map(([, run]) => run),
    observe(seen) {
      for (const run of runsFor(seen.key)) run.observe?.(seen);
    },
  };
}

/** Holds back the events of one millisecond, so that their order and their repeats do not matter. */
function createOrderer(judge: (event: AuditEvent, timeMs: number) => void, late: () => void) {
  let nowMs = -Infinity;
  /** Most milliseconds have one event: a list for each would be most of what is thrown away. */
  let first: AuditEvent | undefined;
  let others: AuditEvent[] = [];
  function flush(): void {
    const event = first;
    first = undefined;
    if (event === undefined) return;
    if (others.length === 0) return judge(event, nowMs);
    const distinct = new Map([event, ...others].map((one) => [one.id, one]));
    others = [];
    for (const one of [...distinct.values()].sort(compareEvents)) judge(one, nowMs);
  }
  return {
    push(event: AuditEvent): void {
      const timeMs = eventTimeMs(event);
      if (timeMs < nowMs) return late();
      if (timeMs > nowMs) flush();
      nowMs = timeMs;
      if (first === undefined) first = event;
      else others.push(event);
    },
    flush,
  };
}

interface Voices {
  /** Signals on the event at hand, in the order in which they were raised. */
  emit(signal: Signal, reports: boolean): void;
  /** Tells everybody what was said, and what they say to that. */
  settle(runs: readonly DetectorRun[]): void;
}

function createVoices(incidents: Incidents, taint: (signal: Signal) => void, options: EngineOptions): Voices {
  let said: { signal: Signal; reports: boolean }[] = [];
  return {
    emit: (signal, reports) => said.push({ signal, reports }),
    settle(runs) {
      while (said.length > 0) {
        const now = said;
        said = [];
        for (const { signal, reports } of now) {
          taint(signal);
          if (reports) {
            incidents.add(signal);
            options.onSignal?.(signal);
          }
          for (const run of runs) run.onSignal?.(signal);
        }
      }
    },
  };
}

/** A run of `detectors` over a stream. Memory is bounded by actors, sources and incidents, not by events. */
export function createEngine(options: EngineOptions): Engine {
  const { detectors, supporting = [], window } = options;
  const order = detectors.map((detector) => detector.rule);
  const baseline = createBaseline({ ...BASELINE_DEFAULTS, ...options.baseline });
  const incidents = createIncidents({ order, isShared: (seen) => baseline.view.isShared(seen), window });
  const leftOut = new Map<LeftOutReason, number>();
  const totals = createTotals(window);
  let firstMs = Infinity;
  const voices = createVoices(
    incidents,
    (signal) => {
      if (signal.taints ?? severityRank(signal.severity) > 0) baseline.taint(signal.events);
    },
    options,
  );

  function countLeftOut(reason: LeftOutReason, judged: boolean): void {
    if (judged) leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
  }
  function start(detector: Detector, reports: boolean): readonly [Detector, DetectorRun] {
    const context = {
      baseline: baseline.view,
      historySinceMs: (key: EventKey) => options.readSinceMs?.(key) ?? firstMs,
      emit: (signal: Signal) => voices.emit(signal, reports),
      leaveOut: (reason: LeftOutReason, seen: SeenEvent) => countLeftOut(reason, seen.judged && reports),
    };
    return [detector, detector.start(options.params?.[detector.rule] ?? {}, context)];
  }
  const route = createRoute([
    ...supporting.map((detector) => start(detector, false)),
    ...detectors.map((detector) => start(detector, true)),
  ]);
  const outcomes = createOutcomes(route.runs);
  const advancing = route.runs.filter((run) => run.advance !== undefined);
  const learning = route.runs.filter((run) => run.learn !== undefined);
  const listening = route.runs.filter((run) => run.onSignal !== undefined);
  const see = createSeer(options);
  const learn = (activity: TrustedActivity) => {
    for (const run of learning) run.learn?.(activity);
  };
  function advance(nowMs: number): void {
    outcomes.advance(nowMs);
    for (const run of advancing) run.advance?.(nowMs);
    voices.settle(listening);
    baseline.advance(nowMs, learn);
  }
  const orderer = createOrderer(
    (event, timeMs) => {
      const seen = see(event, timeMs);
      firstMs = Math.min(firstMs, timeMs);
      advance(timeMs);
      totals.observe(seen);
      outcomes.observe(seen);
      route.observe(seen);
      voices.settle(listening);
      baseline.observe(seen);
    },
    () => countLeftOut('out_of_order', true),
  );

  return {
    push(events) {
      for (const event of events) orderer.push(event);
    },
    recall(logins) {
      for (const event of logins) {
        const seen = see(event, eventTimeMs(event));
        for (const run of route.runs) run.recall?.(seen);
      }
    },
    finish() {
      orderer.flush();
      advance(window.endMs);
      const techniques = new Map(detectors.map((detector) => [detector.rule, detector.techniques]));
      return {
        findings: findingsOf(incidents.finish(), {
          lang: options.lang,
          order,
          techniquesOf: (rule) => techniques.get(rule) ?? [],
          tools: options.tools ?? ['list_audit_events'],
        }),
        totals: totals.result(),
        rulesEvaluated: order,
        leftOut: Object.fromEntries(leftOut),
        baselineLogins: totals.baselineLogins(),
      };
    },
  };
}

/** The same for events that are all at hand: any order, any repeats, the same findings. */
export function runDetectors(events: readonly AuditEvent[], options: EngineOptions): DetectionResult {
  const engine = createEngine(options);
  engine.push(events.toSorted(compareEvents));
  return engine.finish();
}
