// Owns how usual an hour of the day is for a person; a weak sign, so its weight is small and its range is narrow.
import { createDecayingCounts } from './decaying-counts.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Logins this many hours apart still vouch for each other, the less the further. */
const REACH_HOURS = 2.5;
/** How much a person is believed to be like the company, in logins. */
const FIRMNESS = 8;
const WEIGHT = 0.5;
const MIN_NATS = -0.7;
const MAX_NATS = 1.2;

export interface Hours {
  /** Log likelihood ratio, any hour to the person's hours, in nats, from -0.35 to 0.6. */
  surprise(actorId: string, nowMs: number): number;
  learn(actorId: string, timeMs: number, logins: number): void;
  prune(nowMs: number): void;
}

/** Hours are those of UTC: a person's habit is the same in any zone. Memory: 24 counts for each actor. */
export function createHours(halfLifeDays: number): Hours {
  const counts = createDecayingCounts(halfLifeDays * DAY_MS);

  /** Logins near the hour, as if all were spread over `REACH_HOURS`; a density over 24 hours when divided by all. */
  function near(who: string, hour: number, nowMs: number): number {
    let sum = 0;
    for (let offset = -3; offset <= 3; offset += 1) {
      const middle = Math.floor(hour) + offset + 0.5;
      const weight = Math.max(0, 1 - Math.abs(hour - middle) / REACH_HOURS) / REACH_HOURS;
      if (weight > 0) sum += weight * counts.of(`${who}|${(Math.floor(middle) + 24) % 24}`, nowMs);
    }
    return sum;
  }

  return {
    surprise(actorId, nowMs) {
      const hour = (nowMs % DAY_MS) / HOUR_MS;
      const company = (near('', hour, nowMs) + 1) / (counts.of('all|', nowMs) + 24);
      const person =
        (near(actorId, hour, nowMs) + FIRMNESS * company) / (counts.of(`all|${actorId}`, nowMs) + FIRMNESS);
      return WEIGHT * Math.max(MIN_NATS, Math.min(MAX_NATS, Math.log(1 / 24 / person)));
    },
    learn(actorId, timeMs, logins) {
      const hour = Math.floor((timeMs % DAY_MS) / HOUR_MS);
      for (const who of ['', actorId]) {
        counts.add(`${who}|${hour}`, timeMs, logins);
        counts.add(`all|${who}`, timeMs, logins);
      }
    },
    prune: (nowMs) => counts.prune(nowMs),
  };
}
