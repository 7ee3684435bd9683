// Owns local time: which IANA zones there are, and what an instant reads as in one of them.
import { Temporal } from 'temporal-polyfill';
import { AuditError } from '../errors.ts';
import { cleanText } from '../text/clean.ts';
import { keepResults } from '../text/keep-results.ts';

/** Names of zones that are kept. */
const NAMES_MAX = 64;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/**
 * The IANA name of `timeZone`, in its usual spelling. Offsets such as "+03:00" are no zones: they know no summer time.
 * Throws `invalid_input` for `field`.
 */
export function parseTimeZone(timeZone: string, field = 'time_zone'): string {
  const name = timeZone.trim();
  const known = zoneNamed(name);
  if (known === undefined) throw unknownZone(name, field);
  return known;
}

const zoneNamed = keepResults(NAMES_MAX, (name) => {
  try {
    // "Z" and the like are understood as offsets by Temporal alone; a name of two letters or more means the same everywhere.
    if (!/^[A-Za-z][\w+/-]+$/.test(name)) return undefined;
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId;
  } catch {
    return undefined;
  }
});

/** The system's zone. With a broken TZ the platform names none, or one that does not exist: that is UTC. */
export function systemTimeZone(): string {
  try {
    return parseTimeZone(Intl.DateTimeFormat().resolvedOptions().timeZone);
  } catch {
    return 'UTC';
  }
}

function unknownZone(name: string, field: string): AuditError {
  const value = cleanText(name, 100);
  const wanted = name.toLowerCase().replaceAll(/[\s-]+/g, '_');
  // From the beginning of a word: MSK is not Omsk.
  const near = Intl.supportedValuesOf('timeZone').filter(
    (zone) =>
      wanted.length > 2 && `/${zone.toLowerCase().replaceAll('_', '/')}`.includes(`/${wanted.replaceAll('_', '/')}`),
  );
  const allowed = near.slice(0, 5);
  return new AuditError('invalid_input', `${field} "${value}": no such time zone.`, {
    hint: `Give an IANA zone such as ${allowed[0] ?? 'Europe/Moscow'}, or UTC.`,
    fields: [{ field, message: 'not an IANA time zone', value, ...(allowed.length === 0 ? {} : { allowed }) }],
  });
}

/** An instant read on the clocks of one zone. Made for millions of calls: the zone's rules are asked once a transition. */
export interface Zone {
  readonly timeZone: string;
  /** Local time minus UTC, milliseconds. */
  offsetMs(timeMs: number): number;
  /** `2026-03-10` */
  dayOf(timeMs: number): string;
  /** 0 to 23. */
  hourOfDay(timeMs: number): number;
  /** 0 to 1439. */
  minuteOfDay(timeMs: number): number;
}

interface OffsetSpan {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly offsetMs: number;
}

/** The clocks of `timeZone`, an IANA name that parseTimeZone let through. Keeps what it learnt of the zone to itself. */
export function openZone(timeZone: string): Zone {
  const spans: OffsetSpan[] = [];
  const dayNames = new Map<number, string>();
  let last: OffsetSpan = { fromMs: 0, untilMs: 0, offsetMs: 0 };

  const offsetMs = (timeMs: number): number => {
    if (timeMs < last.fromMs || timeMs >= last.untilMs) {
      const known = spans.find((span) => timeMs >= span.fromMs && timeMs < span.untilMs);
      last = known ?? spanAt(timeMs, timeZone);
      if (known === undefined) spans.push(last);
    }
    return last.offsetMs;
  };
  const localMs = (timeMs: number): number => timeMs + offsetMs(timeMs);
  const sinceMidnightMs = (timeMs: number): number => ((localMs(timeMs) % DAY_MS) + DAY_MS) % DAY_MS;
  return {
    timeZone,
    offsetMs,
    dayOf(timeMs) {
      const day = Math.floor(localMs(timeMs) / DAY_MS);
      const name = dayNames.get(day) ?? new Date(day * DAY_MS).toISOString().slice(0, 10);
      dayNames.set(day, name);
      return name;
    },
    hourOfDay: (timeMs) => Math.floor(sinceMidnightMs(timeMs) / HOUR_MS),
    minuteOfDay: (timeMs) => Math.floor(sinceMidnightMs(timeMs) / MINUTE_MS),
  };
}

/** The stretch of time around `timeMs` in which the zone keeps one offset. */
function spanAt(timeMs: number, timeZone: string): OffsetSpan {
  const local = Temporal.Instant.fromEpochMilliseconds(timeMs).toZonedDateTimeISO(timeZone);
  const next = local.getTimeZoneTransition('next')?.epochMilliseconds ?? Number.POSITIVE_INFINITY;
  // "previous" is strictly before: one nanosecond later, a transition at this very instant is found too.
  const previous = local.add({ nanoseconds: 1 }).getTimeZoneTransition('previous')?.epochMilliseconds;
  return { fromMs: previous ?? Number.NEGATIVE_INFINITY, untilMs: next, offsetMs: local.offsetNanoseconds / 1e6 };
}
