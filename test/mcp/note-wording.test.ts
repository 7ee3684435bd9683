import { describe, expect, onTestFinished, test } from 'vitest';
import { plainEvents } from '../../src/simulator/plain-events.ts';
import { stillClock } from '../support/still-clock.ts';
import { startWorld } from '../support/world.ts';

const now = Date.parse('2026-11-20T12:00:00Z');
const DAY_MS = 86_400_000;

async function russian(settings = {}) {
  const events = [...plainEvents({ count: 200, startMs: now - DAY_MS, endMs: now, keys: 'auth' })];
  const world = await startWorld({
    simulator: { events, now: () => now },
    clock: stillClock(now),
    settings: { lang: 'ru', ...settings },
  });
  onTestFinished(() => world.close());
  return world;
}

/** Latin letters are left to names of fields, rules and keys, and to times. */
const RUSSIAN =
  /^[^A-Za-z]*(?:(?:API|covered|coverage|(?:[a-z]+\.)?[a-z0-9]+(?:_[a-z0-9]+)+|\d\dT\d\d:\d\d:\d\dZ)[^A-Za-z]*)*$/u;

describe('notes in Russian', () => {
  test.each([
    ['find_suspicious_logins', { start_time: 'now-100d', end_time: 'now-1h', baseline_days: 3 }, 90],
    ['find_suspicious_logins', { start_time: 'now-10d', end_time: 'now-9d' }, 90],
    ['find_suspicious_logins', { start_time: 'now-1d', end_time: '2027-01-01', baseline_days: 0 }, 1],
    ['export_audit_window', { start_time: 'now-100d', end_time: 'now-80d' }, 90],
  ])('%s %j', async (tool, input, maxRequests) => {
    const world = await russian({ maxRequests });
    const { notes } = await world.call(tool, input);
    expect(notes).not.toEqual([]);
    for (const note of [notes].flat()) expect(note).toMatch(RUSSIAN);
  });
});
