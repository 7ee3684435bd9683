// Tests W14, dlp_accumulation: what raises it, how grave it is, and what it must not be raised by.
import { describe, expect, test } from 'vitest';
import { act, judge, severities, several } from '../support/changes.ts';
import { DAY, HOUR, MINUTE } from '../support/events.ts';

const violation = (at: number, rule = 7, details: Record<string, unknown> = {}) =>
  act({
    at,
    key: 'dlp_violation_detected',
    actor: '3',
    entity: `Message:${at}`,
    details: { dlp_rule_id: rule, user_id: 5, conditions_matched: true, ...details },
  });
const violations = (count: number, gapMs = 2 * HOUR, at = 0) =>
  Array.from({ length: count }, (_, index) => violation(at + index * gapMs));

describe('dlp_accumulation', () => {
  test('three violations of one person within a day are medium, whoever logged them', () => {
    const { findings } = judge(violations(3), ['dlp_accumulation']);
    expect(findings).toMatchObject([{ severity: 'medium', event_count: 3 }]);
    expect(findings[0]?.actor_ids).toContain('5');
    expect(findings[0]?.why).toBe('Violations of user 5 within 24 h: 3.');
  });

  test('of very many, no smaller number is told than there were', () => {
    const { findings } = judge(violations(2000, 10_000), ['dlp_accumulation']);
    expect(findings).toMatchObject([{ event_count: 2000 }]);
    expect(findings[0]?.why).toBe('Violations of user 5 within 24 h: 501+.');
  });

  test('two violations of one rule, or three of different people, are none', () => {
    expect(severities(violations(2), 'dlp_accumulation')).toEqual([]);
    const people = [1, 2, 3].map((user) => violation(user * MINUTE, 7, { user_id: user }));
    expect(severities(people, 'dlp_accumulation')).toEqual([]);
  });

  test('the third counts exactly a day after the first, and not a millisecond later', () => {
    const two = violations(2);
    expect(severities([...two, violation(DAY)], 'dlp_accumulation')).toEqual(['medium']);
    expect(severities([...two, violation(DAY + 1)], 'dlp_accumulation')).toEqual([]);
  });

  test('two different rules within exactly an hour are medium, a millisecond more is none', () => {
    const { findings } = judge([violation(0, 7), violation(HOUR, 8)], ['dlp_accumulation']);
    expect(findings).toMatchObject([{ severity: 'medium' }]);
    expect(findings[0]?.why).toBe('Violations of user 5 within 1 h: 2. Different rules within the hour: 2.');
    expect(severities([violation(0, 7), violation(HOUR + 1, 8)], 'dlp_accumulation')).toEqual([]);
  });

  test('many violations of several rules are high', () => {
    expect(severities([...violations(2), violation(2 * HOUR + 1, 8)], 'dlp_accumulation')).toEqual(['high']);
  });

  test('violations whose conditions did not match do not count', () => {
    const unmatched = [0, 1, 2, 3].map((at) => violation(at * MINUTE, 7 + at, { conditions_matched: false }));
    expect(severities(unmatched, 'dlp_accumulation')).toEqual([]);
  });

  test('a person whose work trips a noisy rule every day is left out and counted', () => {
    const days = [4, 7, 10].flatMap((day) => violations(3, MINUTE, -day * DAY));
    const { findings, leftOut } = judge([...days, ...violations(3)], ['dlp_accumulation']);
    expect(findings).toEqual([]);
    expect(leftOut).toEqual({ usual_amount: 1 });
  });

  test('a hundred violations are one finding', () => {
    const { findings } = judge(
      several(100, MINUTE, (index) => ({
        key: 'dlp_violation_detected',
        entity: `Message:${index}`,
        details: { dlp_rule_id: 7, user_id: 5 },
      })),
      ['dlp_accumulation'],
    );
    expect(findings).toMatchObject([{ event_count: 100 }]);
  });
});
