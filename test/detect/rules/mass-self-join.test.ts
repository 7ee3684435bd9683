// Tests W11, mass_self_join: what raises it, how grave it is, and what it must not be raised by.
import { describe, expect, test } from 'vitest';
import { act, judge, severities, several } from '../support/changes.ts';
import { DAY, MINUTE, SECOND } from '../support/events.ts';

interface JoinSpec {
  at?: number;
  inviter?: number | null;
  first?: number;
}
const joins = (count: number, { at = 0, inviter = null, first = 900 }: JoinSpec = {}) =>
  several(count, SECOND, (index) => ({
    at: at + index * SECOND,
    key: 'user_chat_join',
    entity: `Chat:${first + index}`,
    details: { inviter_id: inviter },
  }));

describe('mass_self_join', () => {
  test('ten chats joined uninvited within half an hour are medium', () => {
    const { findings } = judge(joins(10), ['mass_self_join']);
    expect(findings).toMatchObject([{ severity: 'medium', event_count: 10 }]);
    expect(findings[0]?.why).toContain('joined 10 chats within 30 min without being invited (limit 10).');
    expect(severities(joins(10, { inviter: 1 }), 'mass_self_join')).toEqual(['medium']);
  });

  test('nine chats, or one chat ten times, are none', () => {
    expect(severities(joins(9), 'mass_self_join')).toEqual([]);
    const again = several(10, SECOND, () => ({ key: 'user_chat_join', entity: 'Chat:1', details: {} }));
    expect(severities(again, 'mass_self_join')).toEqual([]);
  });

  test('the tenth chat counts exactly half an hour after the first, and not a millisecond later', () => {
    const last = (at: number) => joins(1, { at, first: 990 });
    expect(severities([...joins(9), ...last(30 * MINUTE)], 'mass_self_join')).toEqual(['medium']);
    expect(severities([...joins(9), ...last(30 * MINUTE + 1)], 'mass_self_join')).toEqual([]);
  });

  test('who is invited by somebody is none', () => {
    expect(severities(joins(30, { inviter: 5 }), 'mass_self_join')).toEqual([]);
  });

  test('a new colleague of up to seven days is low', () => {
    const created = (at: number) => act({ at, key: 'user_created', actor: '9', entity: 'User:1' });
    const last = 9 * SECOND;
    expect(severities([created(last - 7 * DAY), ...joins(10)], 'mass_self_join')).toEqual(['low']);
    expect(severities([created(last - 7 * DAY - 1), ...joins(10)], 'mass_self_join')).toEqual(['medium']);
  });

  test('a bot that joins as many chats on three earlier days is left out and counted', () => {
    const habit = [4, 6, 8].flatMap((day) => joins(12, { at: -day * DAY }));
    const { findings, leftOut } = judge([...habit, ...joins(12)], ['mass_self_join']);
    expect(findings).toEqual([]);
    expect(leftOut).toEqual({ usual_amount: 3 });
  });
});
