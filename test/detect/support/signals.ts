// Owns signals for the tests of merging: what a rule says of events that are short to write, and what becomes of it.
import type { SeenEvent, Signal } from '../../../src/detect/detector.ts';
import { createIncidents, type IncidentOptions } from '../../../src/detect/incidents.ts';
import type { RuleId } from '../../../src/detect/rule-ids.ts';
import { createSeer } from '../../../src/detect/seer.ts';
import { event, T0, WINDOW, type EventSpec } from './events.ts';

const ORDER: readonly RuleId[] = ['failed_2fa_burst', 'scripted_login', 'takeover_chain', 'chat_made_public'];
const see = createSeer({ window: WINDOW, isTrial: ({ id }) => id.startsWith('trial') });

export function signal(rule: RuleId, specs: EventSpec | readonly EventSpec[], more: Partial<Signal> = {}): Signal {
  const events: SeenEvent[] = [specs].flat().map((spec) => see(event(spec), T0 + spec.at));
  return { rule, severity: 'medium', events, facts: {}, ...more };
}

/** The incidents of these signals, in this order. */
export function merged(signals: readonly Signal[], options: Partial<IncidentOptions> = {}) {
  const incidents = createIncidents({ order: ORDER, isWorkplace: () => false, window: WINDOW, ...options });
  for (const one of signals) incidents.add(one);
  return incidents.finish();
}
