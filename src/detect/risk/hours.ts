// Owns how usual an hour of the day is for a person; a weak sign, so its weight is small and its range is narrow.
import { createFading } from './fading.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Logins this many hours apart still vouch for each other, the less the further. */
const REACH_HOURS = 2.5;
/** How much a person is believed to be like the company, in logins. */
const FIRMNESS = 8;
const WEIGHT = 0.5;
const MIN_NATS = -0.7;
const MAX_NATS = 1.2;
/** Behind the 24 hours stands their sum. */
const ALL = 24;

/** A person's logins by hour, and their sum. */
export type HourCounts = number[];
export const createHourCounts = (): HourCounts => Array.from({ length: ALL + 1 }, () => 0);

export interface Hours {
  /** Log likelihood ratio, any hour to the person's hours, in nats, from -0.35 to 0.6. */
  surprise(own: HourCounts, nowMs: number): number;
  learn(own: HourCounts, timeMs: number, logins: number): void;
}

/** Logins near the hour, as if each were spread over `REACH_HOURS`; a density over 24 hours when divided by all. */
function near(counts: HourCounts, hour: number): number {
  let sum = 0;
  for (let offset = -3; offset <= 3; offset += 1) {
    const slot = Math.floor(hour) + offset;
    const weight = 1 - Math.abs(hour - slot - 0.5) / REACH_HOURS;
    if (weight > 0) sum += (weight / REACH_HOURS) * (counts[(slot + 24) % 24] ?? 0);
  }
  return sum;
}

/** Hours are those of UTC: a person's habit is the same in any zone. */
export function createHours(halfLifeDays: number): Hours {
  const fading = createFading(halfLifeDays * DAY_MS);
  const company = createHourCounts();

  return {
    surprise(own, nowMs) {
      const hour = (nowMs % DAY_MS) / HOUR_MS;
      const factor = fading.factorAt(nowMs);
      const usual = (near(company, hour) * factor + 1) / ((company[ALL] ?? 0) * factor + 24);
      const chance = (near(own, hour) * factor + FIRMNESS * usual) / ((own[ALL] ?? 0) * factor + FIRMNESS);
      return WEIGHT * Math.max(MIN_NATS, Math.min(MAX_NATS, Math.log(1 / 24 / chance)));
    },
    learn(own, timeMs, logins) {
      const hour = Math.floor((timeMs % DAY_MS) / HOUR_MS);
      const amount = logins * fading.amountAt(timeMs);
      for (const counts of [company, own]) {
        counts[hour] = (counts[hour] ?? 0) + amount;
        counts[ALL] = (counts[ALL] ?? 0) + amount;
      }
    },
  };
}
