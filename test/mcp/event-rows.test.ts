// Tests the rows in which events are shown.
import { describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../src/audit/event.ts';
import { EVENT_COLUMNS, eventRow, peopleIn, shortDetails, shortRefs } from '../../src/mcp/event-rows.ts';

const event: AuditEvent = {
  id: 'a1b2c3d4-0000-4000-8000-000000000001',
  created_at: '2026-03-10T19:30:05.123Z',
  event_key: 'user_role_changed',
  entity_id: '42',
  entity_type: 'User',
  actor_id: '7',
  actor_type: 'User',
  details: { new_company_role: 'admin', initiator_id: 7, extra: ['a', 'b'] },
  ip_address: '91.10.1.7',
  user_agent: 'Pachca/3.60.0 (co.staply.pachca; build:15; iOS 18.5.0) Alamofire/5.0.0',
};

describe('rows', () => {
  test('say who did what to whom, in the zone that was asked for', () => {
    expect(eventRow(event, 'a1b2c3d4', 'Europe/Moscow', false)).toEqual([
      'a1b2c3d4',
      expect.stringMatching(/^2026-03-10T22:30:05(\.123)?\+03:00$/u),
      'user_role_changed',
      '7',
      'User:42',
      '91.10.1.7',
      expect.stringContaining('Pachca'),
      'new_company_role=admin; initiator_id=7; extra=a,b',
    ]);
  });

  test('leave empty what an event does not have', () => {
    const bare: AuditEvent = { id: 'x', created_at: '2026-03-10T19:30:05.123Z', event_key: 'new_key', details: null };
    const row = eventRow(bare, 'x', 'UTC', false);
    expect(row).toHaveLength(EVENT_COLUMNS.length);
    expect(row.filter((cell) => cell === '')).toHaveLength(5);
    const nobody = { ...bare, entity_type: 'User', entity_id: null, actor_id: null };
    expect(eventRow(nobody, 'x', 'UTC', false)).not.toContain('self');
  });

  test('quote a text that reads like further details', () => {
    const details = { name: 'Отдел; initiator_id=1000', 'a=1; b': true, scopes: ['x', 'y,z'], note: 'say "hi"\n=1' };
    expect(shortDetails({ ...event, details })).toBe(
      'name="Отдел; initiator_id=1000"; "a=1; b"=true; scopes=x,"y,z"; note="say \\"hi\\" =1"',
    );
  });

  test.each([
    [[], ''],
    [['a=1; b', 7], '"a=1; b",7'],
    ['ok; initiator_id=1', '"ok; initiator_id=1"'],
    [7, '7'],
    [null, ''],
  ])('show details that are no object (%j) as what they are', (details, text) => {
    expect(shortDetails({ ...event, details })).toBe(text);
    expect(peopleIn([{ ...event, details }])).toEqual(['7', '42']);
  });

  test('know the people that the details name', () => {
    const details = { initiator_id: 7, user_id: '9', chat_id: 5 };
    expect(peopleIn([{ ...event, details }])).toEqual(['7', '42', '9']);
  });

  test('mark reads of this server', () => {
    expect(eventRow(event, 'a1b2c3d4', 'UTC', true).at(-1)).toContain('own read');
  });

  test('cut long details', () => {
    expect(shortDetails({ ...event, details: { text: 'я'.repeat(1000) } }).length).toBeLessThan(200);
  });

  test('name each person once', () => {
    expect(peopleIn([event, { ...event, entity_type: 'Chat' }])).toEqual(['7', '42']);
  });
});

describe('references', () => {
  test('take eight characters, and more only where two would be the same', () => {
    const refs = shortRefs(['aaaaaaaa-1', 'aaaaaaaa-2', 'bbbbbbbb-1']);
    expect([...refs.values()].toSorted()).toEqual(['aaaaaaaa-1', 'aaaaaaaa-2', 'bbbbbbbb']);
  });

  test('end for ids of which one begins another', () => {
    expect(shortRefs(['abcdefgh', 'abcdefghi']).get('abcdefghi')).toBe('abcdefghi');
  });
});
