// Owns the telling of a new office, hotel or VPN exit: people who come together to a new source with their own clients.
import type { Baseline, SeenEvent } from './detector.ts';
import { createRecent } from './recent.ts';

export interface ArrivalOptions {
  readonly windowMs: number;
  /** People who come within `windowMs`, from which on it is a place of the company. */
  readonly actors: number;
  /** Share of them with a client that they are known to use. */
  readonly knownShare: number;
  /** Below this many earlier logins a person says nothing about a place. */
  readonly minLogins: number;
}

export interface Arrivals {
  /** Takes note of a login from a source that nobody in the company used; whether it is one of a crowd's. */
  observe(actorId: string, seen: SeenEvent): boolean;
}

/** Memory: logins of `windowMs` from new sources. Trial events are not kept. */
export function createArrivals(options: ArrivalOptions, baseline: Baseline): Arrivals {
  const recent = createRecent(options.windowMs);
  return {
    observe(actorId, seen) {
      const source = seen.networks?.host;
      if (source === undefined || baseline.tenantKnowsHost(seen)) return false;
      if (baseline.logins(actorId) >= options.minLogins) recent.add(source, seen);
      const logins = recent.of(source, seen.timeMs);
      if (logins.length < options.actors) return false;
      /** Whether the last login of each came with a client of their own. */
      const people = new Map<string, boolean>();
      for (const login of logins) {
        people.set(login.actorId ?? '', baseline.knowsClient(login.actorId ?? '', login));
      }
      const known = [...people.values()].filter((isKnown) => isKnown).length;
      return people.size >= options.actors && known >= options.knownShare * people.size;
    },
  };
}
