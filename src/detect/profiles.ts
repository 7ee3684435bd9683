// Owns what is remembered of each actor: how often, from where and with what, and what of the hour at hand is not learned yet.
import type { TrustedActivity } from './detector.ts';
import { createLastTimes, type LastTimes } from './last-times.ts';

export interface Profile {
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
  of(actorId: string): Profile | undefined;
  /** A new one where there is none. */
  have(actorId: string): Profile;
  all(): Iterable<Profile>;
}

/** Memory: one profile for each actor. */
export function createProfiles(): Profiles {
  const profiles = new Map<string, Profile>();
  /** Many rules ask about the same actor in turn. */
  let asked: { readonly actorId: string; readonly profile: Profile } | undefined;
  function of(actorId: string): Profile | undefined {
    if (asked?.actorId === actorId) return asked.profile;
    const profile = profiles.get(actorId);
    if (profile !== undefined) asked = { actorId, profile };
    return profile;
  }
  return {
    of,
    have(actorId) {
      const known = of(actorId);
      if (known !== undefined) return known;
      const profile: Profile = {
        logins: 0,
        human: false,
        hour: -Infinity,
        open: [],
        hosts: createLastTimes(),
        nets: createLastTimes(),
        clients: createLastTimes(),
      };
      profiles.set(actorId, profile);
      return profile;
    },
    all: () => profiles.values(),
  };
}
