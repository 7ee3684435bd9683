// Tests W12, mass_add: what raises it, how grave it is, and what it must not be raised by.
import { describe, expect, test } from 'vitest';
import { act, judge, severities, several } from '../support/changes.ts';
import { DAY, history, MINUTE, SECOND, STRANGE } from '../support/events.ts';

interface AddSpec {
  at?: number;
  inviter?: number;
  member?: string;
  ip?: string;
  first?: number;
}
const additions = (count: number, { at = 0, inviter = 9, member = '5', first = 900, ...rest }: AddSpec = {}) =>
  several(count, SECOND, (index) => ({
    at: at + index * SECOND,
    key: 'user_chat_join',
    actor: member,
    entity: `Chat:${first + index}`,
    details: { inviter_id: inviter },
    ...rest,
  }));
const created = (at: number, actor = '9') => act({ at, key: 'user_created', actor, entity: 'User:5' });

describe('mass_add', () => {
  test('one person added to ten chats in ten minutes is medium, on the inviter and the person', () => {
    const { findings } = judge(additions(10), ['mass_add']);
    expect(findings).toMatchObject([{ severity: 'medium', event_count: 10 }]);
    expect(findings[0]?.actor_ids.toSorted()).toEqual(['5', '9']);
    expect(findings[0]?.why).toBe('Actor 9 added 5 to 10 chats within 10 min (limit 10).');
  });

  test('nine chats are none, and so are ten chats of different people or inviters', () => {
    expect(severities(additions(9), 'mass_add')).toEqual([]);
    expect(severities([...additions(5), ...additions(5, { member: '6', first: 950 })], 'mass_add')).toEqual([]);
    expect(severities([...additions(5), ...additions(5, { inviter: 8, first: 950 })], 'mass_add')).toEqual([]);
  });

  test('the tenth chat counts exactly ten minutes after the first, and not a millisecond later', () => {
    const last = (at: number) => additions(1, { at, first: 990 });
    expect(severities([...additions(9), ...last(10 * MINUTE)], 'mass_add')).toEqual(['medium']);
    expect(severities([...additions(9), ...last(10 * MINUTE + 1)], 'mass_add')).toEqual([]);
  });

  test('a tag added to ten chats is medium', () => {
    const tagged = (count: number) =>
      several(count, SECOND, (index) => ({
        key: 'tag_added_to_chat',
        actor: '9',
        entity: 'GroupTag:3',
        details: { chat_id: 900 + index, tag_name: 'Все' },
      }));
    const { findings } = judge(tagged(10), ['mass_add']);
    expect(findings).toMatchObject([{ severity: 'medium', actor_ids: ['9'] }]);
    expect(findings[0]?.why).toContain('A tag brings all its people along.');
    expect(severities(tagged(9), 'mass_add')).toEqual([]);
  });

  test('a guest let into ten chats is high, until they are no guest any more', () => {
    const role = (at: number, before: string, after: string) =>
      act({
        at,
        key: 'user_role_changed',
        actor: '9',
        entity: 'User:5',
        details: { previous_company_role: before, new_company_role: after, initiator_id: 9 },
      });
    const guest = role(-5 * DAY, 'user', 'guest');
    expect(severities([guest, ...additions(10)], 'mass_add')).toEqual(['high']);
    expect(severities([guest, role(-4 * DAY, 'guest', 'user'), ...additions(10)], 'mass_add')).toEqual(['medium']);
  });

  test('an account of up to a day is high, a millisecond older it is medium', () => {
    const last = 9 * SECOND;
    expect(severities([created(last - DAY, '8'), ...additions(10)], 'mass_add')).toEqual(['high']);
    expect(severities([created(last - DAY - 1, '8'), ...additions(10)], 'mass_add')).toEqual(['medium']);
  });

  test('a new colleague added by who created the account, from a known place, is low; from elsewhere it is high', () => {
    const desk = history({ actor: '9' });
    expect(severities([...desk, created(-MINUTE), ...additions(10)], 'mass_add')).toEqual(['low']);
    expect(severities([...desk, created(-MINUTE), ...additions(10, { ip: STRANGE })], 'mass_add')).toEqual(['high']);
    expect(severities([...desk, created(-MINUTE, '8'), ...additions(10)], 'mass_add')).toEqual(['high']);
  });
});
