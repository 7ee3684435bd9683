// Tests which part of a window the log can still be asked for.
import { describe, expect, test } from 'vitest';
import { totalMs } from '../../src/audit/intervals.ts';
import { hoursIn, LOG_STARTS_MS, readableOf } from '../../src/audit/readable.ts';
import { DAY_MS, HOUR_MS, NOW_MS, queryOf } from '../support/api-log.ts';

const at = (text: string) => Date.parse(text);
const shown = (windows: readonly { startMs: number; endMs: number }[]) =>
  windows.map(({ startMs, endMs }) =>
    [startMs, endMs].map((ms) => new Date(ms).toISOString().slice(5, 16)).join(' – '),
  );

describe('what the log keeps', () => {
  test('a window within it is read as asked', () => {
    const window = { startMs: NOW_MS - DAY_MS, endMs: NOW_MS };
    expect(readableOf(queryOf(window), NOW_MS)).toEqual({ kept: window, windows: [window], isCut: false });
  });

  test('what is older than 90 days is cut off, on a whole second', () => {
    const window = { startMs: NOW_MS - 100 * DAY_MS, endMs: NOW_MS };
    const { windows, isCut } = readableOf(queryOf(window), NOW_MS + 1);
    expect(windows).toEqual([{ startMs: NOW_MS - 90 * DAY_MS + 1000, endMs: NOW_MS }]);
    expect(isCut).toBe(true);
  });

  test('nothing is older than the first day of the log', () => {
    const nowMs = LOG_STARTS_MS + 10 * DAY_MS;
    const { windows } = readableOf(queryOf({ startMs: nowMs - 30 * DAY_MS, endMs: nowMs }), nowMs);
    expect(windows).toEqual([{ startMs: LOG_STARTS_MS, endMs: nowMs }]);
  });

  test('of a window before all that, nothing is left', () => {
    const window = { startMs: NOW_MS - 100 * DAY_MS, endMs: NOW_MS - 95 * DAY_MS };
    expect(readableOf(queryOf(window), NOW_MS)).toMatchObject({ windows: [], isCut: true });
  });
});

describe('hours of the day', () => {
  const night = { fromMinute: 22 * 60, toMinute: 6 * 60 };

  test('over midnight, cut at the ends of the window', () => {
    const window = { startMs: at('2026-03-10T00:00:00Z'), endMs: at('2026-03-12T00:00:00Z') };
    expect(shown(hoursIn(window, night, 'UTC'))).toEqual([
      '03-10T00:00 – 03-10T06:00',
      '03-10T22:00 – 03-11T06:00',
      '03-11T22:00 – 03-12T00:00',
    ]);
  });

  test('within a day, on the clocks of the zone', () => {
    const window = { startMs: at('2026-03-10T00:00:00Z'), endMs: at('2026-03-11T00:00:00Z') };
    const hours = { fromMinute: 9 * 60, toMinute: 18 * 60 + 30 };
    expect(shown(hoursIn(window, hours, 'Asia/Kathmandu'))).toEqual(['03-10T03:15 – 03-10T12:45']);
  });

  test('until 24:00 is until midnight', () => {
    const window = { startMs: at('2026-03-10T00:00:00Z'), endMs: at('2026-03-11T00:00:00Z') };
    expect(shown(hoursIn(window, { fromMinute: 1200, toMinute: 1440 }, 'UTC'))).toEqual(['03-10T20:00 – 03-11T00:00']);
  });

  test('an hour that summer time skips is not there, and the night around it is one hour shorter', () => {
    const window = { startMs: at('2026-03-28T12:00:00Z'), endMs: at('2026-03-29T12:00:00Z') };
    expect(hoursIn(window, { fromMinute: 130, toMinute: 170 }, 'Europe/Berlin')).toEqual([]);
    const nights = hoursIn(window, night, 'Europe/Berlin');
    expect(shown(nights)).toEqual(['03-28T21:00 – 03-29T04:00']);
    expect(totalMs(nights)).toBe(7 * HOUR_MS);
  });

  test('an hour that winter time repeats is there twice', () => {
    const window = { startMs: at('2026-10-24T12:00:00Z'), endMs: at('2026-10-25T12:00:00Z') };
    expect(shown(hoursIn(window, { fromMinute: 150, toMinute: 160 }, 'Europe/Berlin'))).toEqual([
      '10-25T00:30 – 10-25T00:40',
      '10-25T01:30 – 10-25T01:40',
    ]);
    expect(totalMs(hoursIn(window, night, 'Europe/Berlin'))).toBe(9 * HOUR_MS);
  });
});
