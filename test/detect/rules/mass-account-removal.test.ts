// Tests W4, mass_account_removal: what raises it, how grave it is, and what it must not be raised by.
import { describe, expect, test } from 'vitest';
import { act, judge, severities, several } from '../support/changes.ts';
import { DAY, HOUR, history, MINUTE, STRANGE } from '../support/events.ts';

const removals = (count: number, options: { at?: number; gapMs?: number; ip?: string; first?: number } = {}) => {
  const { at = 0, gapMs = MINUTE, first = 40, ...rest } = options;
  return several(count, gapMs, (index) => ({
    at: at + index * gapMs,
    key: 'user_deleted',
    actor: '9',
    entity: `User:${first + index}`,
    ...rest,
  }));
};
/** Somebody who logs in daily and created an account ten days ago. */
const administrator = [
  ...history({ actor: '9' }),
  act({ at: -10 * DAY, key: 'user_created', actor: '9', entity: 'User:39' }),
];

describe('mass_account_removal', () => {
  test('five accounts removed within the hour are a high finding, which says that no baseline was read', () => {
    const { findings } = judge(removals(5), ['mass_account_removal']);
    expect(findings).toMatchObject([{ severity: 'high', event_count: 5, actor_ids: ['9'] }]);
    expect(findings[0]?.why).toContain('removed 5 accounts within 60 min (limit 5).');
    expect(findings[0]?.why).toContain('No earlier day to compare with was seen');
  });

  test('four accounts, or one account five times, are none', () => {
    expect(severities(removals(4), 'mass_account_removal')).toEqual([]);
    const same = several(5, MINUTE, () => ({ key: 'user_deleted', actor: '9', entity: 'User:40' }));
    expect(severities(same, 'mass_account_removal')).toEqual([]);
  });

  test('the fifth account counts exactly an hour after the first, and not a millisecond later', () => {
    const fifth = (at: number) => removals(1, { at, first: 60 });
    expect(severities([...removals(4), ...fifth(HOUR)], 'mass_account_removal')).toEqual(['high']);
    expect(severities([...removals(4), ...fifth(HOUR + 1)], 'mass_account_removal')).toEqual([]);
  });

  test('an offboarding day by who manages accounts, from a known place, is low; from a strange one it is high', () => {
    expect(severities([...administrator, ...removals(12)], 'mass_account_removal')).toEqual(['low']);
    const strange = removals(12, { ip: STRANGE });
    expect(severities([...administrator, ...strange], 'mass_account_removal')).toEqual(['high']);
  });

  test('who never managed accounts is high from a known place too, and so are 25 accounts of anybody', () => {
    expect(severities([...history({ actor: '9' }), ...removals(12)], 'mass_account_removal')).toEqual(['high']);
    expect(severities([...administrator, ...removals(24)], 'mass_account_removal')).toEqual(['low']);
    expect(severities([...administrator, ...removals(25)], 'mass_account_removal')).toEqual(['high']);
  });

  test('what an initiator removed on three earlier days is usual, is left out, and is counted', () => {
    const habit = [3, 5, 8].flatMap((day) => removals(6, { at: -day * DAY, first: 100 * day }));
    const { findings, leftOut } = judge([...administrator, ...habit, ...removals(6)], ['mass_account_removal']);
    expect(findings).toEqual([]);
    expect(leftOut.usual_amount).toBe(2);
    expect(severities([...administrator, ...habit, ...removals(7)], 'mass_account_removal')).toEqual(['low']);
  });

  test('three attacks make no habit of the fourth', () => {
    const attacks = [3, 5, 8].flatMap((day) => removals(6, { at: -day * DAY, first: 100 * day, ip: STRANGE }));
    const { findings, leftOut } = judge(
      [...administrator, ...attacks, ...removals(6, { ip: STRANGE })],
      ['mass_account_removal'],
    );
    expect(findings).toMatchObject([{ severity: 'high', event_count: 6 }]);
    expect(leftOut).toEqual({});
  });

  test('who has changed a role does not manage accounts for that', () => {
    const raised = act({ at: -10 * DAY, key: 'user_role_changed', actor: '9', entity: 'User:39' });
    expect(severities([...history({ actor: '9' }), raised, ...removals(12)], 'mass_account_removal')).toEqual(['high']);
  });

  test('an earlier removal of many makes no manager of accounts: the second one is as grave', () => {
    const earlier = removals(12, { at: -10 * DAY, first: 100 });
    const known = history({ actor: '9' });
    expect(severities([...known, ...earlier, ...removals(12)], 'mass_account_removal')).toEqual(['high']);
    const single = removals(1, { at: -10 * DAY, first: 100 });
    expect(severities([...known, ...single, ...removals(12)], 'mass_account_removal')).toEqual(['low']);
  });

  test('two earlier days are no habit', () => {
    const twice = [5, 8].flatMap((day) => removals(6, { at: -day * DAY, first: 100 * day }));
    expect(severities([...twice, ...removals(6)], 'mass_account_removal')).toEqual(['high']);
  });
});
