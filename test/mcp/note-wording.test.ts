// Tests that notes say in Russian what they say in English.
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

/** Latin letters are left to names of fields, rules, keys and reasons to stop, and to times. */
const RUSSIAN =
  /^[^A-Za-z]*(?:(?:API|DLP|id|actor|chat|User|budget|covered|coverage|(?:[a-z]+\.)?[a-z0-9]+(?:_[a-z0-9]*)+|\d\dT\d\d:\d\d:\d\dZ)[^A-Za-z]*)*$/u;

describe('notes in Russian', () => {
  test.each([
    ['find_suspicious_logins', { start_time: 'now-100d', end_time: 'now-1h', baseline_days: 3 }, 90],
    ['find_suspicious_logins', { start_time: 'now-10d', end_time: 'now-9d' }, 90],
    ['find_suspicious_logins', { start_time: 'now-1d', end_time: '2027-01-01', baseline_days: 0 }, 1],
    ['export_audit_window', { start_time: 'now-100d', end_time: 'now-80d' }, 90],
    ['investigate_actor', { actor: '424242' }, 90],
    ['investigate_actor', { actor: '1001', start_time: 'now-60d' }, 6],
    ['find_people', { query: 'нет такого' }, 90],
    ['list_audit_events', { chat_id: '20179', start_time: 'now-2d' }, 90],
    ['list_audit_events', { actor: '5', event_keys: ['user_2fa_fail'] }, 90],
    ['list_audit_events', { start_time: 'now-60d', end_time: 'now-30d' }, 2],
    ['list_audit_events', { event_keys: ['dlp_violation_detected'] }, 90],
    ['list_audit_events', { actor: '424242' }, 90],
    ['aggregate_audit_events', { group_by: ['chat'] }, 90],
  ])('%s %j', async (tool, input, maxRequests) => {
    const world = await russian({ maxRequests });
    const { notes } = await world.call(tool, input);
    expect(notes).not.toEqual([]);
    for (const note of [notes].flat()) expect(note).toMatch(RUSSIAN);
  });

  test.each([
    ['list_audit_events', {}],
    ['aggregate_audit_events', { group_by: ['actor'] }],
    ['follow_audit_events', {}],
    ['find_suspicious_logins', {}],
    ['investigate_actor', { actor: '1001' }],
    ['export_audit_window', {}],
  ])('%s tells in Russian how far it is', async (tool, input) => {
    const world = await russian();
    const told: string[] = [];
    await world.call(tool, input, { progress: (_done, _total, message) => void told.push(message) });
    expect(told).not.toEqual([]);
    for (const message of told) expect(message).toMatch(/^прочитано событий: \d+$/u);
  });
});
