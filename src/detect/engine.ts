// Owns the run of the rules over a stream of events: order, duplicates, quarantine, signals, and the account of it.
import { compareEvents, eventTimeMs, type AuditEvent } from '../audit/event.ts';
import type { EventKey } from '../audit/event-keys.ts';
import type { TimeWindow } from '../audit/query.ts';
import { BASELINE_DEFAULTS, createBaseline } from './baseline.ts';
import type { Baseline, Detector, Finding, LeftOutReason, Params, SeenEvent, Signal } from './detector.ts';
import { findingsOf } from './findings.ts';
import { createIncidents } from './incidents.ts';
import { severityRank, type Incident } from './incident.ts';
import type { RuleId } from './rule-ids.ts';
import { createRuleRuns } from './rule-runs.ts';
import { createSeer } from './seer.ts';
import { createTotals, type LoginTotals } from './totals.ts';
import type { Lang } from '../text/lang.ts';

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
  /** Default true; false for the events of one actor. */
  readonly seesCompany?: boolean;
  /** Findings that are not about this actor are left out. */
  readonly aboutActorId?: string;
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
  /** Signals on the event at hand, in the order in which they were raised. `reports`: of a rule that raises findings. */
  emit(signal: Signal, reports: boolean): void;
  /** Passes on what was said, and what the rules say to that. */
  settle(): void;
}

function createVoices(tell: (signal: Signal, reports: boolean) => void): Voices {
  let said: { signal: Signal; reports: boolean }[] = [];
  return {
    emit: (signal, reports) => said.push({ signal, reports }),
    settle() {
      while (said.length > 0) {
        const now = said;
        said = [];
        for (const { signal, reports } of now) tell(signal, reports);
      }
    },
  };
}

/** Whether many people work at the source of the event, or its own actor does. */
function worksThere(baseline: Baseline, seen: SeenEvent): boolean {
  return baseline.isShared(seen) || (seen.actorId !== undefined && baseline.knowsHost(seen.actorId, seen));
}

function aboutOf({ aboutActorId }: EngineOptions): Pick<EngineOptions, 'aboutActorId'> {
  return aboutActorId === undefined ? {} : { aboutActorId };
}

/** The rules at work on events that come one by one, in order: what they say goes into `incidents`, and `leaveOut` is told of the rest. */
function createJudge(options: EngineOptions, leaveOut: (reason: LeftOutReason) => void) {
  const { detectors, supporting = [], params = {}, window } = options;
  const baseline = createBaseline({ ...BASELINE_DEFAULTS, ...options.baseline });
  const order = detectors.map(({ rule }) => rule);
  const isWorkplace = (seen: SeenEvent): boolean => worksThere(baseline.view, seen);
  const incidents = createIncidents({ order, isWorkplace, window, ...aboutOf(options) });
  let firstMs = Infinity;
  const voices = createVoices((signal, reports) => {
    if (signal.taints ?? severityRank(signal.severity) > 0) baseline.taint(signal.events);
    if (reports) {
      incidents.add(signal);
      options.onSignal?.(signal);
    }
    rules.onSignal(signal);
  });
  const rules = createRuleRuns({
    detectors: [...supporting, ...detectors],
    params,
    contextOf(detector) {
      const reports = detectors.includes(detector);
      return {
        baseline: baseline.view,
        historySinceMs: (key) => options.readSinceMs?.(key) ?? firstMs,
        seesCompany: options.seesCompany ?? true,
        emit: (signal) => voices.emit(signal, reports),
        leaveOut: (reason, seen) => void (seen.judged && reports && leaveOut(reason)),
      };
    },
  });
  function advance(nowMs: number): void {
    rules.advance(nowMs);
    voices.settle();
    baseline.advance(nowMs, rules.learn);
  }
  return {
    observe(seen: SeenEvent): void {
      firstMs = Math.min(firstMs, seen.timeMs);
      advance(seen.timeMs);
      rules.observe(seen);
      voices.settle();
      baseline.observe(seen);
    },
    recall: rules.recall,
    finish(): readonly Incident[] {
      advance(window.endMs);
      return incidents.finish();
    },
  };
}

/** A run of `detectors` over a stream. Memory is bounded by actors, sources and incidents, not by events. */
export function createEngine(options: EngineOptions): Engine {
  const { detectors, window } = options;
  const order = detectors.map(({ rule }) => rule);
  const leftOut = new Map<LeftOutReason, number>();
  const leaveOut = (reason: LeftOutReason) => void leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
  const totals = createTotals(window);
  const see = createSeer(options);
  const judge = createJudge(options, leaveOut);
  const orderer = createOrderer(
    (event, timeMs) => {
      const seen = see(event, timeMs);
      totals.observe(seen);
      judge.observe(seen);
    },
    () => leaveOut('out_of_order'),
  );
  return {
    push(events) {
      for (const event of events) orderer.push(event);
    },
    recall(logins) {
      for (const event of logins) judge.recall(see(event, eventTimeMs(event)));
    },
    finish() {
      orderer.flush();
      const techniques = new Map(detectors.map((detector) => [detector.rule, detector.techniques]));
      return {
        findings: findingsOf(judge.finish(), {
          lang: options.lang,
          order,
          techniquesOf: (rule) => techniques.get(rule) ?? [],
          tools: options.tools ?? ['list_audit_events'],
          ...aboutOf(options),
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
