// Owns what people and agents may write for a time, a window and hours of the day, and what is said when they are wrong.
import { Temporal } from 'temporal-polyfill';
import { AuditError } from '../errors.ts';
import { cleanText } from '../text/clean.ts';
import type { TimeOfDay, TimeWindow } from './query.ts';
import { keepResults } from '../text/keep-results.ts';
import { RETENTION_DAYS } from './readable.ts';
import { openZone, parseTimeZone } from './zone.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Zones whose rules are kept. */
const ZONES_MAX = 64;
/** Texts that are kept read. */
const INSTANTS_MAX = 1000;
const UNIT_MS = { s: SECOND_MS, m: MINUTE_MS, h: 3_600_000, d: DAY_MS, w: 7 * DAY_MS } as const;

/** In the date arithmetic of other systems it is a month: an answer about a minute would pass for one about a month. */
const MONTH_OR_MINUTE = 'M may be a month or a minute: write now-30d for days, now-90m for minutes';
/** The log goes on forgetting while it is read: `now-90d` is all that it will still have when it is asked for it. */
const FORGOTTEN_WHILE_READ_MS = MINUTE_MS;

const RELATIVE = /^now(?:\s*-\s*(?<count>\d{1,7})\s*(?<unit>[smhdw]))?$/i;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME =
  /^(?<date>\d{4}-\d{2}-\d{2})[Tt ](?<time>\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)\s*(?<offset>[Zz]|[+-]\d{2}(?::?\d{2})?)?$/;
const FORMS =
  'a date (2026-03-10), a time with an offset or Z (2026-03-10T14:00:00+03:00), now, now-90m, now-24h or now-7d';

export interface TimeInputOptions {
  /** The moment of the call, fixed once. */
  readonly nowMs: number;
  /** IANA zone of bare dates. */
  readonly timeZone: string;
  /** A bare date as an end includes that day. */
  readonly edge: 'start' | 'end';
  /** Name of the argument in errors; without it, start_time or end_time. */
  readonly field?: string;
}

/**
 * Milliseconds since the epoch of what `text` means, on a whole second: starts are rounded down and ends up, so that
 * nothing asked for is lost. `now` is the end of the current second, for both edges: now-24h until now is 24 hours, and
 * what happened a moment ago is in it. A start of `now-90d` is a minute later: what the log still has when it is read. Throws `invalid_input` with the field.
 */
export function parseTimeInput(text: string, options: TimeInputOptions): number {
  const written = text.trim();
  const timeMs = relativeTime(written, options) ?? dateEdge(written, options) ?? dateTime(written, options);
  if (timeMs === undefined) throw timeError(written, options, 'not a time');
  if (timeMs < 0) throw timeError(written, options, 'before 1970');
  return options.edge === 'start' ? Math.floor(timeMs / SECOND_MS) * SECOND_MS : roundUp(timeMs);
}

export interface WindowInput {
  readonly start_time?: string | undefined;
  readonly end_time?: string | undefined;
  readonly time_zone?: string | undefined;
  readonly nowMs: number;
  readonly defaultTimeZone: string;
}

export interface ResolvedWindow {
  /** What can be read: as asked, but never past the end of the current second. */
  readonly window: TimeWindow;
  /** IANA zone of the question and of its answer. */
  readonly timeZone: string;
  /** The end as asked, where it lies in the future: that part of the window has not happened yet. */
  readonly askedEndMs?: number;
}

/**
 * The window of a question: the last 24 hours where nothing is said, up to now without an end, the 24 hours before the
 * end without a start. Throws `invalid_input` for nonsense, and for an empty or reversed window with both ends shown.
 */
export function resolveWindow(input: WindowInput): ResolvedWindow {
  const timeZone = parseTimeZone(input.time_zone ?? input.defaultTimeZone);
  const options = { nowMs: input.nowMs, timeZone };
  const askedEndMs = parseTimeInput(input.end_time ?? 'now', { ...options, edge: 'end' });
  const endMs = Math.min(askedEndMs, roundUp(input.nowMs));
  const startMs =
    input.start_time === undefined
      ? askedEndMs - DAY_MS
      : parseTimeInput(input.start_time, { ...options, edge: 'start' });
  if (startMs >= endMs) throw emptyWindow(input, { startMs, endMs: askedEndMs }, timeZone);
  return { window: { startMs, endMs }, timeZone, ...(askedEndMs > endMs ? { askedEndMs } : {}) };
}

/** `22:00-06:00` in minutes since midnight; the end may be 24:00. Throws `invalid_input`. */
export function parseTimeOfDay(text: string): TimeOfDay {
  const match = /^(\d{1,2}):(\d{2})\s*[-–—]\s*(\d{1,2}):(\d{2})$/.exec(text.trim());
  const [fromHour, fromMinutes, toHour, toMinutes] = (match ?? []).slice(1).map(Number);
  const fromMinute = minuteOf(fromHour, fromMinutes);
  const toMinute = minuteOf(toHour, toMinutes);
  if (fromMinute === undefined || toMinute === undefined || fromMinute === 1440 || fromMinute === toMinute) {
    const value = cleanText(text, 100);
    const message = 'not two different local times of the day, from 00:00 to 24:00';
    throw new AuditError('invalid_input', `time_of_day "${value}": ${message}.`, {
      hint: 'Write it as 22:00-06:00.',
      fields: [{ field: 'time_of_day', message, value }],
    });
  }
  return { fromMinute, toMinute };
}

/** ISO-8601 with the offset of `timeZone` (`Z` for UTC); milliseconds only where there are some. */
export function formatTime(timeMs: number, timeZone: string): string {
  const hasFraction = timeMs % 1000 !== 0;
  if (/^(?:Etc\/)?(?:UTC|GMT|UCT|Zulu|Universal)$/i.test(timeZone)) {
    // Twenty times as fast as Temporal, and every row of an answer passes here.
    const text = new Date(timeMs).toISOString();
    return hasFraction ? text : text.replace('.000', '');
  }
  const offsetMs = zoneOf(timeZone).offsetMs(timeMs);
  if (offsetMs % MINUTE_MS !== 0) {
    // Before there were zones, clocks were off by seconds too: Temporal knows how that is written.
    const instant = Temporal.Instant.fromEpochMilliseconds(timeMs);
    return instant.toString({ fractionalSecondDigits: hasFraction ? 3 : 0, timeZone });
  }
  const local = new Date(timeMs + offsetMs).toISOString();
  return local.slice(0, hasFraction ? -1 : -'.000Z'.length) + offsetText(offsetMs);
}

const zoneOf = keepResults(ZONES_MAX, openZone);

/** `+03:00` */
function offsetText(offsetMs: number): string {
  const minutes = Math.abs(offsetMs) / MINUTE_MS;
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0'));
  return `${offsetMs < 0 ? '-' : '+'}${hours}:${rest}`;
}

function minuteOf(hour: number | undefined, minute: number | undefined): number | undefined {
  if (hour === undefined || minute === undefined || minute > 59) return undefined;
  const minutes = hour * 60 + minute;
  return minutes <= 1440 ? minutes : undefined;
}

function roundUp(timeMs: number): number {
  return Math.ceil(timeMs / SECOND_MS) * SECOND_MS;
}

function relativeTime(text: string, options: TimeInputOptions): number | undefined {
  const { count, unit } = RELATIVE.exec(text)?.groups ?? {};
  if (unit === undefined) return /^now$/i.test(text) ? roundUp(options.nowMs) : undefined;
  if (unit === 'M') throw timeError(text, options, MONTH_OR_MINUTE);
  const nowMs = roundUp(options.nowMs);
  const name = unit.toLowerCase();
  const timeMs = nowMs - Number(count) * (isUnit(name) ? UNIT_MS[name] : 0);
  const forgottenMs = nowMs - RETENTION_DAYS * DAY_MS;
  const isAtEdge = timeMs >= forgottenMs && timeMs < forgottenMs + FORGOTTEN_WHILE_READ_MS;
  return options.edge === 'start' && isAtEdge ? forgottenMs + FORGOTTEN_WHILE_READ_MS : timeMs;
}

function isUnit(unit: string): unit is keyof typeof UNIT_MS {
  return Object.hasOwn(UNIT_MS, unit);
}

/** The first instant of the day, or of the next one: days may have 23 or 25 hours, or begin at 01:00. */
function dateEdge(text: string, options: TimeInputOptions): number | undefined {
  if (!DATE.test(text)) return undefined;
  const date = attempt(text, options, () => Temporal.PlainDate.from(text, { overflow: 'reject' }));
  const day = options.edge === 'start' ? date : date.add({ days: 1 });
  return day.toZonedDateTime(options.timeZone).epochMilliseconds;
}

function dateTime(text: string, options: TimeInputOptions): number | undefined {
  const { date, time, offset } = DATE_TIME.exec(text)?.groups ?? {};
  if (date === undefined || time === undefined) return undefined;
  if (offset === undefined) {
    const local = attempt(text, options, () => Temporal.PlainDateTime.from(`${date}T${time}`, { overflow: 'reject' }));
    // Guessing the zone of a time is how a window shifts by three hours unseen.
    const meant = formatTime(local.toZonedDateTime(options.timeZone).epochMilliseconds, options.timeZone);
    const utc = `${local.toString({ smallestUnit: 'second' })}Z`;
    const other = meant === utc ? '' : `${meant} for ${options.timeZone}, or `;
    throw timeError(text, options, `a time needs its offset: write ${other}${utc} for UTC`);
  }
  const { timeMs, isWhole } = attempt(text, options, () => instantOf(`${date}T${time}${offset}`));
  return isWhole || options.edge === 'start' ? timeMs : timeMs + 1;
}

/** The instant of an ISO-8601 text with an offset. Whoever pages or polls writes the same again and again. */
const instantOf = keepResults(INSTANTS_MAX, (text) => {
  const { epochMilliseconds: timeMs, epochNanoseconds } = Temporal.Instant.from(text);
  return { timeMs, isWhole: epochNanoseconds % 1_000_000n === 0n };
});

/** What Temporal makes of `text`, or an error that names the field: 30 February, 25 o'clock. */
function attempt<T>(text: string, options: TimeInputOptions, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw timeError(text, options, 'no such day or time');
  }
}

function timeError(text: string, options: TimeInputOptions, message: string): AuditError {
  const field = options.field ?? (options.edge === 'start' ? 'start_time' : 'end_time');
  const value = cleanText(text, 100);
  return new AuditError('invalid_input', `${field} "${value}": ${message}.`, {
    hint: `Give ${FORMS}. Today is ${today(options)}.`,
    fields: [{ field, message, value }],
  });
}

function today({ nowMs, timeZone }: Pick<TimeInputOptions, 'nowMs' | 'timeZone'>): string {
  return `${formatTime(nowMs, timeZone).slice(0, 10)} (${timeZone})`;
}

function emptyWindow(input: WindowInput, { startMs, endMs }: TimeWindow, timeZone: string): AuditError {
  const [start, end] = [formatTime(startMs, timeZone), formatTime(endMs, timeZone)];
  const day = today({ nowMs: input.nowMs, timeZone });
  const future = startMs < endMs;
  const wrong = future ? 'begins in the future' : 'is empty, since its start is not before its end';
  return new AuditError('invalid_input', `The window from ${start} to ${end} ${wrong}; today is ${day}.`, {
    hint: future
      ? 'Give a start_time in the past.'
      : 'Give a start_time before end_time; a bare date as end_time includes that day.',
    fields: [
      { field: 'start_time', message: future ? 'in the future' : 'not before end_time', value: start },
      ...(future ? [] : [{ field: 'end_time', message: 'not after start_time', value: end }]),
    ],
  });
}
