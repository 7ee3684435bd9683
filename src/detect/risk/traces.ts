// Owns where what is remembered of a person's ways is found. What a known way adds to it is put off until somebody asks: counts stand
// on many levels, each somewhere else in the memory, and few logins are strange enough to be scored.
import type { TrustedActivity } from '../detector.ts';
import { floatsFor } from '../flat.ts';
import { answersIn, createWays, forgetWays, keep, KEPT, recall, rowOf } from '../ways.ts';
import type { Fading } from './fading.ts';
import type { Hierarchy } from './hierarchy.ts';

/** Answers kept of a way: nodes of the network and the client, and where the last version of the client is found. */
export const NETWORK = 0;
export const CLIENT = 1;
export const VERSION = 2;
const ANSWERS = 3;

export interface Traces {
  /** Learns logins on a way that has not faded away. Returns where its answers are; -1 for a way that is not known. */
  learnAgain(activity: TrustedActivity): number;
  /** Where the answers to a way are that may be new, with all that was put off of the actor counted. */
  placeFor(activity: TrustedActivity): number;
  /** -1 for none. */
  answer(at: number, which: number): number;
  note(at: number, which: number, answer: number): void;
  /** Counts what was put off of an actor: before it is asked for, and before it is forgotten. */
  settle(actor: number): void;
  /** Forgets where things are; they may be elsewhere now. */
  forget(actor: number): void;
}

/** `personal`: as the counts of both hierarchies are stored. */
export function createTraces(personal: Fading, networks: Hierarchy, clients: Hierarchy): Traces {
  const ways = createWays(ANSWERS);
  /** Logins that are not counted yet, by row of `ways`. */
  let putOff: Float64Array = new Float64Array(0);
  const answer = (at: number, which: number) => ways.cells[at + which] ?? -1;

  function settle(actor: number): void {
    for (let row = actor * KEPT; row < (actor + 1) * KEPT; row += 1) {
      const amount = putOff[row] ?? 0;
      if (amount === 0) continue;
      const at = answersIn(ways, row);
      networks.add(answer(at, NETWORK), amount);
      clients.add(answer(at, CLIENT), amount);
      putOff[row] = 0;
    }
  }

  function isKnown(at: number, { networks: from, client, lastMs }: TrustedActivity): boolean {
    const more = putOff[rowOf(ways, at)] ?? 0;
    if (from !== undefined && !networks.isKnown(answer(at, NETWORK), more, lastMs)) return false;
    return client === undefined || clients.isKnown(answer(at, CLIENT), more, lastMs);
  }

  return {
    learnAgain(activity) {
      const at = recall(ways, activity.actor, activity);
      if (at < 0 || !isKnown(at, activity)) return -1;
      const row = rowOf(ways, at);
      putOff = floatsFor(putOff, row + 1);
      putOff[row] = (putOff[row] ?? 0) + activity.logins * personal.amountAt(activity.lastMs);
      return at;
    },
    placeFor(activity) {
      settle(activity.actor);
      const at = recall(ways, activity.actor, activity);
      return at < 0 ? keep(ways, activity.actor, activity) : at;
    },
    answer,
    note: (at, which, value) => void (ways.cells[at + which] = value),
    settle,
    forget: (actor) => forgetWays(ways, actor),
  };
}
