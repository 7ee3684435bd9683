// Tests W3, new_admin_purge: what raises it, how grave it is, and what it must not be raised by.
import { describe, expect, test } from 'vitest';
import { act, judge, severities, several } from '../support/changes.ts';
import { DAY, HOUR, MINUTE } from '../support/events.ts';

const promotion = (at = 0, before = 'user', after = 'admin') =>
  act({
    at,
    key: 'user_role_changed',
    actor: '2',
    entity: 'User:9',
    details: { previous_company_role: before, new_company_role: after, initiator_id: 2 },
  });
const demotions = (count: number, at = HOUR, gapMs = MINUTE, from = 'admin') =>
  several(count, gapMs, (index) => ({
    at: at + index * gapMs,
    key: 'user_role_changed',
    actor: '9',
    entity: `User:${20 + index}`,
    details: { previous_company_role: from, new_company_role: 'user', initiator_id: 9 },
  }));
const removals = (count: number, at = HOUR, gapMs = MINUTE) =>
  several(count, gapMs, (index) => ({
    at: at + index * gapMs,
    key: 'user_deleted',
    actor: '9',
    entity: `User:${40 + index}`,
  }));

describe('new_admin_purge', () => {
  test('a fresh administrator who demotes two others is a high finding that begins with the promotion', () => {
    const { findings } = judge([promotion(), ...demotions(2)], ['new_admin_purge']);
    expect(findings).toMatchObject([{ severity: 'high', event_count: 3, first_at: '2026-03-10T09:00:00.000Z' }]);
    expect(findings[0]?.why).toContain('acted against 2 people');
  });

  test('one demotion, or four removals, are none; five removals are a finding', () => {
    expect(severities([promotion(), ...demotions(1)], 'new_admin_purge')).toEqual([]);
    expect(severities([promotion(), ...removals(4)], 'new_admin_purge')).toEqual([]);
    expect(severities([promotion(), ...removals(5)], 'new_admin_purge')).toEqual(['high']);
  });

  test('the second demotion counts exactly an hour after the first, and not a millisecond later', () => {
    expect(severities([promotion(), ...demotions(2, HOUR, HOUR)], 'new_admin_purge')).toEqual(['high']);
    expect(severities([promotion(), ...demotions(2, HOUR, HOUR + 1)], 'new_admin_purge')).toEqual([]);
  });

  test('an administrator of exactly seven days is new, a millisecond later no longer', () => {
    const purge = demotions(2, 6 * DAY, MINUTE);
    const last = 6 * DAY + MINUTE;
    expect(severities([promotion(last - 7 * DAY), ...purge], 'new_admin_purge')).toEqual(['high']);
    expect(severities([promotion(last - 7 * DAY - 1), ...purge], 'new_admin_purge')).toEqual([]);
  });

  test('an administrator who becomes the owner is no new one, and who is none any more is not called one', () => {
    expect(severities([promotion(0, 'admin', 'owner'), ...demotions(2)], 'new_admin_purge')).toEqual([]);
    const lost = promotion(MINUTE, 'admin', 'user');
    expect(severities([promotion(), lost, ...removals(5)], 'new_admin_purge')).toEqual([]);
    expect(severities([promotion(), lost, promotion(2 * MINUTE), ...removals(5)], 'new_admin_purge')).toEqual(['high']);
  });

  test('an old administrator who removes people, and a new one who demotes no administrators, are none', () => {
    expect(severities(removals(10), 'new_admin_purge')).toEqual([]);
    expect(severities([promotion(), ...demotions(5, HOUR, MINUTE, 'multi_guest')], 'new_admin_purge')).toEqual([]);
  });
});
