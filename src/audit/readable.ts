// Owns which stretches of time a query really reads: what the log still keeps, and the hours of the day asked for.
import { Temporal } from 'temporal-polyfill';
import { joinWindows } from './intervals.ts';
import type { AuditQuery, TimeOfDay, TimeWindow } from './query.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** The log keeps 90 days, and no event is older than its first day. */
export const RETENTION_DAYS = 90;
export const LOG_STARTS_MS = Date.parse('2025-05-12T00:00:00Z');

export interface Readable {
  /** What the log still keeps of the window. */
  readonly kept: TimeWindow;
  /** Oldest first, apart from each other; empty where the log keeps nothing of the window any more. */
  readonly windows: readonly TimeWindow[];
  /** The window begins before what the log keeps. */
  readonly isCut: boolean;
}

export function readableOf(query: AuditQuery, nowMs: number, retentionDays = RETENTION_DAYS): Readable {
  const { startMs, endMs } = query.window;
  const keptMs = Math.ceil((nowMs - retentionDays * DAY_MS) / SECOND_MS) * SECOND_MS;
  const firstMs = Math.max(keptMs, LOG_STARTS_MS);
  const kept = { startMs: Math.min(endMs, Math.max(startMs, firstMs)), endMs };
  const windows = query.timeOfDay === undefined ? [kept] : hoursIn(kept, query.timeOfDay, query.timeZone);
  return { kept, windows: joinWindows(windows), isCut: startMs < firstMs };
}

/**
 * The parts of `window` in which clocks in `timeZone` show a time of `hours`. An hour that a change of the clocks repeats is
 * in twice, one that it skips is not in.
 */
export function hoursIn(window: TimeWindow, hours: TimeOfDay, timeZone: string): TimeWindow[] {
  return joinWindows(spansIn(window, timeZone).flatMap((span) => hoursOfSpan(span, hours)));
}

interface Span extends TimeWindow {
  /** Local time minus UTC. */
  readonly offsetMs: number;
}

/** `window` cut where the zone's offset changes. */
function spansIn({ startMs, endMs }: TimeWindow, timeZone: string): Span[] {
  const spans: Span[] = [];
  for (let fromMs = startMs; fromMs < endMs;) {
    const local = Temporal.Instant.fromEpochMilliseconds(fromMs).toZonedDateTimeISO(timeZone);
    const changesMs = local.getTimeZoneTransition('next')?.epochMilliseconds ?? endMs;
    const untilMs = Math.min(endMs, changesMs);
    spans.push({ startMs: fromMs, endMs: untilMs, offsetMs: local.offsetNanoseconds / 1e6 });
    fromMs = untilMs;
  }
  return spans;
}

/** Within one offset every day is alike: plain arithmetic. */
function hoursOfSpan({ startMs, endMs, offsetMs }: Span, { fromMinute, toMinute }: TimeOfDay): TimeWindow[] {
  const lengthMs = (toMinute - fromMinute + (toMinute <= fromMinute ? 24 * 60 : 0)) * MINUTE_MS;
  const found: TimeWindow[] = [];
  // From the day before: its hours may reach over midnight.
  const firstMidnightMs = Math.floor((startMs + offsetMs) / DAY_MS) * DAY_MS - offsetMs - DAY_MS;
  for (let midnightMs = firstMidnightMs; midnightMs < endMs; midnightMs += DAY_MS) {
    const fromMs = Math.max(startMs, midnightMs + fromMinute * MINUTE_MS);
    const untilMs = Math.min(endMs, midnightMs + fromMinute * MINUTE_MS + lengthMs);
    if (fromMs < untilMs) found.push({ startMs: fromMs, endMs: untilMs });
  }
  return found;
}
