// Owns what administrators and integrations do in the ordinary course: tokens, bots, OAuth, tags, DLP, roles.
import { MINUTE_MS } from './calendar.ts';
import { HOSTILE_RULE_NAME } from './hostile.ts';
import type { Chat, Tag } from './organisation.ts';
import { atDesk, dismiss, hire, integrationAdmin, personnelAdmin, somebody } from './personnel.ts';
import type { Draft } from './recorder.ts';
import { chosenName, type Scene } from './scene.ts';

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

const botId = (scene: Scene): number => scene.random.pick(scene.organisation.bots).user.id;
const someTag = (scene: Scene): Tag => scene.random.pick(scene.organisation.tags);
const someChat = (scene: Scene): Chat => scene.random.pick(scene.organisation.chats);
const quietScopes = (scene: Scene): Record<string, unknown> => ({ scopes: scene.random.pick(QUIET_SCOPES) });
const newTag = (scene: Scene): string => chosenName(scene, 'tag_name', `Проект ${scene.random.int(100, 999)}`);
const quietWebhook = (scene: Scene): Record<string, unknown> =>
  scene.random.chance(0.5)
    ? { ignore_self_messages: { previous: false, new: true } }
    : { outgoing_url: { previous: 'https://hooks.lastochka.example/v1', new: 'https://hooks.lastochka.example/v2' } };

type Act = Omit<Draft, 'actor' | 'from' | 'atMs'>;

/** What the administrator of integrations does. */
const ADMINISTERS: readonly (readonly [number, (scene: Scene, adminId: number) => Act])[] = [
  [0.9, (scene) => ({ key: 'access_token_created', entity: scene.newId('token'), details: quietScopes(scene) })],
  [0.3, (scene) => ({ key: 'access_token_updated', entity: 31_000, details: quietScopes(scene) })],
  [0.5, (scene) => ({ key: 'access_token_destroy', entity: 31_000, details: quietScopes(scene) })],
  [0.2, (scene) => ({ key: 'bot_scopes_updated', entity: botId(scene), details: QUIET_BOT_SCOPES })],
  [
    0.2,
    (scene) => ({
      key: 'bot_webhook_settings_updated',
      entity: botId(scene),
      details: { changes: quietWebhook(scene) },
    }),
  ],
  [0.15, (scene, actor_id) => botAct('bot_token_recreated', botId(scene), actor_id)],
  [0.05, (scene, actor_id) => botAct('bot_deleted', scene.newId('bot'), scene.random.chance(0.8) ? actor_id : null)],
  [0.1, (scene) => ({ key: 'bot_oauth_client_updated', entity: botId(scene), details: quietClient(scene) })],
  [0.35, (scene) => ({ key: 'tag_created', entity: scene.newId('tag'), details: { name: newTag(scene) } })],
  [0.2, (scene) => ({ key: 'tag_deleted', entity: 700, details: { name: newTag(scene) } })],
  [
    0.6,
    (scene) =>
      tagAct('tag_added_to_chat', someTag(scene), { chat_id: someChat(scene).id, tag_name: someTag(scene).name }),
  ],
  [0.4, (scene) => tagAct('tag_removed_from_chat', someTag(scene), { chat_id: someChat(scene).id })],
];
const QUIET_BOT_SCOPES = { added_scopes: ['reactions:write'], removed_scopes: [] };

const quietClient = (scene: Scene): Record<string, unknown> => ({
  client_id: scene.random.pick(OAUTH_CLIENTS),
  changes: { confidential: { previous: false, new: true } },
});

function botAct(key: 'bot_token_recreated' | 'bot_deleted', bot_id: number, actor_id: number | null): Act {
  return { key, entity: bot_id, details: { bot_id, actor_id } };
}

function tagAct(key: 'tag_added_to_chat' | 'tag_removed_from_chat', tag: Tag, details: Record<string, unknown>): Act {
  return { key, entity: tag.id, details };
}

const officeHour = (scene: Scene, day: number): number => scene.calendar.at(day, scene.random.between(10, 18));

const administer =
  (act: (scene: Scene, adminId: number) => Act): Chore =>
  (scene, day) => {
    const admin = integrationAdmin(scene);
    const from = atDesk(scene, admin, day);
    const actor = admin.user.id;
    scene.recorder.record({ ...act(scene, actor), actor, atMs: officeHour(scene, day), from });
  };

/** People let known programs in, and throw them out. */
const useOauth =
  (key: 'oauth_authorization_granted' | 'oauth_authorization_revoked'): Chore =>
  (scene, day) => {
    const client_id = scene.random.pick(OAUTH_CLIENTS);
    const person = somebody(scene, day);
    const granted = key === 'oauth_authorization_granted';
    const details = { client_id, ...(granted ? { scopes: ['profile:read'] } : { revoked_tokens_count: 1 }) };
    const from = atDesk(scene, person, day);
    scene.recorder.record({ key, actor: person.user.id, atMs: officeHour(scene, day), from, details });
  };

/** One rule, one person, now and then: the usual noise of pattern matching. */
const tripDlp: Chore = (scene, day) => {
  const person = somebody(scene, day);
  const atMs = officeHour(scene, day);
  const message_id = scene.messageId(atMs);
  const actor = person.user.id;
  const details = {
    ...scene.random.pick(DLP_RULES),
    message_id,
    chat_id: scene.random.pick(scene.chatsOf(person)).id,
    user_id: actor,
    action_message: scene.random.chance(0.6) ? 'Сообщение отправлено на проверку' : null,
    conditions_matched: scene.random.chance(0.8),
  };
  const from = atDesk(scene, person, day);
  scene.recorder.record({ key: 'dlp_violation_detected', actor, atMs, from, entity: message_id, details });
};

const becomeGuest: Chore = (scene, day) => {
  const admin = personnelAdmin(scene);
  const entity = somebody(scene, day).user.id;
  const details = { new_company_role: 'guest', previous_company_role: 'user', initiator_id: admin.user.id };
  const from = atDesk(scene, admin, day);
  scene.recorder.record({
    key: 'user_role_changed',
    actor: admin.user.id,
    atMs: officeHour(scene, day),
    from,
    entity,
    details,
  });
};

/** A key that came after the reference was written: the owner lists the chats of the workspace. */
const lookAtInventory: Chore = (scene, day) => {
  const { owner } = scene.organisation;
  const atMs = scene.calendar.at(day, 11) + (day % 7) * MINUTE_MS;
  const from = atDesk(scene, owner, day);
  scene.recorder.record({ key: 'company_chats_accessed', actor: owner.user.id, atMs, from });
};

type Chore = (scene: Scene, day: number) => void;

/** Who comes or goes after the end of the log is not there yet, or still is: the log would not tell it. */
function unlessToCome(scene: Scene, day: number, hours: readonly [number, number], act: (hour: number) => void): void {
  const hour = scene.random.between(...hours);
  if (scene.calendar.at(day, hour) <= scene.calendar.endMs) act(hour);
}

/** How often each comes on a workday in a company of 320. */
const CHORES: readonly (readonly [number, Chore])[] = [
  ...ADMINISTERS.map(([rate, act]): [number, Chore] => [rate, administer(act)]),
  [0.5, (scene, day) => unlessToCome(scene, day, [9.5, 12], (hour) => void hire(scene, day, hour))],
  [
    0.3,
    (scene, day) => {
      const person = somebody(scene, day);
      unlessToCome(scene, day, [15, 18], (hour) => dismiss(scene, person, day, hour));
    },
  ],
  [0.75, useOauth('oauth_authorization_granted')],
  [0.25, useOauth('oauth_authorization_revoked')],
  [0.8, tripDlp],
  [0.05, becomeGuest],
  [0.04, lookAtInventory],
];

/** What is done around the company on `day`. Before the people's own day, so that newcomers work from their first. */
export function keepHouse(scene: Scene, day: number): void {
  if (scene.calendar.isWeekend(day)) return;
  const share = scene.organisation.people.length / 320;
  for (const [index, [rate, chore]] of CHORES.entries()) {
    // Everything is done at least once, so that the log of a small company has all keys too.
    const once = day === scene.calendar.workday(Math.floor((scene.calendar.days * (index + 4)) / (CHORES.length + 8)));
    const times = scene.random.poisson(rate * share);
    for (let left = once ? Math.max(1, times) : times; left > 0; left -= 1) chore(scene, day);
  }
}
