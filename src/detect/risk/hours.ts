// Owns how usual an hour of the day is for a person; a weak sign, so its weight is small and its range is narrow.
import { floatsFor } from '../flat.ts';
import type { Fading } from './fading.ts';

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
const WIDTH = ALL + 1;

export interface Hours {
  /** Log likelihood ratio, any hour to the person's hours, in nats, from -0.35 to 0.6. */
  surprise(actor: number, nowMs: number): number;
  learn(actor: number, timeMs: number, logins: number): void;
  forget(actor: number): void;
}

/** Logins near the hour, as if each were spread over `REACH_HOURS`; a density over 24 hours when divided by all. */
function near(counts: Float64Array, first: number, hour: number): number {
  let sum = 0;
  for (let offset = -3; offset <= 3; offset += 1) {
    const slot = Math.floor(hour) + offset;
    const weight = 1 - Math.abs(hour - slot - 0.5) / REACH_HOURS;
    if (weight > 0) sum += (weight / REACH_HOURS) * (counts[first + ((slot + 24) % 24)] ?? 0);
  }
  return sum;
}

function add(counts: Float64Array, first: number, hour: number, amount: number): void {
  counts[first + hour] = (counts[first + hour] ?? 0) + amount;
  counts[first + ALL] = (counts[first + ALL] ?? 0) + amount;
}

/** Hours are those of UTC: a person's habit is the same in any zone. Actors by number. */
export function createHours(fading: Fading): Hours {
  const company = new Float64Array(WIDTH);
  let people: Float64Array = new Float64Array(0);

  return {
    surprise(actor, nowMs) {
      const hour = (nowMs % DAY_MS) / HOUR_MS;
      const factor = fading.factorAt(nowMs);
      const usual = (near(company, 0, hour) * factor + 1) / ((company[ALL] ?? 0) * factor + 24);
      const first = actor * WIDTH;
      const own = near(people, first, hour) * factor;
      const chance = (own + FIRMNESS * usual) / ((people[first + ALL] ?? 0) * factor + FIRMNESS);
      return WEIGHT * Math.max(MIN_NATS, Math.min(MAX_NATS, Math.log(1 / 24 / chance)));
    },
    learn(actor, timeMs, logins) {
      people = floatsFor(people, (actor + 1) * WIDTH);
      const hour = Math.floor((timeMs % DAY_MS) / HOUR_MS);
      const amount = logins * fading.amountAt(timeMs);
      add(company, 0, hour, amount);
      add(people, actor * WIDTH, hour, amount);
    },
    forget: (actor) => void people.fill(0, actor * WIDTH, (actor + 1) * WIDTH),
  };
}
