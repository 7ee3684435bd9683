// Owns the threshold of a score: not a number for all companies, but what a company's last 30 days leave room for.

import { intsFor } from '../flat.ts';

const DAY_MS = 86_400_000;
const WEEK_DAYS = 7;
const TRAILING_DAYS = 30;
/** Fewer days than this tell nothing about a usual week. */
const MIN_DAYS = 7;
/** Even the smallest company has eyes for so many alerts in 30 days. */
const MIN_ROOM = 2;
/** The highest scores of a day are enough to find a threshold that few pass. */
const MAX_PER_DAY = 500;

export interface AlertBudget {
  /** A login that needed no score: a day without strange logins is a day to judge by too. */
  quiet(timeMs: number): void;
  /** Takes note of a score; the day at hand does not count yet. Actors by number. */
  note(actor: number, score: number, timeMs: number): void;
  /** Strikes what was noted of an actor on that day: another rule has told of it, and its alert is not ours. */
  strike(actor: number, timeMs: number): void;
  /**
   * The score that no more than `perThousandActorsAndWeek` of people passed in the trailing 30 days; undefined where
   * there are fewer than 7 days to judge by.
   */
  threshold(perThousandActorsAndWeek: number, nowMs: number): number | undefined;
}

interface Day {
  readonly day: number;
  /** The highest score of each actor. */
  readonly best: Map<number, number>;
}

/** Only what may matter is kept of a day that is over. */
function highest(best: Map<number, number>): Map<number, number> {
  if (best.size <= MAX_PER_DAY) return best;
  return new Map([...best].toSorted(([, a], [, b]) => b - a).slice(0, MAX_PER_DAY));
}

/** The highest score of each actor in these days, lowest first. Actors' numbers are below `actors`. */
function bestOf(days: readonly Day[], actors: number): Float64Array {
  const best = new Float64Array(actors).fill(-Infinity);
  for (const entry of days) {
    for (const [actor, score] of entry.best) best[actor] = Math.max(score, best[actor] ?? -Infinity);
  }
  return best.filter((score) => score > -Infinity).sort();
}

/** Scores of the trailing 30 days. Memory: at most 500 actors for each of them, and all actors. */
export function createAlertBudget(): AlertBudget {
  let days: Day[] = [];
  let firstDay: number | undefined;
  /** The day on which each actor was noted last, one higher so that 0 is never. */
  let lastDays: Int32Array = new Int32Array(0);
  /** Actors who were noted in these days. */
  let people = 0;
  /** `bestOf` these days. */
  let sorted: Float64Array = new Float64Array(0);

  const isPresent = (lastDay: number, day: number) => lastDay > Math.max(0, day - TRAILING_DAYS);

  function rollOver(day: number): void {
    const finished = days.at(-1);
    if (finished !== undefined) days[days.length - 1] = { day: finished.day, best: highest(finished.best) };
    days = days.filter((entry) => entry.day >= day - TRAILING_DAYS);
    sorted = bestOf(days, lastDays.length);
    people = lastDays.reduce((sum, lastDay) => (isPresent(lastDay, day) ? sum + 1 : sum), 0);
    days.push({ day, best: new Map() });
  }

  return {
    quiet(timeMs) {
      firstDay ??= Math.floor(timeMs / DAY_MS);
    },
    note(actor, score, timeMs) {
      const day = Math.floor(timeMs / DAY_MS);
      firstDay ??= day;
      if (days.at(-1)?.day !== day) rollOver(day);
      lastDays = intsFor(lastDays, actor + 1);
      if (!isPresent(lastDays[actor] ?? 0, day)) people += 1;
      lastDays[actor] = day + 1;
      const best = days.at(-1)?.best;
      best?.set(actor, Math.max(score, best.get(actor) ?? -Infinity));
    },
    strike(actor, timeMs) {
      const day = Math.floor(timeMs / DAY_MS);
      days.findLast((entry) => entry.day === day)?.best.delete(actor);
    },
    threshold(perThousandActorsAndWeek, nowMs) {
      const covered = Math.min(TRAILING_DAYS, Math.floor(nowMs / DAY_MS) - (firstDay ?? Infinity));
      if (covered < MIN_DAYS) return undefined;
      const room = (perThousandActorsAndWeek * people * covered) / (1000 * WEEK_DAYS);
      return sorted[sorted.length - 1 - Math.max(MIN_ROOM, Math.floor(room))] ?? -Infinity;
    },
  };
}
