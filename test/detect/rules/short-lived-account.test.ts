// Tests W5, short_lived_account: what raises it, how grave it is, and what it must not be raised by.
import { describe, expect, test } from 'vitest';
import { act, judge, severities } from '../support/changes.ts';
import { DAY, event, HOUR } from '../support/events.ts';

const created = (at = 0) => act({ at, key: 'user_created', actor: '9', entity: 'User:77' });
const removed = (at: number) => act({ at, key: 'user_deleted', actor: '8', entity: 'User:77' });
const entered = (at: number) => event({ at, actor: '77' });

describe('short_lived_account', () => {
  test('an account removed an hour after its creation is medium, and names the account and both who handled it', () => {
    const { findings } = judge([created(), removed(HOUR)], ['short_lived_account']);
    expect(findings).toMatchObject([{ severity: 'medium', event_count: 2 }]);
    expect(findings[0]?.actor_ids.toSorted()).toEqual(['77', '8', '9']);
    expect(findings[0]?.why).toBe('Account 77 was removed by actor 8 1 h after it was created.');
  });

  test('the evidence is searched for by the account, where no one person did all of it', () => {
    const { findings } = judge([created(), entered(HOUR), removed(2 * HOUR)], ['short_lived_account']);
    expect(findings[0]?.evidence.query).toMatchObject({ entity_id: '77' });
    expect(findings[0]?.evidence.query).not.toHaveProperty('actor');
  });

  test('it is high when the account was used', () => {
    const { findings } = judge([created(), entered(HOUR), removed(2 * HOUR)], ['short_lived_account']);
    expect(findings).toMatchObject([{ severity: 'high', event_count: 3 }]);
    expect(findings[0]?.why).toContain('used to log in');
  });

  test('exactly a day is medium, a millisecond more is low, and more than seven days are none', () => {
    expect(severities([created(), removed(DAY)], 'short_lived_account')).toEqual(['medium']);
    expect(severities([created(), removed(DAY + 1)], 'short_lived_account')).toEqual(['low']);
    expect(severities([created(-2 * DAY), removed(5 * DAY)], 'short_lived_account')).toEqual(['low']);
    expect(severities([created(-2 * DAY), removed(5 * DAY + 1)], 'short_lived_account')).toEqual([]);
  });

  test('the creation may lie before the judged window', () => {
    expect(severities([created(-20 * HOUR), removed(0)], 'short_lived_account')).toEqual(['medium']);
  });

  test('an account created after the removal of another, or without a removal, is none', () => {
    const other = act({ at: HOUR, key: 'user_deleted', actor: '8', entity: 'User:76' });
    expect(severities([created(), entered(1), other], 'short_lived_account')).toEqual([]);
    expect(severities([removed(0), created(HOUR)], 'short_lived_account')).toEqual([]);
  });
});
