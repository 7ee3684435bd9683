// Tests which signals are one incident: those of one person, and those of one strange source, but not those of one office.
import { describe, expect, test } from 'vitest';
import { act, judge, several } from './support/changes.ts';
import { detect, event, history, HOUR, LINUX_FIREFOX, MINUTE, OFFICE, SECOND, STRANGE } from './support/events.ts';

/** Three people do three different things from one address, hours apart. */
const changes = [
  act({
    at: 0,
    key: 'chat_permission_changed',
    actor: '2',
    ip: OFFICE,
    entity: 'Chat:900',
    details: { public_access: true },
  }),
  ...several(10, SECOND, (index) => ({
    at: 5 * HOUR + index * SECOND,
    key: 'dlp_violation_detected',
    actor: '3',
    ip: OFFICE,
    entity: `Message:${index}`,
    details: { dlp_rule_id: 7, user_id: 3, conditions_matched: true },
  })),
  ...several(150, SECOND, (index) => ({
    at: 10 * HOUR + index * SECOND,
    key: 'message_deleted',
    actor: '4',
    ip: OFFICE,
    entity: `Message:${500 + index}`,
  })),
];

test.each([undefined, ['chat_made_public', 'dlp_accumulation', 'destruction_burst'] as const])(
  'what three people did from one address is told of each, whether their logins were read or not (%s)',
  (rules) => {
    const { findings } = judge(changes, rules);
    const told = findings.map(({ rule, actor_ids: actors }) => `${rule} ${actors.join()}`).toSorted();
    expect(told).toEqual(['chat_made_public 2', 'destruction_burst 4', 'dlp_accumulation 3']);
  },
);

const failures = (actor: string, at: number, ip: string) =>
  Array.from({ length: 6 }, (_, index) => event({ at: at + index * MINUTE, key: 'user_2fa_fail', actor, ip }));

test('what two people met from one strange address within a day is one incident', () => {
  const { findings } = detect(
    [...failures('1', 0, STRANGE), ...failures('2', 6 * HOUR, STRANGE)],
    ['failed_2fa_burst'],
  );
  expect(findings.map(({ actor_ids: actors }) => actors)).toEqual([['1', '2']]);
});

test('where they work it is one of each', () => {
  const colleagues = ['1', '2'].flatMap((actor) => history({ actor, ip: OFFICE }));
  const events = [...colleagues, ...failures('1', 0, OFFICE), ...failures('2', 6 * HOUR, OFFICE)];
  const { findings } = detect(events, ['failed_2fa_burst']);
  expect(findings.map(({ actor_ids: actors }) => actors.join()).toSorted()).toEqual(['1', '2']);
});

describe('a spray over a hundred accounts', () => {
  const spray = Array.from({ length: 100 }, (_, index) =>
    event({ at: index * 20 * SECOND, key: 'user_2fa_fail', actor: String(100 + index), ip: STRANGE }),
  );
  const people = ['190', '191', '192'];
  const known = people.flatMap((actor) => history({ actor, ip: OFFICE }));

  const from = (ip: string, at: number) =>
    people.map((actor, index) => event({ at: at + index * MINUTE, actor, ip, ua: LINUX_FIREFOX }));

  test('is not what comes to some of them from elsewhere on the same day', () => {
    const { findings } = detect([
      ...known,
      ...spray,
      ...from(STRANGE, 40 * MINUTE),
      ...from('45.95.105.80', 10 * HOUR),
    ]);
    const told = findings.map(({ rule, ip_addresses: ips }) => `${rule} ${ips.join()}`).toSorted();
    expect(told).toEqual([`one_source_many_accounts ${STRANGE}`, 'one_source_many_accounts 45.95.105.80'].toSorted());
  });

  test('names those who got in before all who did not', () => {
    const { findings } = detect([...known, ...spray, ...from(STRANGE, 40 * MINUTE)]);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.actor_ids).toHaveLength(50);
    expect(findings[0]?.actor_ids).toEqual(expect.arrayContaining(people));
    expect(findings[0]?.why).toContain('actor_ids names 50 of 100, those who got in first');
  });
});

test('what grows event by event is one incident, without addresses too', () => {
  const grants = Array.from({ length: 12 }, (_, index) =>
    act({
      at: index * MINUTE,
      key: 'oauth_authorization_granted',
      actor: String(100 + index),
      ip: '',
      details: { client_id: 'viewer', scopes: ['messages:read'] },
    }),
  );
  const { findings } = judge(grants, ['integration_trust_change'], { readSinceMs: () => -Infinity });
  expect(findings.map(({ event_count: count }) => count)).toEqual([12]);
});
