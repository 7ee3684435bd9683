// Owns the telling of a new office, hotel or VPN exit: people who come together to a new source with their own clients.
import type { Baseline, SeenEvent } from './detector.ts';
import { createRecent } from './recent.ts';

export interface ArrivalOptions {
  readonly windowMs: number;
  /** Newcomers who come within `windowMs`, from which on it is a place of the company. */
  readonly actors: number;
  /** Share of them with a client that they are known to use. */
  readonly knownShare: number;
  /** Below this many earlier logins a person says nothing about a place. */
  readonly minLogins: number;
  /** How long a place stays one after a crowd was seen there: until what people do there has left quarantine. */
  readonly standsMs: number;
}

export interface Arrivals {
  /** Takes note of a login from a source that the person did not use before; whether it comes to a place of the company. */
  observe(actorId: string, seen: SeenEvent): boolean;
}

/** Memory: logins of `windowMs` from sources new to the person, and places where crowds were seen. Trial events are not kept. */
export function createArrivals(options: ArrivalOptions, baseline: Baseline): Arrivals {
  const recent = createRecent(options.windowMs);
  /** When a crowd was seen at a place; looked for again when `windowMs` have passed. */
  const places = new Map<string, number>();

  function isCrowd(logins: readonly SeenEvent[]): boolean {
    if (logins.length < options.actors) return false;
    /** Whether the last login of each came with a client of their own. */
    const people = new Map<string, boolean>();
    for (const login of logins) {
      people.set(login.actorId ?? '', baseline.knowsClient(login.actorId ?? '', login));
    }
    const known = [...people.values()].filter((isKnown) => isKnown).length;
    return people.size >= options.actors && known >= options.knownShare * people.size;
  }

  return {
    observe(actorId, seen) {
      const source = seen.networks?.host;
      // One who was here before says nothing: somebody prepares every new office.
      if (source === undefined || baseline.knowsHost(actorId, seen)) return false;
      if (baseline.logins(actorId) >= options.minLogins) recent.add(source, seen);
      const crowdMs = places.get(source) ?? -Infinity;
      // A place that was told this recently needs no second look at all who came.
      if (seen.timeMs <= crowdMs + options.windowMs) return true;
      if (isCrowd(recent.of(source, seen.timeMs))) {
        if (!seen.trial) places.set(source, seen.timeMs);
        return true;
      }
      // Who comes in the afternoon comes alone.
      if (seen.timeMs <= crowdMs + options.standsMs) return true;
      places.delete(source);
      return false;
    },
  };
}
