// Checks that asked about one person, the rules say of them what they say of them asked about everybody, whoever else had a hand in it.
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import type { SimEvent } from '../../src/simulator/model.ts';
import { simEvent, type SimSpec } from '../support/sim-events.ts';
import { stillClock } from '../support/still-clock.ts';
import { startWorld } from '../support/world.ts';

const NOW_MS = Date.parse('2026-11-20T12:00:00Z');
const HOUR_MS = 3_600_000;
const PERSON = '11';

const answerSchema = z.object({
  findings: z.array(
    z.object({
      rule: z.string(),
      severity: z.string(),
      actor_ids: z.array(z.string()),
      event_count: z.number(),
      why: z.string(),
    }),
  ),
  notes: z.array(z.string()),
});

const at = (hoursAgo: number, spec: Omit<SimSpec, 'atMs'>): SimEvent =>
  simEvent({ ...spec, atMs: NOW_MS - hoursAgo * HOUR_MS });
const access = (hoursAgo: number, actor: string, isPublic: boolean) =>
  at(hoursAgo, { key: 'chat_permission_changed', actor, entity: 'Chat:501', details: { public_access: isPublic } });
/** The log has the person whose role it is as the actor; who changed it stands in the details. */
const role = (hoursAgo: number, target: string, initiator: number, now: string, before: string) =>
  at(hoursAgo, {
    key: 'user_role_changed',
    actor: target,
    details: { new_company_role: now, previous_company_role: before, initiator_id: initiator },
  });
const SENSITIVE = ['users:read', 'messages:read'];
const token = (hoursAgo: number, key: string, actor: string, scopes: string[]) =>
  at(hoursAgo, { key, actor, entity: 'AccessToken:71', details: { scopes } });
const violation = (minutesAgo: number, dlpRule: number) =>
  at(minutesAgo / 60, {
    key: 'dlp_violation_detected',
    actor: '0',
    entity: `Message:${minutesAgo}`,
    details: { user_id: Number(PERSON), dlp_rule_id: dlpRule, conditions_matched: true },
  });
const decryption = (hoursAgo: number, actor: string, reason: string) =>
  at(hoursAgo, {
    key: 'kms_decrypt',
    actor,
    entity: `Message:${hoursAgo}`,
    details: { chat_id: 1, message_id: 1, reason },
  });

test.each<[string, SimEvent[], readonly string[]]>([
  ['gave a role', [role(5, '12', 11, 'admin', 'user')], ['privilege_escalation high']],
  [
    'demoted administrators',
    [role(9, PERSON, 1, 'admin', 'user'), role(5, '13', 11, 'user', 'admin'), role(4.9, '14', 11, 'user', 'admin')],
    ['new_admin_purge high'],
  ],
  [
    'got a token that another widened',
    [token(200, 'access_token_created', PERSON, ['users:read']), token(5, 'access_token_updated', '12', SENSITIVE)],
    ['sensitive_token high'],
  ],
  [
    'widened the token of another',
    [token(200, 'access_token_created', '12', ['users:read']), token(5, 'access_token_updated', PERSON, SENSITIVE)],
    ['sensitive_token high'],
  ],
  [
    'opened a chat that another closed',
    [access(5, PERSON, true), access(4.8, '12', false)],
    ['chat_made_public critical'],
  ],
  [
    'opened a chat again that another had closed',
    [access(15, PERSON, true), access(10, '12', false), access(5, PERSON, true)],
    ['chat_made_public high'],
  ],
  ['opened a chat that was open already', [access(15, '12', true), access(5, PERSON, true)], []],
  [
    'violated a rule, as another account noted',
    [1, 2, 3, 4, 5].map((minute) => violation(minute, minute)),
    ['dlp_accumulation high'],
  ],
  [
    'decrypted for a reason that is usual in the company',
    [
      ...Array.from({ length: 20 }, (_, index) => decryption(30 + index, String(20 + (index % 5)), 'indexing')),
      decryption(400, PERSON, 'other'),
      decryption(3, PERSON, 'indexing'),
    ],
    [],
  ],
])('%s', async (_what, events, expected) => {
  const world = await startWorld({ simulator: { events, now: () => NOW_MS }, clock: stillClock(NOW_MS) });
  onTestFinished(() => world.close());
  const ask = async (tool: string, input: Record<string, unknown>) =>
    answerSchema.parse(await world.call(tool, { start_time: 'now-24h', ...input }));
  const ofAll = (await ask('find_risky_changes', {})).findings.filter(({ actor_ids: ids }) => ids.includes(PERSON));
  expect(ofAll.map(({ rule, severity }) => `${rule} ${severity}`).toSorted()).toEqual(expected);
  // Who closed a chat again put it right.
  const openers = ofAll.filter(({ rule }) => rule === 'chat_made_public').flatMap(({ actor_ids: ids }) => ids);
  expect(openers.filter((id) => id !== PERSON)).toEqual([]);
  const ofOne = await ask('find_risky_changes', { actor: PERSON });
  expect(ofOne.findings).toEqual(ofAll);
  expect(ofOne.notes.filter((note) => note.startsWith('Asked about one actor'))).toHaveLength(ofAll.length > 0 ? 1 : 0);
  const { findings } = await ask('investigate_actor', { actor: PERSON });
  expect(findings).toEqual(ofAll);
});

test('where one administrator changed many roles, the finding is of the person who was asked about', async () => {
  const events = [
    role(6, PERSON, 1, 'user', 'guest'),
    role(5, '12', 1, 'admin', 'user'),
    role(4, '13', 1, 'admin', 'user'),
  ];
  const world = await startWorld({ simulator: { events, now: () => NOW_MS }, clock: stillClock(NOW_MS) });
  onTestFinished(() => world.close());
  const ask = async (input: Record<string, unknown>) =>
    answerSchema.parse(await world.call('find_risky_changes', { start_time: 'now-24h', ...input })).findings;
  const [ofOne, ...others] = await ask({ actor: PERSON });
  expect([ofOne?.severity, others]).toEqual(['low', []]);
  expect(ofOne?.why).toContain(`Actor 1 gave ${PERSON} the role user.`);
  const [ofAll] = await ask({});
  expect(ofAll?.severity).toBe('high');
  expect(ofAll?.why).toContain('This is the worst of 3 such things in this finding');
});

test('thousands of new chats leave changes of roles to be read, and it is said which rule did not see all', async () => {
  const chats = Array.from({ length: 4000 }, (_, index) =>
    at(20 - index / 400, { key: 'chat_created', actor: '12', entity: `Chat:${index}` }),
  );
  const events = [...chats, role(5, '12', 11, 'admin', 'user')];
  const world = await startWorld({ simulator: { events, now: () => NOW_MS }, clock: stillClock(NOW_MS) });
  onTestFinished(() => world.close());
  const answer = await world.call('find_risky_changes', { start_time: 'now-24h', actor: PERSON });
  expect(answer).toMatchObject({ findings: [{ rule: 'privilege_escalation' }] });
  const { rules } = z
    .object({ rules: z.object({ skipped: z.array(z.object({ rule: z.string(), reason: z.string() })) }) })
    .parse(answer);
  const cut = rules.skipped.filter(({ reason }) => reason.includes('not read whole'));
  expect(cut).toMatchObject([{ rule: 'chat_made_public', reason: expect.stringContaining('chat_created (budget)') }]);
});
