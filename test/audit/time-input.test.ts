// Tests times as people and models write them: rounding, dates, hints, the default window.
import { assert, boolean, constantFrom, integer, property } from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { formatTime, parseTimeInput, parseTimeOfDay, resolveWindow } from '../../src/audit/time-input.ts';
import { AuditError } from '../../src/errors.ts';

const NOW = Date.parse('2026-03-15T12:34:56.789Z');
const moscow = { nowMs: NOW, timeZone: 'Europe/Moscow' } as const;

function at(text: string, edge: 'start' | 'end' = 'start', timeZone = 'Europe/Moscow'): string {
  return new Date(parseTimeInput(text, { nowMs: NOW, timeZone, edge })).toISOString();
}

function failure(run: () => unknown): AuditError {
  try {
    run();
  } catch (error) {
    if (error instanceof AuditError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('parseTimeInput', () => {
  test.each([
    ['2026-03-10T14:00:00+03:00', '2026-03-10T11:00:00.000Z'],
    ['2026-03-10T14:00+0300', '2026-03-10T11:00:00.000Z'],
    ['2026-03-10t14:00:00z', '2026-03-10T14:00:00.000Z'],
    [' 2026-03-10 14:00:00Z ', '2026-03-10T14:00:00.000Z'],
    ['2026-03-10T14:00:00-05', '2026-03-10T19:00:00.000Z'],
    ['2024-02-29', '2024-02-28T21:00:00.000Z'],
    ['now', '2026-03-15T12:34:57.000Z'],
    ['NOW - 90m', '2026-03-15T11:04:57.000Z'],
    ['NOW-24H', '2026-03-14T12:34:57.000Z'],
    ['now-90d', '2025-12-15T12:35:57.000Z'],
    ['now-91d', '2025-12-14T12:34:57.000Z'],
    ['now-24h', '2026-03-14T12:34:57.000Z'],
    ['now-7d', '2026-03-08T12:34:57.000Z'],
    ['now-2w', '2026-03-01T12:34:57.000Z'],
    ['now-30s', '2026-03-15T12:34:27.000Z'],
  ])('reads %s as the start %s', (text, expected) => {
    expect(at(text)).toBe(expected);
  });

  test('takes a bare date as an end for the end of that day', () => {
    expect(at('2026-03-10', 'end')).toBe('2026-03-10T21:00:00.000Z');
  });

  test('rounds a start down and an end up to whole seconds, so that nothing asked for is lost', () => {
    expect(at('2026-03-10T14:00:00.999Z')).toBe('2026-03-10T14:00:00.000Z');
    expect(at('2026-03-10T14:00:00.001Z', 'end')).toBe('2026-03-10T14:00:01.000Z');
    expect(at('2026-03-10T14:00:00.000000001Z', 'end')).toBe('2026-03-10T14:00:01.000Z');
    expect(at('2026-03-10T14:00:00Z', 'end')).toBe('2026-03-10T14:00:00.000Z');
  });

  test('knows days of 23 and 25 hours, and a day that begins at one', () => {
    const hours = (day: string, zone: string) =>
      (Date.parse(at(day, 'end', zone)) - Date.parse(at(day, 'start', zone))) / 3.6e6;
    expect(hours('2026-03-29', 'Europe/Berlin')).toBe(23);
    expect(hours('2026-10-25', 'Europe/Berlin')).toBe(25);
    expect(at('2018-11-04', 'start', 'America/Sao_Paulo')).toBe('2018-11-04T03:00:00.000Z');
    expect(hours('2018-11-04', 'America/Sao_Paulo')).toBe(23);
  });

  test.each([
    '2026-02-30',
    '2026-13-01',
    '2025-02-29',
    '2026-03-10T25:00:00Z',
    '2026-03-10T24:00:00Z',
    '2026-03-10T10:61:00Z',
    '2026-03-10T10:00:00+99:00',
    '2026-2-3',
    '10.03.2026',
    'yesterday',
    'now+1h',
    'now-5',
    'now-5y',
    'now-1M',
    'NOW - 90M',
    'now-9999999w',
    '1773144000',
    '',
    ' ',
    '2026-03-10T10:00:00Z; drop',
  ])('refuses %j and names the field', (text) => {
    for (const edge of ['start', 'end'] as const) {
      const error = failure(() => parseTimeInput(text, { ...moscow, edge }));
      expect(error.code).toBe('invalid_input');
      expect(error.fields).toMatchObject([{ field: `${edge}_time`, value: text.trim() }]);
      expect(error.hint).toContain('2026-03-15 (Europe/Moscow)');
    }
  });

  test('does not take a capital M, a month elsewhere, for a minute', () => {
    const error = failure(() => parseTimeInput('now-1M', { ...moscow, edge: 'start' }));
    expect(error.message).toContain('write now-30d for days, now-90m for minutes');
  });

  test('ends where it is said to, whatever the log forgets', () => {
    expect(at('now-90d', 'end')).toBe('2025-12-15T12:34:57.000Z');
  });

  test('says how to write a time that came without an offset', () => {
    const error = failure(() => parseTimeInput('2026-03-10T14:00', { ...moscow, edge: 'start' }));
    expect(error.message).toBe(
      'start_time "2026-03-10T14:00": a time needs its offset: write 2026-03-10T14:00:00+03:00 for Europe/Moscow, or 2026-03-10T14:00:00Z for UTC.',
    );
  });

  test('calls the field as the caller does, and shows hostile text clean', () => {
    const error = failure(() => parseTimeInput('to\u202Eday', { ...moscow, edge: 'end', field: '--before' }));
    expect(error.fields).toMatchObject([{ field: '--before', value: 'today' }]);
  });
});

describe('resolveWindow', () => {
  const resolve = (input: { start_time?: string; end_time?: string; time_zone?: string }) => {
    const { window, ...rest } = resolveWindow({ ...input, nowMs: NOW, defaultTimeZone: 'Europe/Moscow' });
    return { start: formatTime(window.startMs, 'UTC'), end: formatTime(window.endMs, 'UTC'), ...rest };
  };

  test('is the last 24 hours where nothing is said', () => {
    expect(resolve({})).toEqual({
      start: '2026-03-14T12:34:57Z',
      end: '2026-03-15T12:34:57Z',
      timeZone: 'Europe/Moscow',
    });
  });

  test('ends now without an end, and starts 24 hours before its end without a start', () => {
    expect(resolve({ start_time: 'now-7d' })).toMatchObject({
      start: '2026-03-08T12:34:57Z',
      end: '2026-03-15T12:34:57Z',
    });
    expect(resolve({ end_time: '2026-03-10' })).toMatchObject({
      start: '2026-03-09T21:00:00Z',
      end: '2026-03-10T21:00:00Z',
    });
  });

  test('takes bare dates in the zone of the question', () => {
    expect(resolve({ start_time: '2026-03-01', end_time: '2026-03-10', time_zone: 'asia/tokyo' })).toEqual({
      start: '2026-02-28T15:00:00Z',
      end: '2026-03-10T15:00:00Z',
      timeZone: 'Asia/Tokyo',
    });
  });

  test('reads no further than now, and gives the end that was asked for', () => {
    expect(resolve({ start_time: '2026-03-15', end_time: '2026-03-15' })).toEqual({
      start: '2026-03-14T21:00:00Z',
      end: '2026-03-15T12:34:57Z',
      timeZone: 'Europe/Moscow',
      askedEndMs: Date.parse('2026-03-15T21:00:00Z'),
    });
  });

  test('refuses a reversed or empty window, shows both ends and today', () => {
    const error = failure(() => resolve({ start_time: '2026-03-11', end_time: '2026-03-09' }));
    expect(error.code).toBe('invalid_input');
    expect(error.message).toBe(
      'The window from 2026-03-11T00:00:00+03:00 to 2026-03-10T00:00:00+03:00 is empty, since its start is not before its end; today is 2026-03-15 (Europe/Moscow).',
    );
    expect(error.fields?.map(({ field }) => field)).toEqual(['start_time', 'end_time']);
    const moment = '2026-03-11T00:00:00Z';
    expect(failure(() => resolve({ start_time: moment, end_time: moment })).code).toBe('invalid_input');
  });

  test('refuses a window that begins in the future', () => {
    const error = failure(() => resolve({ start_time: '2027-01-01', end_time: '2027-01-02' }));
    expect(error.message).toContain('begins in the future; today is 2026-03-15');
    expect(error.fields?.map(({ field }) => field)).toEqual(['start_time']);
  });

  test.each(['Mars/Olympus', '+03:00', 'MSK', '', 'Z', '2026-01-01T00:00Z'])('refuses the zone %j', (zone) => {
    const error = failure(() => resolve({ time_zone: zone }));
    expect(error.code).toBe('invalid_input');
    expect(error.fields).toMatchObject([{ field: 'time_zone', value: zone }]);
  });

  test('names the zone that was probably meant', () => {
    const error = failure(() => resolve({ time_zone: 'Moscow' }));
    expect(error.fields).toMatchObject([{ allowed: ['Europe/Moscow'] }]);
  });
});

describe('formatTime', () => {
  test.each([
    ['2026-03-10T11:00:00Z', 'Europe/Moscow', '2026-03-10T14:00:00+03:00'],
    ['2026-03-10T11:00:00.050Z', 'Europe/Moscow', '2026-03-10T14:00:00.050+03:00'],
    ['2026-03-10T11:00:00Z', 'UTC', '2026-03-10T11:00:00Z'],
    ['2026-03-10T11:00:00Z', 'Etc/UTC', '2026-03-10T11:00:00Z'],
    ['2026-01-10T11:00:00Z', 'Europe/London', '2026-01-10T11:00:00+00:00'],
    ['2026-07-10T11:00:00Z', 'Asia/Kolkata', '2026-07-10T16:30:00+05:30'],
  ])('shows %s in %s as %s', (instant, timeZone, expected) => {
    expect(formatTime(Date.parse(instant), timeZone)).toBe(expected);
  });

  test('writes any instant as Temporal does, seconds of old clocks included', () => {
    const zones = ['Europe/Moscow', 'America/St_Johns', 'Africa/Monrovia', 'Australia/Lord_Howe', 'Pacific/Apia'];
    assert(
      property(integer({ min: 0, max: 5e12 }), constantFrom(...zones), boolean(), (ms, timeZone, isWhole) => {
        const timeMs = isWhole ? ms - (ms % 1000) : ms;
        const fractionalSecondDigits = timeMs % 1000 === 0 ? 0 : 3;
        const expected = Temporal.Instant.fromEpochMilliseconds(timeMs).toString({ fractionalSecondDigits, timeZone });
        expect(formatTime(timeMs, timeZone)).toBe(expected);
      }),
    );
  });

  test('is read back as the same instant', () => {
    const shown = formatTime(Date.parse('2026-10-25T00:30:00Z'), 'Europe/Berlin');
    expect(at(shown)).toBe('2026-10-25T00:30:00.000Z');
  });
});

describe('parseTimeOfDay', () => {
  test.each([
    ['22:00-06:00', 1320, 360],
    ['9:00 – 18:30', 540, 1110],
    ['00:00-24:00', 0, 1440],
  ])('reads %s', (text, fromMinute, toMinute) => {
    expect(parseTimeOfDay(text)).toEqual({ fromMinute, toMinute });
  });

  test.each([
    '',
    '22-6',
    '22:00',
    '25:00-06:00',
    '22:60-06:00',
    '24:00-06:00',
    '24:30-06:00',
    '10:00-10:00',
    '22:00-06:00-07:00',
  ])('refuses %j and names the field', (text) => {
    const error = failure(() => parseTimeOfDay(text));
    expect(error.code).toBe('invalid_input');
    expect(error.fields).toMatchObject([{ field: 'time_of_day', value: text }]);
  });
});
