// Checks that the fast way to read a time reads what Date.parse reads in UTC, of any text.
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { timeOfText } from '../../src/audit/time-text.ts';

// Date.parse takes a time without a zone for one of the machine's.
beforeEach(() => void vi.stubEnv('TZ', 'UTC'));
afterEach(() => void vi.unstubAllEnvs());

test('a time is read as Date.parse reads it', () => {
  fc.assert(
    fc.property(
      fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z') }),
      (date) => {
        expect(timeOfText(date.toISOString())).toBe(date.getTime());
      },
    ),
  );
});

test('so is a text that is nearly a time, or none', () => {
  const change = fc.tuple(fc.nat(23), fc.constantFrom(...'0123456789-:.TZ+ x'.split('')));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 4 }), (changes) => {
      const chars = '2026-02-28T23:59:59.999Z'.split('');
      for (const [at, char] of changes) chars[at] = char;
      const text = chars.join('');
      expect(timeOfText(text)).toBe(Date.parse(text));
    }),
    { numRuns: 2000 },
  );
});

test.each([
  '',
  '0000-00-00T00:00:00.000Z',
  '2026-02-30T00:00:00.000Z',
  '2026-04-31T00:00:00.000Z',
  '2026-02-29T00:00:00.000Z',
  '2024-02-29T00:00:00.000Z',
  '2026-03-31T24:00:00.000Z',
  '2026-03-05T09:30:60.000Z',
  '0050-01-01T00:00:00.000Z',
  '2026-03-05T09:30:00Z',
  '2026-03-05T09:30:00.123+03:00',
  'yesterday',
])('%s', (text) => {
  expect(timeOfText(text)).toBe(Date.parse(text));
});

test.each(['2026-03-10T10:00:00', '2026-03-10 10:00:00.000', '2026-03-10T13:00+03:00', '2026-03-10T10:00Z'])(
  '%s is the same moment on every machine',
  (text) => {
    vi.stubEnv('TZ', 'Asia/Tokyo');
    expect(timeOfText(text)).toBe(Date.UTC(2026, 2, 10, 10));
  },
);
