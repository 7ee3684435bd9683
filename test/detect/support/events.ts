// Builds login events for the tests of the rules: short to write, one place for defaults.
import { LOGIN_DETECTORS } from '../../../src/detect/index.ts';
import { runDetectors, type DetectionResult, type EngineOptions } from '../../../src/detect/engine.ts';
import type { AuditEvent } from '../../../src/audit/event.ts';
import type { RuleId } from '../../../src/detect/rule-ids.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The judged window of the tests: one week. Histories lie before it. */
export const T0 = Date.parse('2026-03-10T09:00:00.000Z');
export const WINDOW = { startMs: T0 - HOUR, endMs: T0 + 7 * DAY };

export const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36';
export const MAC_APP =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) PachcaDesktop/60.0.0 Chrome/138.0.0.0 Electron/37.0.0 Safari/537.36';
export const LINUX_FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
export const HOME = '91.10.1.7';
export const OFFICE = '203.0.113.10';
export const STRANGE = '198.18.44.5';

export interface EventSpec {
  at: number;
  key?: string;
  actor?: string;
  ip?: string | null;
  ua?: string | null;
  id?: string;
}

/** An event at `at` milliseconds after T0; its id follows from what it is, so that equal specs are equal events. */
export function event(spec: EventSpec): AuditEvent {
  const { at, key = 'user_login', actor = '1', ip = HOME, ua = CHROME } = spec;
  return {
    id: spec.id ?? `${key}-${actor}-${at}-${ip ?? 'none'}`,
    created_at: new Date(T0 + at).toISOString(),
    event_key: key,
    entity_id: actor,
    entity_type: 'User',
    actor_id: actor,
    actor_type: 'User',
    details: {},
    ip_address: ip,
    user_agent: ua,
  };
}

/** Daily logins of an actor on the `days` days before T0, the last one two days before. */
export function history(spec: Omit<EventSpec, 'at'> = {}, days = 20): AuditEvent[] {
  return Array.from({ length: days }, (_, day) => event({ ...spec, at: -(day + 2) * DAY }));
}

/** Runs the given rules (default: all login rules). */
export function detect(
  events: readonly AuditEvent[],
  rules?: readonly RuleId[],
  options: Partial<EngineOptions> = {},
): DetectionResult {
  const detectors = LOGIN_DETECTORS.filter((detector) => rules === undefined || rules.includes(detector.rule));
  return runDetectors(events, { detectors, window: WINDOW, lang: 'en', ...options });
}
