// Owns the question whether somebody acts from where, and with what, they are known to act.
import type { Baseline, SeenEvent } from './detector.ts';

/** `unknown`: there is no history of the person, or the event does not say where it came from. */
export type Familiarity = 'familiar' | 'new' | 'unknown';

/** How familiar the source of `seen` is for `actorId`: network and client both known, or not. */
export function familiarity(baseline: Baseline, actorId: string, seen: SeenEvent): Familiarity {
  if (seen.networks === undefined || seen.client === undefined) return 'unknown';
  const knowsClient = baseline.knowsClient(actorId, seen);
  if (knowsClient && (baseline.knowsNet(actorId, seen) || baseline.isShared(seen))) return 'familiar';
  return baseline.logins(actorId) === 0 ? 'unknown' : 'new';
}
