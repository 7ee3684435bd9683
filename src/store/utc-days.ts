// Owns UTC days: the unit in which the store keeps the log.
import type { TimeWindow } from '../audit/query.ts';

export const DAY_MS = 86_400_000;

/** `2026-03-10` */
export function dayOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}

/** The 24 hours of `day`. */
export function dayWindow(day: string): TimeWindow {
  const startMs = Date.parse(`${day}T00:00:00.000Z`);
  return { startMs, endMs: startMs + DAY_MS };
}

/** Every day that `window` touches, oldest first. */
export function daysIn(window: TimeWindow): string[] {
  const days: string[] = [];
  for (let at = Math.floor(window.startMs / DAY_MS) * DAY_MS; at < window.endMs; at += DAY_MS) days.push(dayOf(at));
  return days;
}

/** Whether `text` is a day as dayOf writes it. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && dayOf(Date.parse(text)) === text;
}

export interface DayRange {
  readonly first: string;
  readonly last: string;
}

/** Runs of days without a gap, oldest first. */
export function joinDays(days: readonly string[]): DayRange[] {
  const runs: { first: string; last: string }[] = [];
  for (const day of days.toSorted()) {
    const run = runs.at(-1);
    if (run !== undefined && Date.parse(day) - Date.parse(run.last) <= DAY_MS) run.last = day;
    else runs.push({ first: day, last: day });
  }
  return runs;
}
