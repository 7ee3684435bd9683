// Owns what is remembered of each actor: how often, from where and with what, and what of the hour at hand is not learned yet.
import type { SeenEvent, TrustedActivity } from './detector.ts';
import { createLastTimes, type LastTimes } from './last-times.ts';
import { nothingByWay, type ByWay } from './ways.ts';

/** Who came from a source, the same place in both lists: no more people than it takes to know that it is shared. */
export interface Visitors {
  /** By number. */
  readonly actors: number[];
  readonly times: number[];
}

/** Where to find what is remembered of a way; undefined where it has no client or no source. */
export interface Places {
  readonly client: number | undefined;
  readonly host: number | undefined;
  readonly net: number | undefined;
  readonly visitors: Visitors | undefined;
}

export interface Profile {
  readonly places: ByWay<Places>;
  logins: number;
  human: boolean;
  /** The hour at hand, and the entries that it may still add to. */
  hour: number;
  open: Pending[];
  readonly hosts: LastTimes;
  readonly nets: LastTimes;
  readonly clients: LastTimes;
}

/** Holds no event: a day of events would be held with it. */
export interface Pending extends TrustedActivity {
  readonly profile: Profile;
  lastMs: number;
  logins: number;
}

export interface Profiles {
  /** Faster for the actor of `seen`. */
  of(actorId: string, seen?: SeenEvent): Profile | undefined;
  /** A new one where there is none. */
  have(actorId: string, actor: number): Profile;
  all(): Iterable<Profile>;
}

/** Memory: one profile for each actor. */
export function createProfiles(): Profiles {
  const profiles = new Map<string, Profile>();
  const byNumber: Profile[] = [];
  return {
    of: (actorId, seen) => (actorId === seen?.actorId ? byNumber[seen.actor] : profiles.get(actorId)),
    have(actorId, actor) {
      const known = byNumber[actor];
      if (known !== undefined) return known;
      const profile: Profile = {
        places: nothingByWay(),
        logins: 0,
        human: false,
        hour: -Infinity,
        open: [],
        hosts: createLastTimes(),
        nets: createLastTimes(),
        clients: createLastTimes(),
      };
      profiles.set(actorId, profile);
      byNumber[actor] = profile;
      return profile;
    },
    all: () => profiles.values(),
  };
}
