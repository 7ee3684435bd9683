// Tests how surprising the time since the last login elsewhere is.
import { expect, test } from 'vitest';
import { createFading } from '../../../src/detect/risk/fading.ts';
import { createPace } from '../../../src/detect/risk/pace.ts';

const START = Date.parse('2026-03-01T09:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

test('what is usual between two devices says nothing about one device in two places', () => {
  const pace = createPace(createFading(60 * 24 * HOUR));
  for (let actor = 1; actor <= 100; actor += 1) {
    pace.observe(actor, 'hotel', 'desk', START + actor * HOUR);
    pace.observe(actor, 'carrier', 'phone', START + actor * HOUR + 3 * MINUTE);
  }
  const now = START + 200 * HOUR;
  expect(pace.surprise(0, 'hotel', 'desk', now)).toBe(0);
  pace.observe(0, 'hotel', 'desk', now);
  expect(pace.surprise(0, 'carrier', 'phone', now + 3 * MINUTE)).toBe(0);
  expect(pace.surprise(0, 'elsewhere', 'desk', now + 3 * MINUTE)).toBeGreaterThan(1);
  expect(pace.surprise(0, 'hotel', 'desk', now + 3 * MINUTE)).toBe(0);
  pace.forget(0);
  expect(pace.surprise(0, 'elsewhere', 'desk', now + 3 * MINUTE)).toBe(0);
  expect(pace.lastMs(0)).toBe(-Infinity);
});
