// Tests the filters of list_audit_events that the API does not have.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { World } from '../support/world.ts';
import { everyPageIn, listIn, refs, startListedLog } from '../support/listed-log.ts';

let world: World;
beforeAll(async () => {
  world = await startListedLog();
});
afterAll(() => world.close());

const list = (input: Record<string, unknown>) => listIn(world, input);
const everyPage = (input: Record<string, unknown>) => everyPageIn(world, input);

describe('filters that the API does not have', () => {
  test('a chat is found as entity and in the details, and a message of the same number is not', async () => {
    const answer = await list({ start_time: '2026-11-18', end_time: '2026-11-18', chat_id: '777' });
    expect(refs(answer).toSorted()).toEqual(['chat-ent', 'chat-num', 'chat-tex']);
    expect(answer.notes.join()).toContain('scanned here');
  });

  test.each([
    ['198.51.100.0/24', ['address-v4', 'address-v4-mapped']],
    ['198.51.100.78', ['address-v4-mapped']],
    ['::ffff:198.51.100.77', ['address-v4']],
    ['2001:db8:7::/64', ['address-v6', 'address-v6-long']],
    ['2001:DB8:7::2', ['address-v6-long']],
    ['0.0.0.0/0', ['address-v4', 'address-v4-mapped']],
  ])('%s finds the addresses in it, however they are written', async (address, ids) => {
    const { found } = await everyPage({ start_time: '2026-11-17', end_time: '2026-11-17', ip_address: address });
    expect(found.map(({ id }) => id).toSorted()).toEqual(ids);
  });

  test.each([
    ['02:00-03:00', ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z']],
    ['23:00-02:00', ['2026-10-24T23:30:00Z']],
    ['03:00-24:00', ['2026-10-25T02:30:00Z']],
  ])('%s where the clocks go back: an hour that came twice is in twice', async (hours, ids) => {
    const { found, complete } = await everyPage({
      start_time: '2026-10-24',
      end_time: '2026-10-25',
      time_zone: 'Europe/Berlin',
      time_of_day: hours,
    });
    expect(found.map(({ id }) => id).toSorted()).toEqual(ids);
    expect(complete).toBe(true);
  });

  test('a day of 25 hours is all of it', async () => {
    const { window } = await list({ start_time: '2026-10-25', end_time: '2026-10-25', time_zone: 'Europe/Berlin' });
    expect(window).toEqual({ start_time: '2026-10-25T00:00:00+02:00', end_time: '2026-10-26T00:00:00+01:00' });
  });

  test.each(['actor', 'entity_id', 'entity_type', 'actor_type', 'chat_id', 'ip_address', 'time_of_day', 'start_time'])(
    'an empty %s is refused: as no filter at all it would answer another question',
    async (name) => {
      const error = await world.failure('list_audit_events', { [name]: ' ' });
      expect(error.fields?.map(({ field }) => field)).toEqual([name]);
    },
  );

  test('a type in another case than the log writes is found all the same; an unknown one is named', async () => {
    const answer = await list({ start_time: '2026-11-18', end_time: '2026-11-18', entity_type: 'chat' });
    expect(refs(answer)).toEqual(['chat-ent']);
    const none = await list({ start_time: '2026-11-18', end_time: '2026-11-18', entity_type: 'Channel' });
    expect(none.notes.join()).toContain('"Channel" is none of the known types');
  });
});
