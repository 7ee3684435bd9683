// Tests counting by one or two dimensions: what a group holds, how groups are ordered, where hours fall.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAggregation, DIMENSIONS, type AggregationOptions } from '../src/aggregate.ts';
import type { AuditEvent } from '../src/audit/event.ts';

const T0 = Date.parse('2026-03-10T09:00:00.000Z');
const HOUR = 3_600_000;
const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36';

let ids = 0;
function event(fields: Partial<AuditEvent> & { at?: number } = {}): AuditEvent {
  const { at = 0, ...rest } = fields;
  ids += 1;
  return {
    id: `e${ids}`,
    created_at: new Date(T0 + at).toISOString(),
    event_key: 'user_login',
    entity_id: '1',
    entity_type: 'User',
    actor_id: '1',
    actor_type: 'User',
    details: null,
    ip_address: '203.0.113.7',
    user_agent: CHROME,
    ...rest,
  };
}

function aggregate(
  events: readonly AuditEvent[],
  groupBy: AggregationOptions['groupBy'],
  options: Partial<AggregationOptions> & { top?: number } = {},
) {
  const { top = 20, ...rest } = options;
  const aggregation = createAggregation({ groupBy, timeZone: 'Europe/Moscow', ...rest });
  aggregation.push(events);
  return aggregation.result(top);
}

describe('createAggregation', () => {
  test('no events are no groups', () => {
    expect(aggregate([], ['event_key'])).toEqual({
      groups: [],
      omitted_groups: 0,
      total: 0,
      ungrouped_events: 0,
      distinct_exact: true,
    });
  });

  test('a group holds its events, distinct people and addresses, and its first and last time in the zone', () => {
    const events = [
      event({ at: HOUR, actor_id: '2' }),
      event({ at: 0 }),
      event({ at: 2 * HOUR + 5, ip_address: null }),
      event({ at: HOUR, event_key: 'user_logout', ip_address: '203.0.113.8' }),
    ];
    expect(aggregate(events, ['event_key']).groups).toEqual([
      {
        key: { event_key: 'user_login' },
        events: 3,
        actors: 2,
        ip_addresses: 1,
        first_at: '2026-03-10T12:00:00+03:00',
        last_at: '2026-03-10T14:00:00.005+03:00',
      },
      {
        key: { event_key: 'user_logout' },
        events: 1,
        actors: 1,
        ip_addresses: 1,
        first_at: '2026-03-10T13:00:00+03:00',
        last_at: '2026-03-10T13:00:00+03:00',
      },
    ]);
  });

  test('each dimension reads what it is named after', () => {
    const one = event({
      event_key: 'kms_decrypt',
      entity_id: '55',
      entity_type: 'Message',
      actor_id: '7',
      details: { chat_id: 90, message_id: 55 },
    });
    const values = DIMENSIONS.map((dimension) => aggregate([one], [dimension]).groups[0]?.key[dimension]);
    expect(Object.fromEntries(DIMENSIONS.map((dimension, index) => [dimension, values[index]]))).toEqual({
      event_key: 'kms_decrypt',
      event_group: 'encryption',
      actor: '7',
      ip_address: '203.0.113.7',
      client: 'Chrome on Windows',
      entity: 'Message:55',
      chat: '90',
      initiator: '7',
      hour: '2026-03-10T12:00:00+03:00',
      day: '2026-03-10',
      hour_of_day: 12,
    });
  });

  test('a chat is the entity or stands in the details, and an initiator goes before an inviter and the actor', () => {
    const opened = event({ entity_type: 'Chat', entity_id: '90' });
    const tagged = event({ entity_type: 'GroupTag', entity_id: '3', details: { chat_id: 90 } });
    expect(aggregate([opened, tagged], ['chat']).groups).toMatchObject([{ key: { chat: '90' }, events: 2 }]);

    const initiated = event({ details: { initiator_id: 5, inviter_id: 6 } });
    const invited = event({ details: { inviter_id: 6 } });
    const alone = event({ details: { inviter_id: null } });
    expect(aggregate([initiated, invited, alone], ['initiator']).groups.map(({ key }) => key)).toEqual([
      { initiator: '1' },
      { initiator: '5' },
      { initiator: '6' },
    ]);
  });

  test('a dimension that events do not have is left out of the key, and their group is still counted', () => {
    const { groups } = aggregate(
      [event({ actor_id: null }), event({ event_key: 'brand_new', user_agent: null })],
      ['event_group', 'actor'],
    );
    expect(groups.map(({ key }) => key)).toEqual([{ actor: '1' }, { event_group: 'auth' }]);
    expect(aggregate([event({ user_agent: '  ' })], ['client']).groups[0]?.key).toEqual({});
  });

  test('groups are sorted by events, then by key, numbers as numbers', () => {
    const events = [10, 9, 11, 11].map((hour) => event({ at: (hour - 12) * HOUR }));
    const { groups, omitted_groups: omitted } = aggregate(events, ['hour_of_day'], { top: 2 });
    expect(groups.map(({ key }) => key)).toEqual([{ hour_of_day: 11 }, { hour_of_day: 9 }]);
    expect(omitted).toBe(1);
  });

  test('where clocks are set by half an hour, an hour is told by the clock of its events', () => {
    const events = ['2026-10-03T15:10:00Z', '2026-10-03T15:40:00Z', '2026-10-03T16:10:00Z'].map((at) =>
      event({ created_at: at }),
    );
    const { groups } = aggregate(events, ['hour'], { timeZone: 'Australia/Lord_Howe' });
    expect(groups.map(({ key, events: count }) => [key.hour, count])).toEqual([
      ['2026-10-04T01:00:00+10:30', 1],
      ['2026-10-04T02:00:00+11:00', 1],
      ['2026-10-04T03:00:00+11:00', 1],
    ]);
  });

  test('where clocks jump in the middle of an hour, the hours before and after stay apart', () => {
    const events = ['2026-09-26T13:45:00Z', '2026-09-26T14:05:00Z'].map((at) => event({ created_at: at }));
    const { groups } = aggregate(events, ['hour'], { timeZone: 'Pacific/Chatham' });
    expect(groups.map(({ key }) => key.hour)).toEqual(['2026-09-27T02:00:00+12:45', '2026-09-27T03:00:00+13:45']);
  });

  test('where clocks are set back, the two hours of one name stay apart', () => {
    const autumn = Date.parse('2026-10-25T00:30:00Z') - T0;
    const events = [event({ at: autumn }), event({ at: autumn + HOUR })];
    const { groups } = aggregate(events, ['hour'], { timeZone: 'Europe/Berlin' });
    expect(groups.map(({ key }) => key)).toEqual([
      { hour: '2026-10-25T02:00:00+01:00' },
      { hour: '2026-10-25T02:00:00+02:00' },
    ]);
  });

  test('texts that look like two values at once never share a group', () => {
    const events = [
      event({ actor_id: 'a', ip_address: 'b:c' }),
      event({ actor_id: 'a:b', ip_address: 'c' }),
      event({ actor_id: 'a\u0000b', ip_address: 'c' }),
      event({ actor_id: 'a', ip_address: 'b\u0000c' }),
    ];
    expect(aggregate(events, ['actor', 'ip_address']).groups).toHaveLength(4);
  });

  test('events beyond the greatest number of groups are in the total and said to be in no group', () => {
    const events = ['1', '2', '3', '1', '3'].map((actor) => event({ actor_id: actor }));
    const result = aggregate(events, ['actor'], { maxGroups: 2 });
    expect(result.groups.map(({ key, events: count }) => [key.actor, count])).toEqual([
      ['1', 2],
      ['2', 1],
    ]);
    expect(result).toMatchObject({ total: 5, ungrouped_events: 2, omitted_groups: 0 });
  });

  test('distinct counts are exact up to their bound, and said not to be beyond it', () => {
    const events = ['1', '2', '3'].map((actor) => event({ actor_id: actor, ip_address: null }));
    expect(aggregate(events, ['event_key'], { maxDistinct: 3 })).toMatchObject({
      groups: [{ actors: 3 }],
      distinct_exact: true,
    });
    expect(aggregate(events, ['event_key'], { maxDistinct: 2 })).toMatchObject({
      groups: [{ actors: 2, events: 3 }],
      distinct_exact: false,
    });
    // Who is known already takes no room.
    const again = [...events.slice(0, 2), ...events.slice(0, 2)];
    expect(aggregate(again, ['event_key'], { maxDistinct: 2 })).toMatchObject({
      groups: [{ actors: 2, events: 4 }],
      distinct_exact: true,
    });
  });

  test('the order of events and of their batches changes nothing, and groups add up to the total', () => {
    const some = fc.record({
      at: fc.integer({ min: 0, max: 72 }).map((hours) => hours * HOUR),
      event_key: fc.constantFrom('user_login', 'message_created', 'unknown_key'),
      actor_id: fc.constantFrom('1', '2', null),
      ip_address: fc.constantFrom('203.0.113.7', '2001:db8::1', null),
    });
    const groupBy = fc.constantFrom(...DIMENSIONS);
    const specsInTwoOrders = fc
      .array(some)
      .map((specs) => specs.map((spec) => event(spec)))
      .chain((events) => fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })));
    fc.assert(
      fc.property(specsInTwoOrders, groupBy, groupBy, ([events, shuffled], first, second) => {
        const batched = createAggregation({ groupBy: [first, second], timeZone: 'Asia/Kathmandu' });
        for (const one of shuffled) batched.push([one]);
        const whole = aggregate(events, [first, second], { timeZone: 'Asia/Kathmandu', top: 1000 });
        expect(batched.result(1000)).toEqual(whole);
        expect(whole.groups.reduce((sum, group) => sum + group.events, 0)).toBe(events.length);
      }),
    );
  });
});
