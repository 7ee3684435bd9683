// Owns what administrators and integrations do in the ordinary course: accounts, tags, tokens, bots, OAuth, DLP.
import { MINUTE_MS } from './calendar.ts';
import { HOSTILE_RULE_NAME, HOSTILE_TAG_NAMES } from './hostile.ts';
import { DEPARTMENTS } from './names.ts';
import { createUser } from './organisation.ts';
import { createPerson, type Person } from './person.ts';
import type { Draft, Source } from './recorder.ts';
import { logIn, type Scene, sourceOf } from './scene.ts';

const QUIET_SCOPES = [
  ['messages:create', 'chats:read'],
  ['chats:read', 'chat_members:read', 'profile:read'],
  ['messages:create', 'files:write', 'uploads:write'],
  ['tasks:read', 'tasks:create'],
] as const;

const OAUTH_CLIENTS = ['wiki.lastochka', 'trello-sync', 'miro-connect'] as const;
const DLP_RULES = [
  { dlp_rule_id: 11, dlp_rule_name: 'Номера банковских карт' },
  { dlp_rule_id: 12, dlp_rule_name: 'Паспортные данные' },
  { dlp_rule_id: 13, dlp_rule_name: HOSTILE_RULE_NAME },
] as const;

/** An administrator at the desk, some time on `day`. */
export function atDesk(scene: Scene, person: Person, day: number): Source {
  return sourceOf(scene, person, 'work', day, scene.whereabouts.place(person, day));
}

export function personnelAdmin(scene: Scene): Person {
  return scene.organisation.admins[0] ?? scene.organisation.owner;
}
export function integrationAdmin(scene: Scene): Person {
  return scene.organisation.admins[1] ?? scene.organisation.owner;
}

/** Somebody new: the account, the tags and chats that go with it, and a first login. The person then works like all others. */
export function hire(scene: Scene, day: number, hour: number): Person {
  const admin = personnelAdmin(scene);
  const from = atDesk(scene, admin, day);
  const id = scene.newId('user');
  const random = scene.random.fork(`hire ${id}`);
  const department = random.pick(DEPARTMENTS);
  const atMs = scene.calendar.at(day, hour);
  const user = createUser(random, { id, role: 'user', department, createdMs: atMs });
  const person = createPerson(user, random, { days: scene.calendar.days, travel: 'none', twoFactorShare: 0.7 });
  person.away = [];
  person.employed = { from: day + 1, to: Number.POSITIVE_INFINITY };
  scene.organisation.people.push(person);
  const actor = admin.user.id;
  const record = scene.recorder.record;
  record({ key: 'user_created', actor, atMs, from, entity: id });
  const details = { initiator_id: actor };
  const tag = random.pick(scene.organisation.tags);
  record({ key: 'user_added_to_tag', actor: id, atMs: atMs + MINUTE_MS, from, entity: tag.id, details });
  for (const [index, chat] of random.sample(scene.organisation.chats.slice(0, 10), random.int(3, 5)).entries()) {
    const invited = { inviter_id: actor };
    const joinedMs = atMs + (2 + index) * MINUTE_MS;
    record({ key: 'user_chat_join', actor: id, atMs: joinedMs, from, entity: chat.id, details: invited });
  }
  logIn(scene, person, sourceOf(scene, person, 'work', day, 'office'), atMs + random.int(20, 200) * MINUTE_MS);
  return person;
}

/** Somebody goes: out of tags and chats, then the account. */
export function dismiss(scene: Scene, person: Person, day: number, hour: number): void {
  const admin = personnelAdmin(scene);
  const from = atDesk(scene, admin, day);
  const atMs = scene.calendar.at(day, hour);
  const details = { initiator_id: admin.user.id };
  const id = person.user.id;
  const tag = scene.random.pick(scene.organisation.tags);
  const record = scene.recorder.record;
  record({ key: 'user_removed_from_tag', actor: id, atMs: atMs - 4 * MINUTE_MS, from, entity: tag.id, details });
  const chat = scene.random.pick(scene.chatsOf(person));
  record({ key: 'user_chat_leave', actor: id, atMs: atMs - 2 * MINUTE_MS, from, entity: chat.id, details });
  record({ key: 'user_deleted', actor: admin.user.id, atMs, from, entity: id });
  person.employed = { ...person.employed, to: day - 1 };
  scene.organisation.people.splice(scene.organisation.people.indexOf(person), 1);
}

/** Somebody who has no part in a story and no office to hold. */
function somebody(scene: Scene): Person {
  return scene.random.pick(scene.organisation.people.slice(14).filter((person) => !scene.cast.has(person.user.id)));
}

type Chore = (scene: Scene, day: number, admin: Person) => Omit<Draft, 'actor' | 'from' | 'atMs'>;
const bot = (scene: Scene): number => scene.random.pick(scene.organisation.bots).user.id;
const tagOf = (scene: Scene): { id: number; name: string } => scene.random.pick(scene.organisation.tags);

/** Chores of the integrations administrator, and how often each comes in a workday of a company of 320. */
const CHORES: readonly (readonly [number, Chore])[] = [
  [0.9, (scene) => ({ key: 'access_token_created', entity: scene.newId('token'), details: quietScopes(scene) })],
  [0.3, (scene) => ({ key: 'access_token_updated', entity: 31_000, details: quietScopes(scene) })],
  [
    0.5,
    (scene) => ({ key: 'access_token_destroy', entity: 31_000 + scene.random.int(0, 40), details: quietScopes(scene) }),
  ],
  [
    0.2,
    (scene) => ({
      key: 'bot_scopes_updated',
      entity: bot(scene),
      details: { added_scopes: ['reactions:write'], removed_scopes: [] },
    }),
  ],
  [
    0.2,
    (scene) => ({ key: 'bot_webhook_settings_updated', entity: bot(scene), details: { changes: quietWebhook(scene) } }),
  ],
  [0.15, (scene, _, admin) => tokenRecreated(bot(scene), admin)],
  [
    0.05,
    (scene, _, admin) => ({
      key: 'bot_deleted',
      entity: 9901,
      details: { bot_id: 9901, actor_id: scene.random.chance(0.8) ? admin.user.id : null },
    }),
  ],
  [0.1, (scene) => ({ key: 'bot_oauth_client_updated', entity: bot(scene), details: quietClient(scene) })],
  [0.35, (scene) => ({ key: 'tag_created', entity: scene.newId('tag'), details: { name: newTag(scene) } })],
  [0.2, (scene) => ({ key: 'tag_deleted', entity: 700 + scene.random.int(0, 20), details: { name: newTag(scene) } })],
  [
    0.6,
    (scene) => ({
      key: 'tag_added_to_chat',
      entity: tagOf(scene).id,
      details: { chat_id: scene.random.pick(scene.organisation.chats).id, tag_name: tagOf(scene).name },
    }),
  ],
  [
    0.4,
    (scene) => ({
      key: 'tag_removed_from_chat',
      entity: tagOf(scene).id,
      details: { chat_id: scene.random.pick(scene.organisation.chats).id },
    }),
  ],
];

const quietScopes = (scene: Scene): Record<string, unknown> => ({ scopes: scene.random.pick(QUIET_SCOPES) });
const newTag = (scene: Scene): string =>
  scene.random.chance(0.12) ? scene.random.pick(HOSTILE_TAG_NAMES) : `Проект ${scene.random.int(100, 999)}`;
const quietWebhook = (scene: Scene): Record<string, unknown> =>
  scene.random.chance(0.5)
    ? { ignore_self_messages: { previous: false, new: true } }
    : { outgoing_url: { previous: 'https://hooks.lastochka.example/v1', new: 'https://hooks.lastochka.example/v2' } };
const quietClient = (scene: Scene): Record<string, unknown> => ({
  client_id: scene.random.pick(OAUTH_CLIENTS),
  changes: { confidential: { previous: false, new: true } },
});
const tokenRecreated: (botId: number, admin: Person) => ReturnType<Chore> = (botId, admin) => ({
  key: 'bot_token_recreated',
  entity: botId,
  details: { bot_id: botId, actor_id: admin.user.id },
});

function doChores(scene: Scene, day: number): void {
  const admin = integrationAdmin(scene);
  const share = scene.organisation.people.length / 320;
  for (const [rate, chore] of CHORES) {
    if (!scene.random.chance(Math.min(0.9, rate * share))) continue;
    const atMs = scene.calendar.at(day, scene.random.between(10, 18));
    scene.recorder.record({ ...chore(scene, day, admin), actor: admin.user.id, atMs, from: atDesk(scene, admin, day) });
  }
}

/** People let known programs in, and throw them out. */
function useOauth(scene: Scene, day: number): void {
  const client_id = scene.random.pick(OAUTH_CLIENTS);
  const person = scene.random.pick(scene.organisation.people.slice(5));
  const from = atDesk(scene, person, day);
  const atMs = scene.calendar.at(day, scene.random.between(10, 18));
  const actor = person.user.id;
  const revoked = scene.random.chance(0.25);
  scene.recorder.record(
    revoked
      ? { key: 'oauth_authorization_revoked', actor, atMs, from, details: { client_id, revoked_tokens_count: 1 } }
      : { key: 'oauth_authorization_granted', actor, atMs, from, details: { client_id, scopes: ['profile:read'] } },
  );
}

/** One rule, one person, now and then: the usual noise of pattern matching. */
function tripDlp(scene: Scene, day: number): void {
  const person = scene.random.pick(scene.organisation.people.slice(5));
  const atMs = scene.calendar.at(day, scene.random.between(10, 18));
  const message_id = scene.messageId(atMs);
  const chat = scene.random.pick(scene.chatsOf(person));
  const details = {
    ...scene.random.pick(DLP_RULES),
    message_id,
    chat_id: chat.id,
    user_id: person.user.id,
    action_message: scene.random.chance(0.6) ? 'Сообщение отправлено на проверку' : null,
    conditions_matched: scene.random.chance(0.8),
  };
  const from = atDesk(scene, person, day);
  scene.recorder.record({
    key: 'dlp_violation_detected',
    actor: person.user.id,
    atMs,
    from,
    entity: message_id,
    details,
  });
}

function changeRole(scene: Scene, day: number): void {
  const admin = personnelAdmin(scene);
  const person = somebody(scene);
  const details = { new_company_role: 'guest', previous_company_role: 'user', initiator_id: admin.user.id };
  const atMs = scene.calendar.at(day, scene.random.between(10, 18));
  const from = atDesk(scene, admin, day);
  scene.recorder.record({
    key: 'user_role_changed',
    actor: admin.user.id,
    atMs,
    from,
    entity: person.user.id,
    details,
  });
}

/** What is done around the company on `day`. Before the people's own day, so that newcomers work from their first. */
export function keepHouse(scene: Scene, day: number): void {
  if (scene.calendar.isWeekend(day)) return;
  const share = scene.organisation.people.length / 320;
  const often = (rate: number): boolean => scene.random.chance(Math.min(0.95, rate * share));
  doChores(scene, day);
  if (often(0.5)) hire(scene, day, scene.random.between(9.5, 12));
  if (often(0.3)) dismiss(scene, somebody(scene), day, scene.random.between(15, 18));
  if (often(1)) useOauth(scene, day);
  for (let left = scene.random.poisson(0.8 * share); left > 0; left -= 1) tripDlp(scene, day);
  if (often(0.05)) changeRole(scene, day);
  if (scene.random.chance(0.04)) lookAtInventory(scene, day);
}

/** A key that came after the reference was written: the owner lists the chats of the workspace. */
function lookAtInventory(scene: Scene, day: number): void {
  const { owner } = scene.organisation;
  const atMs = scene.calendar.at(day, 11) + (day % 7) * MINUTE_MS;
  const from = atDesk(scene, owner, day);
  scene.recorder.record({ key: 'company_chats_accessed', actor: owner.user.id, atMs, from });
}
