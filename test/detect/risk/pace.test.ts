import { expect, test } from 'vitest';
import { createPace, nowhereYet } from '../../../src/detect/risk/pace.ts';

const START = Date.parse('2026-03-01T09:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

test('what is usual between two devices says nothing about one device in two places', () => {
  const pace = createPace(60);
  for (let day = 0; day < 100; day += 1) {
    const last = nowhereYet();
    pace.observe(last, 'hotel', 'desk', START + day * HOUR);
    pace.observe(last, 'carrier', 'phone', START + day * HOUR + 3 * MINUTE);
  }
  const last = nowhereYet();
  const now = START + 200 * HOUR;
  pace.observe(last, 'hotel', 'desk', now);
  expect(pace.surprise(last, 'carrier', 'phone', now + 3 * MINUTE)).toBe(0);
  expect(pace.surprise(last, 'elsewhere', 'desk', now + 3 * MINUTE)).toBeGreaterThan(1);
  expect(pace.surprise(last, 'hotel', 'desk', now + 3 * MINUTE)).toBe(0);
});
