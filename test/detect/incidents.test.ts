// Tests which signals are one incident: those of one person, and those of one strange source, but not those of one office.
import { expect, test } from 'vitest';
import { act, judge, several } from './support/changes.ts';
import { detect, event, history, HOUR, MINUTE, OFFICE, SECOND, STRANGE } from './support/events.ts';

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
