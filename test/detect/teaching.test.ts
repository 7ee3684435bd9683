// Tests what teaches nothing of a person: what others did to them, from their own place, and what no rule judges by where it came from.
import { describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../src/audit/event.ts';
import { runDetectors } from '../../src/detect/engine.ts';
import { LOGIN_DETECTORS } from '../../src/detect/index.ts';
import { RISKY_CHANGE_DETECTORS } from '../../src/detect/risky-changes.ts';
import { act } from './support/changes.ts';
import { DAY, event, history, HOUR, LINUX_FIREFOX, MINUTE, STRANGE, WINDOW } from './support/events.ts';

const thief = { ip: STRANGE, ua: LINUX_FIREFOX };
const takeover = [
  event({ at: 0, ...thief }),
  act({ at: MINUTE, key: 'user_updated', details: { changed_attrs: ['email'] }, ...thief }),
];
const invite = (actor: string, at: number) =>
  act({ at, key: 'user_chat_join', actor, entity: 'Chat:77', details: { inviter_id: 666 }, ...thief });
const judge = (events: readonly AuditEvent[]) =>
  runDetectors(events, {
    detectors: [...RISKY_CHANGE_DETECTORS, ...LOGIN_DETECTORS],
    window: WINDOW,
    lang: 'en',
    readSinceMs: () => -Infinity,
  }).findings;

describe('a takeover is told', () => {
  const toldBy = (events: readonly AuditEvent[]) => judge(events).map(({ rule, also }) => [rule, ...also].join());
  const told = toldBy([...history(), ...takeover]);

  test.each<[string, AuditEvent[]]>([
    ['who had sent one message as the person', [act({ at: -3 * DAY, key: 'message_created', ...thief })]],
    [
      'who had joined a chat as the person',
      [act({ at: -3 * DAY, key: 'user_chat_join', entity: 'Chat:77', details: { inviter_id: null }, ...thief })],
    ],
    ['who had invited the person', [invite('1', -3 * DAY)]],
    ['who had invited five others', ['2', '3', '4', '5', '6'].map((actor, index) => invite(actor, -3 * DAY + index))],
    [
      'who had taken the person out of a tag',
      [
        act({
          at: -3 * DAY,
          key: 'user_removed_from_tag',
          entity: 'GroupTag:5',
          details: { initiator_id: 666 },
          ...thief,
        }),
      ],
    ],
  ])('though it comes from the address of somebody %s', (_what, before) => {
    expect(told).toEqual([expect.stringMatching(/^takeover_chain.*new_network_and_client/u)]);
    expect(toldBy([...history(), ...before, ...takeover])).toEqual(told);
  });
});

test('a role that another changed, from where the person never was, is no activity of the person', () => {
  const role = act({
    at: HOUR,
    key: 'user_role_changed',
    details: { previous_company_role: 'user', new_company_role: 'guest', initiator_id: 666 },
    ...thief,
  });
  const rules = judge([...history(), role]).flatMap(({ rule, also }) => [rule, ...also]);
  expect(rules).not.toContain('activity_without_login');
});
