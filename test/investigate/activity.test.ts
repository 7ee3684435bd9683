// Tests what a person's own events are counted as: by key, by local hour, by network and by client.
import { describe, expect, test } from 'vitest';
import { createActivity } from '../../src/investigate/activity.ts';
import { eventAt, NOW_MS } from '../support/api-log.ts';

const MINUTE_MS = 60_000;
const CHROME = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/138.0.0.0 Safari/537.36';

/** An event so many minutes after noon in UTC. */
function at(minutes: number, change: Parameters<typeof eventAt>[2] = {}) {
  return eventAt(NOW_MS + minutes * MINUTE_MS, minutes, { event_key: 'message_created', ...change });
}

function activityOf(events: readonly ReturnType<typeof at>[], timeZone = 'UTC') {
  const activity = createActivity(timeZone);
  for (const event of events) activity.observe(event);
  return activity.result();
}

describe('the activity of a person', () => {
  test('is nothing where there are no events, and has no first and last time then', () => {
    expect(activityOf([])).toMatchObject({ events: 0, logins: 0, failed_2fa: 0, networks: [], clients: [] });
    expect(activityOf([])).not.toHaveProperty('firstMs');
    expect(activityOf([])).not.toHaveProperty('lastMs');
  });

  test('counts keys, the most frequent first and then by name, from the first event to the last', () => {
    const keys = ['user_logout', 'user_login', 'user_2fa_fail', 'user_login', 'chat_created'];
    const found = activityOf(keys.map((event_key, minutes) => at(minutes, { event_key })));
    expect(Object.entries(found.by_event_key)).toEqual([
      ['user_login', 2],
      ['chat_created', 1],
      ['user_2fa_fail', 1],
      ['user_logout', 1],
    ]);
    expect(found).toMatchObject({ events: 5, logins: 2, failed_2fa: 1 });
    expect([found.firstMs, found.lastMs]).toEqual([NOW_MS, NOW_MS + 4 * MINUTE_MS]);
  });

  test('counts hours of the clock on the wall', () => {
    const hours = (timeZone: string) => activityOf([at(0), at(59), at(60)], timeZone).hours;
    expect([hours('UTC')[12], hours('UTC')[13]]).toEqual([2, 1]);
    expect([hours('Asia/Kolkata')[17], hours('Asia/Kolkata')[18]]).toEqual([1, 2]);
  });

  test('knows of a network its newest three addresses, its logins and both ends of its use', () => {
    const visits = [1, 2, 3, 1, 4].map((host, minutes) =>
      at(minutes, { ip_address: `203.0.113.${host}`, event_key: minutes === 1 ? 'user_login' : 'message_created' }),
    );
    const { networks } = activityOf(visits);
    expect(networks).toHaveLength(1);
    expect(networks[0]).toMatchObject({ name: '203.0.113.0/24', events: 5, logins: 1 });
    expect([networks[0]?.firstMs, networks[0]?.lastMs]).toEqual([NOW_MS, NOW_MS + 4 * MINUTE_MS]);
    expect([...(networks[0]?.addresses ?? [])]).toEqual(['203.0.113.3', '203.0.113.1', '203.0.113.4']);
  });

  test('tells networks and clients by their newest use, and by name where that is the same', () => {
    const from = (minutes: number, third: number) => at(minutes, { ip_address: `198.51.${third}.1` });
    const { networks, clients } = activityOf([from(0, 9), from(1, 7), from(1, 8), from(2, 9)]);
    expect(networks.map(({ name }) => name)).toEqual(['198.51.9.0/24', '198.51.7.0/24', '198.51.8.0/24']);
    expect(clients.map(({ events, addresses }) => [events, addresses.size])).toEqual([[4, 0]]);
  });

  test('says of an event whether it is the first from its network or with its client', () => {
    const activity = createActivity('UTC');
    const first = [
      at(0),
      at(1),
      at(2, { ip_address: '198.51.100.1' }),
      at(3, { user_agent: CHROME }),
      at(4, { ip_address: '198.51.100.2', user_agent: CHROME }),
      at(5, { ip_address: null, user_agent: null }),
    ].map((event) => activity.observe(event));
    expect(first).toEqual([true, false, true, true, false, false]);
  });

  test('counts keys beyond two hundred as one, those that it knows go on', () => {
    const keys = Array.from({ length: 203 }, (_, index) => `key_${index}`);
    const { by_event_key: byKey } = activityOf([...keys, 'key_0'].map((event_key, at_) => at(at_, { event_key })));
    expect(Object.keys(byKey)).toHaveLength(201);
    expect([byKey['other'], byKey['key_0']]).toEqual([3, 2]);
  });
});
