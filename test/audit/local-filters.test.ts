// Tests that every filter of a query holds for events that are held here.
import { expect, test } from 'vitest';
import { isAddressOrRange, matchesQuery } from '../../src/audit/local-filters.ts';
import type { AuditQuery } from '../../src/audit/query.ts';
import { sampleEvent, sampleQuery, SAMPLE_START_MS, sampleWindow } from '../support/sample-events.ts';

const event = sampleEvent(0, SAMPLE_START_MS + 22.5 * 3_600_000, {
  event_key: 'tag_added_to_chat',
  entity_id: '7',
  entity_type: 'GroupTag',
  actor_id: '5',
  actor_type: 'User',
  details: { chat_id: 42, tag_name: 'x' },
  ip_address: '203.0.113.9',
});
const isMatch = (filters: Partial<AuditQuery>, change = {}) =>
  matchesQuery({ ...event, ...change }, sampleQuery(sampleWindow(1), filters));

test.each<[string, Partial<AuditQuery>, Partial<AuditQuery>]>([
  ['event key', { eventKeys: ['user_login', 'tag_added_to_chat'] }, { eventKeys: ['user_login'] }],
  ['actor', { actorId: '5' }, { actorId: '6' }],
  ['actor type', { actorType: 'User' }, { actorType: 'Bot' }],
  ['entity', { entityId: '7' }, { entityId: '42' }],
  ['entity type', { entityType: 'GroupTag' }, { entityType: 'Chat' }],
  ['chat in the details', { chatId: '42' }, { chatId: '7' }],
  ['address', { ipAddress: '203.0.113.9' }, { ipAddress: '203.0.113.8' }],
  ['range', { ipAddress: '203.0.113.0/28' }, { ipAddress: '203.0.113.16/28' }],
  ['range of IPv4 written as IPv6', { ipAddress: '::ffff:203.0.113.0/120' }, { ipAddress: '2001:db8::/32' }],
])('%s', (_name, passing, failing) => {
  expect([isMatch(passing), isMatch(failing), isMatch({ ...passing, ...failing })]).toEqual([true, false, false]);
});

test('the chat may be the entity, but no other entity with its number', () => {
  expect(isMatch({ chatId: '7' }, { entity_type: 'Chat', details: null })).toBe(true);
  expect(isMatch({ chatId: '7' }, { details: null })).toBe(false);
});

test('no address is in no range, and IPv6 in its own', () => {
  expect(isMatch({ ipAddress: '0.0.0.0/0' }, { ip_address: null })).toBe(false);
  expect(isMatch({ ipAddress: '0.0.0.0/0' }, { ip_address: 'nonsense' })).toBe(false);
  expect(isMatch({ ipAddress: '2001:db8::/32' }, { ip_address: '2001:DB8:0::1' })).toBe(true);
  expect(isMatch({ ipAddress: '2001:db8::1' }, { ip_address: '2001:db8:0:0:0:0:0:1' })).toBe(true);
});

test.each(['203.0.113.9', '203.0.113.0/24', '2001:db8::1', '2001:db8::/32', '::ffff:10.0.0.0/104', '0.0.0.0/0'])(
  '%s is an address or a range',
  (text) => expect(isAddressOrRange(text)).toBe(true),
);

// To the library each is an address: 192.0.0.168, 0.0.0.10, 8.1.2.3, …
test.each(['192.168', '192.168/16', '10', '10/8', '10.1', '010.1.2.3', '0x0a000005', '203.0.113', '203.0.113.*', ''])(
  '"%s" is none, rather than another one than it looks like',
  (text) => {
    expect(isAddressOrRange(text)).toBe(false);
    expect(isMatch({ ipAddress: '0.0.0.0/0' }, { ip_address: text })).toBe(false);
  },
);

test('hours of the day are local, half-open, and may wrap over midnight', () => {
  const hours = (from: number, to: number, timeZone = 'UTC') =>
    isMatch({ timeZone, timeOfDay: { fromMinute: from * 60, toMinute: to * 60 } });
  expect([hours(22, 6), hours(22, 23), hours(23, 6), hours(6, 22)]).toEqual([true, true, false, false]);
  expect([hours(22, 23, 'Europe/Moscow'), hours(1, 2, 'Europe/Moscow')]).toEqual([false, true]);
  expect(isMatch({ timeOfDay: { fromMinute: 1320, toMinute: 1350 } })).toBe(false);
  expect(isMatch({ timeOfDay: { fromMinute: 1350, toMinute: 1351 } })).toBe(true);
});
