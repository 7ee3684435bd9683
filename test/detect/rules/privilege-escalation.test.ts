// Tests W2, privilege_escalation: what raises it, how grave it is, and what it must not be raised by.
import { describe, expect, test } from 'vitest';
import { act, judge, severities } from '../support/changes.ts';

const change = (previous: string, next: string, initiator = 9) =>
  act({
    at: 0,
    key: 'user_role_changed',
    actor: '9',
    entity: 'User:5',
    details: { previous_company_role: previous, new_company_role: next, initiator_id: initiator },
  });

describe('privilege_escalation', () => {
  test('a person made administrator is a high finding on both of them', () => {
    const { findings } = judge([change('user', 'admin')], ['privilege_escalation']);
    expect(findings).toMatchObject([{ rule: 'privilege_escalation', severity: 'high', actor_ids: ['9', '5'] }]);
    expect(findings[0]?.why).toBe('Actor 9 gave 5 the role admin.');
  });

  test('who raises their own role is a critical finding', () => {
    expect(severities([change('user', 'admin', 5)], 'privilege_escalation')).toEqual(['critical']);
  });

  test('a rise below administrator is low', () => {
    expect(severities([change('guest', 'user')], 'privilege_escalation')).toEqual(['low']);
  });

  test('the same role, a lower one, or one that we do not know are none', () => {
    const events = [change('admin', 'admin'), change('admin', 'user'), change('user', 'wizard'), change('?', 'admin')];
    expect(severities(events, 'privilege_escalation')).toEqual([]);
  });

  test('without an initiator in the details the actor counts', () => {
    const event = act({
      at: 0,
      key: 'user_role_changed',
      actor: '9',
      entity: 'User:5',
      details: { previous_company_role: 'user', new_company_role: 'owner', initiator_id: null },
    });
    expect(severities([event], 'privilege_escalation')).toEqual(['high']);
  });
});
