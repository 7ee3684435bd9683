// Owns what is remembered of each actor: how often, from where and with what.
import type { SeenEvent } from './detector.ts';
import type { Slots } from './last-times.ts';

export interface Profile {
  logins: number;
  human: boolean;
  readonly hosts: Slots;
  readonly nets: Slots;
  readonly clients: Slots;
}

export interface Profiles {
  /** Faster for the actor of `seen`. */
  of(actorId: string, seen?: SeenEvent): Profile | undefined;
  /** A new one where there is none. */
  have(actorId: string, actor: number): Profile;
  /** By the number of the actor; empty where there is none. */
  readonly all: readonly (Profile | undefined)[];
}

/** Memory: one profile for each actor. */
export function createProfiles(): Profiles {
  const profiles = new Map<string, Profile>();
  const byNumber: (Profile | undefined)[] = [];
  return {
    of: (actorId, seen) => (actorId === seen?.actorId ? byNumber[seen.actor] : profiles.get(actorId)),
    have(actorId, actor) {
      const known = byNumber[actor];
      if (known !== undefined) return known;
      const profile: Profile = { logins: 0, human: false, hosts: new Map(), nets: new Map(), clients: new Map() };
      profiles.set(actorId, profile);
      byNumber[actor] = profile;
      return profile;
    },
    all: byNumber,
  };
}
