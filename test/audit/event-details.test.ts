// Tests how details of an event are read, whatever types and names come.
import { describe, expect, test } from 'vitest';
import {
  changeIn,
  chatOf,
  flagIn,
  idIn,
  initiatorOf,
  listIn,
  numberIn,
  textIn,
} from '../../src/audit/event-details.ts';
import type { AuditEvent } from '../../src/audit/event.ts';

const event = (details: unknown, fields: Partial<AuditEvent> = {}): AuditEvent => ({
  id: '1',
  created_at: '2026-03-10T09:00:00.000Z',
  event_key: 'user_login',
  actor_id: '7',
  details,
  ...fields,
});

describe('details of an event', () => {
  test('ids are strings whether they came as numbers or as strings', () => {
    expect(idIn(event({ user_id: 5 }), 'user_id')).toBe('5');
    expect(idIn(event({ user_id: '5' }), 'user_id')).toBe('5');
  });

  test.each([undefined, null, [], ['value'], 'value', 7, {}, { value: null }, { value: [] }, { value: {} }])(
    'nothing is read out of %j',
    (details) => {
      const one = event(details);
      expect([idIn, textIn, numberIn, flagIn].map((read) => read(one, 'value'))).toEqual(Array(4).fill(undefined));
      expect(listIn(one, 'value')).toEqual([]);
      expect(changeIn(one, 'value')).toBeUndefined();
    },
  );

  test('values of another type than asked for are not read', () => {
    const one = event({ value: 'true', number: 5, list: ['a', 5, null, 'b'] });
    expect(flagIn(one, 'value')).toBeUndefined();
    expect(numberIn(one, 'value')).toBeUndefined();
    expect(textIn(one, 'number')).toBeUndefined();
    expect(listIn(one, 'list')).toEqual(['a', 'b']);
    expect(listIn(one, 'value')).toEqual(['true']);
  });

  test('a change is read with what was and what is, and from no inherited name', () => {
    const one = event({ changes: { outgoing_url: { previous: null, new: 'https://a.example/' }, odd: 'text' } });
    expect(changeIn(one, 'outgoing_url')).toEqual({ previous: null, now: 'https://a.example/' });
    expect(changeIn(one, 'odd')).toBeUndefined();
    expect(changeIn(one, 'constructor')).toBeUndefined();
  });

  test('an initiator goes before an inviter, and both before the actor', () => {
    expect(initiatorOf(event({ initiator_id: 1, inviter_id: 2 }))).toBe('1');
    expect(initiatorOf(event({ inviter_id: 2 }))).toBe('2');
    expect(initiatorOf(event({ inviter_id: null }))).toBe('7');
    expect(initiatorOf(event(null, { actor_id: null }))).toBeUndefined();
  });

  test('a chat is the entity or stands in the details', () => {
    expect(chatOf(event({}, { entity_type: 'Chat', entity_id: '9' }))).toBe('9');
    expect(chatOf(event({ chat_id: 8 }, { entity_type: 'Message', entity_id: '9' }))).toBe('8');
    expect(chatOf(event({}))).toBeUndefined();
  });
});
