// Owns the days of the data set and local clock time on them.

export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;
export const MINUTE_MS = 60_000;
const MOSCOW_OFFSET_HOURS = 3;

/** Day 0 is the first of `days` whole days before today; day `days` is today, Moscow time. */
export interface Calendar {
  days: number;
  /** First and last moment that an event may have. */
  startMs: number;
  endMs: number;
  /** The moment when a clock in Moscow (or where the offset says) shows `hour` on `day`; hours may be beyond 0–24. */
  at(day: number, hour: number, offsetHours?: number): number;
  isWeekend(day: number): boolean;
  /** The nearest working day at or before `day`. */
  workday(day: number): number;
}

export function createCalendar(nowMs: number, days: number): Calendar {
  const offsetMs = MOSCOW_OFFSET_HOURS * HOUR_MS;
  const today = Math.floor((nowMs + offsetMs) / DAY_MS) * DAY_MS - offsetMs;
  const at = (day: number, hour: number, offsetHours = MOSCOW_OFFSET_HOURS): number =>
    Math.round(today + (day - days) * DAY_MS + (hour - offsetHours + MOSCOW_OFFSET_HOURS) * HOUR_MS);
  const isWeekend = (day: number): boolean => [0, 6].includes(new Date(at(day, 12)).getUTCDay());
  const workday = (day: number): number => (isWeekend(day) ? workday(day - 1) : day);
  return { days, startMs: nowMs - days * DAY_MS, endMs: nowMs, at, isWeekend, workday };
}
