// Owns what amount is usual for an actor and for the company, learned from the days before and never from what it judges.
import type { SeenEvent } from './detector.ts';

const DAY_MS = 86_400_000;
/** A percentile of 99.9 says nothing below this many values. */
const COMPANY_DAYS_MIN = 1000;
const COMPANY_SHARE = 0.999;
/** What fewer people have reached is theirs and not the company's: one or two thieves must not hide the next. */
const COMPANY_ACTORS_MIN = 5;

export interface HabitOptions {
  /** The amount from which on a rule speaks whatever is usual. */
  readonly fixed: number;
  /** An actor must have reached an amount on so many days for it to be a habit; one or two bad days are none. */
  readonly habitDays: number;
  /** Default 30 days. */
  readonly horizonMs?: number;
}

export interface AmountVerdict {
  /** At or above the limit. */
  readonly over: boolean;
  /** At or above the fixed amount, but no more than usual. */
  readonly usual: boolean;
  /** From here on the amount would be a finding. */
  readonly limit: number;
  /** Whether any day before was there to learn from; without it the limit is the fixed one. */
  readonly knowsPast: boolean;
}

export interface Habits {
  /** Judges the amount that `actorId` reached with `seen`, and keeps it for days to come. */
  judge(actorId: string, seen: SeenEvent, amount: number): AmountVerdict;
  /** What was judged of `actorId` today is an attack rather than a habit: the day teaches nothing. */
  distrust(actorId: string, seen: SeenEvent): void;
}

interface ActorPeaks {
  readonly byDay: Map<number, number>;
  /** The habit as of a day: what counts changes at midnight alone, and a burst asks a thousand times. */
  habit: { readonly day: number; readonly amount: number };
}

interface CompanyLevel {
  readonly day: number;
  readonly amount: number;
  readonly knowsPast: boolean;
}

/** An actor's peaks that count: of days within the horizon that ended 24 hours ago (quarantine). */
function trustedPeaks({ byDay }: ActorPeaks, today: number, oldest: number): number[] {
  return [...byDay].flatMap(([day, peak]) => (day >= oldest && day < today - 1 ? [peak] : []));
}

/** The 99.9th percentile of the peaks of people, no more than what enough of them reached; 0 where there are too few peaks. */
function usualPeak(peaksByPerson: readonly (readonly number[])[]): number {
  const peaks = peaksByPerson.flat();
  if (peaks.length < COMPANY_DAYS_MIN) return 0;
  const highest = peaksByPerson.map((own) => Math.max(...own)).toSorted((a, b) => b - a);
  const percentile = peaks.toSorted((a, b) => a - b)[Math.ceil(peaks.length * COMPANY_SHARE) - 1] ?? 0;
  return Math.min(percentile, highest[COMPANY_ACTORS_MIN - 1] ?? 0);
}

/**
 * The limit is the greatest of the fixed amount, one more than the actor's habit (what they reached on `habitDays` days)
 * and one more than the 99.9th percentile of all actors' daily peaks (if five of them reached it), of whom those with a habit above the fixed amount
 * are left out: a busy bot must not hide a person. Days count when they ended 24 hours ago (quarantine).
 * Memory: one number for each actor and day.
 */
export function createHabits({ fixed, habitDays, horizonMs = 30 * DAY_MS }: HabitOptions): Habits {
  const actors = new Map<string, ActorPeaks>();
  let company: CompanyLevel = { day: -Infinity, amount: 0, knowsPast: false };
  const oldestDay = (today: number) => today - Math.ceil(horizonMs / DAY_MS);

  function habitOf(actor: ActorPeaks, today: number): number {
    if (actor.habit.day !== today) {
      const sorted = trustedPeaks(actor, today, oldestDay(today)).toSorted((a, b) => b - a);
      actor.habit = { day: today, amount: sorted[habitDays - 1] ?? 0 };
    }
    return actor.habit.amount;
  }

  function companyLevel(today: number): CompanyLevel {
    const oldest = oldestDay(today);
    const ofPeople: number[][] = [];
    let knowsPast = false;
    for (const [actorId, actor] of actors) {
      const trusted = trustedPeaks(actor, today, oldest);
      knowsPast ||= trusted.length > 0;
      if (habitOf(actor, today) < fixed && trusted.length > 0) ofPeople.push(trusted);
      for (const day of actor.byDay.keys()) if (day < oldest) actor.byDay.delete(day);
      if (actor.byDay.size === 0) actors.delete(actorId);
    }
    return { day: today, amount: usualPeak(ofPeople), knowsPast };
  }

  return {
    distrust(actorId, seen) {
      if (!seen.trial) actors.get(actorId)?.byDay.delete(Math.floor(seen.timeMs / DAY_MS));
    },
    judge(actorId, seen, amount) {
      const today = Math.floor(seen.timeMs / DAY_MS);
      const actor = actors.get(actorId) ?? { byDay: new Map(), habit: { day: -Infinity, amount: 0 } };
      if (!seen.trial && amount > (actor.byDay.get(today) ?? 0)) {
        actor.byDay.set(today, amount);
        actors.set(actorId, actor);
      }
      if (amount < fixed) return { over: false, usual: false, limit: fixed, knowsPast: company.knowsPast };
      if (company.day !== today) company = companyLevel(today);
      const limit = Math.max(fixed, habitOf(actor, today) + 1, company.amount + 1);
      return { over: amount >= limit, usual: amount < limit, limit, knowsPast: company.knowsPast };
    },
  };
}
