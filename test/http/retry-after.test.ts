// Tests how the header Retry-After is read.
import { describe, expect, test } from 'vitest';
import { retryAfterMs } from '../../src/http/retry-after.ts';

const NOW = Date.parse('2026-03-20T12:00:00Z');

describe('Retry-After', () => {
  test.each([
    ['seconds', '7', undefined, 7000],
    ['fractions of a second', '0.5', undefined, 500],
    ['zero', '0', undefined, 0],
    ['a date, against our clock', 'Fri, 20 Mar 2026 12:00:03 GMT', undefined, 3000],
    ['a date, against the clock of the server', 'Fri, 20 Mar 2026 14:00:03 GMT', 'Fri, 20 Mar 2026 14:00:00 GMT', 3000],
    ['a date that has passed', 'Fri, 20 Mar 2026 11:59:00 GMT', undefined, 0],
    ['nothing', undefined, undefined, undefined],
    ['an empty header', ' ', undefined, undefined],
    ['a negative number', '-5', undefined, undefined],
    ['words', 'soon', undefined, undefined],
    ['a date that is none', 'Fri, 99 Mar 2026 12:00:03 GMT', undefined, undefined],
    ['a year of waiting is a day', '31536000', undefined, 86_400_000],
    ['a date in a month is a day', 'Fri, 17 Apr 2026 12:00:00 GMT', undefined, 86_400_000],
  ])('%s', (_name, header, date, expected) => {
    expect(retryAfterMs(header, date, NOW)).toBe(expected);
  });
});
