// Builds events of risky changes for the tests of the rules, and runs these rules.
import type { AuditEvent } from '../../../src/audit/event.ts';
import { createEngine, type DetectionResult, type EngineOptions } from '../../../src/detect/engine.ts';
import { compareEvents } from '../../../src/audit/event.ts';
import type { Finding } from '../../../src/detect/detector.ts';
import { changeRun } from '../../../src/detect/risky-changes.ts';
import type { RuleId } from '../../../src/detect/rule-ids.ts';
import { DAY, event, T0, WINDOW, type EventSpec } from './events.ts';

export interface ActSpec extends EventSpec {
  /** `Type:id`; by default the actor. */
  entity?: string;
  details?: Record<string, unknown>;
}

/** An event at `at` milliseconds after T0; its id follows from what it is. */
export function act(spec: ActSpec): AuditEvent {
  const { entity = `User:${spec.actor ?? '1'}`, details = {} } = spec;
  const [type, id] = entity.split(':');
  const base = event(spec);
  return {
    ...base,
    id: spec.id ?? `${base.id}-${entity}-${JSON.stringify(details)}`,
    entity_type: type,
    entity_id: id,
    details,
  };
}

/** `count` events, `gapMs` apart; `spec` may depend on the index. */
export function several(count: number, gapMs: number, spec: (index: number) => Partial<ActSpec>): AuditEvent[] {
  return Array.from({ length: count }, (_, index) => act({ at: index * gapMs, ...spec(index) }));
}

/** Runs the rules (default: all on risky changes, as the tool does). */
export function judge(
  events: readonly AuditEvent[],
  rules?: readonly RuleId[],
  options: Partial<EngineOptions> = {},
): DetectionResult {
  const { detectors, supporting } = changeRun(rules);
  const engine = createEngine({ detectors, supporting, window: WINDOW, lang: 'en', ...options });
  engine.push(events.toSorted(compareEvents));
  return engine.finish();
}

/** What the findings of one rule are, in short. */
export function severities(
  events: readonly AuditEvent[],
  rule: RuleId,
  options: Partial<EngineOptions> = {},
): Finding['severity'][] {
  return judge(events, [rule], options).findings.map(({ severity }) => severity);
}

/** Half a year has been read of every key. */
export const READ_LONG_AGO: Partial<EngineOptions> = { readSinceMs: () => T0 - 180 * DAY };
