// Owns ways to the data: tokens, the log itself, chats made public, harvesting, keys, DLP.
import { MINUTE_MS } from '../company/calendar.ts';
import type { SimEvent } from '../model.ts';
import { moments, named, type Plan } from './story.ts';

/** A token that opens what its owner never needed. */
export const sensitiveToken: Plan = (stage) => {
  const { random, scene, day } = stage;
  const person = stage.cast();
  return () => {
    const scopes = random.pick([
      ['chat_exports:read', 'chat_exports:write', 'chats:read'],
      ['messages:read', 'chats:read', 'chat_members:read', 'files:read'],
      ['users:create', 'users:update', 'users:delete', 'bots:write'],
    ]);
    const atMs = scene.calendar.at(day, random.between(11, 21));
    const from = stage.usual(person);
    const entity = scene.newId('token');
    const events = [
      stage.record({ key: 'access_token_created', actor: person.user.id, atMs, from, entity, details: { scopes } }),
    ];
    return { events, summary: `${named(person)} creates a token with ${scopes.join(', ')}` };
  };
};

/** The owner's token is stolen: the same user, another client, another place. */
export const auditLogRead: Plan = (stage) => {
  const { random, scene, day } = stage;
  return () => {
    const { owner } = scene.organisation;
    const from = stage.attacker('hosting', 'script');
    const times = moments(random, scene.calendar.at(day, random.between(1, 6)), random.int(25, 90), 300, 1500);
    const actor = owner.user.id;
    const events = times.map((atMs) => stage.record({ key: 'audit_events_accessed', actor, atMs, from }));
    return {
      events,
      summary: `the audit log is read ${events.length} times with the owner's token by ${from.agent} from ${from.ip}`,
    };
  };
};

/** Closed rooms are opened, sometimes only for as long as copying takes. */
export const privateChatOpened: Plan = (stage) => {
  const { random, scene, day } = stage;
  const person = stage.cast();
  return () => {
    const closed = scene.organisation.chats.filter((chat) => !chat.open);
    const chats = random.sample(
      closed,
      random.weighted([
        [1, 3],
        [2, 1],
        [4, 1],
      ] as const),
    );
    const from = stage.usual(person);
    const actor = person.user.id;
    const startMs = scene.calendar.at(day, random.between(12, 21));
    const closes = random.chance(0.5);
    const change = (public_access: boolean, entity: number, atMs: number): SimEvent =>
      stage.record({ key: 'chat_permission_changed', actor, atMs, from, entity, details: { public_access } });
    const events = chats.flatMap((chat, index) => {
      const atMs = startMs + index * 4 * MINUTE_MS;
      const opened = change(true, chat.id, atMs);
      return closes ? [opened, change(false, chat.id, atMs + random.int(20, 45) * MINUTE_MS)] : [opened];
    });
    const names = chats.map((chat) => chat.name).join(', ');
    const severity = chats.length >= 3 || closes ? 'critical' : 'high';
    return { events, severity, summary: `${named(person)} makes private chats public: ${names}` };
  };
};

/** Everything that search will give, page by page. */
export const apiHarvesting: Plan = (stage) => {
  const { random, scene, day } = stage;
  const person = stage.cast();
  return () => {
    const [key, search_type] = random.pick([
      ['search_messages_api', 'messages'],
      ['search_users_api', 'users'],
    ] as const);
    const from = { ip: stage.usual(person).ip, agent: 'python-requests/2.32.3' };
    const times = moments(random, scene.calendar.at(day, random.between(8, 22)), random.int(90, 200), 900, 4500);
    const actor = person.user.id;
    const events = times.map((atMs, index) => {
      const filters = search_type === 'messages' ? { order: 'asc', created_from: '2024-01-01T00:00:00.000Z' } : {};
      const details = { search_type, query_present: false, cursor_present: index > 0, limit: 100, filters };
      return stage.record({ key, actor, atMs, from, details });
    });
    return { events, summary: `${named(person)} pages through ${search_type} with ${events.length} API searches` };
  };
};

/** Somebody who never used the API tries what search gives. */
export const firstSearch: Plan = (stage) => {
  const { random, scene, day } = stage;
  const person = stage.cast();
  return () => {
    const from = { ip: stage.usual(person).ip, agent: 'curl/8.5.0' };
    const times = moments(random, scene.calendar.at(day, random.between(9, 20)), random.int(3, 6), 9000, 60_000);
    const details = { search_type: 'messages', query_present: true, cursor_present: false, limit: 20, filters: {} };
    const actor = person.user.id;
    const events = times.map((atMs) => stage.record({ key: 'search_messages_api', actor, atMs, from, details }));
    return { events, summary: `${named(person)} searches messages through the API for the first time, with curl` };
  };
};

/** Somebody packs their things. */
export const dlpAccumulation: Plan = (stage) => {
  const { random, scene, day } = stage;
  const person = stage.cast();
  return () => {
    const from = stage.usual(person);
    const chat = random.pick(scene.chatsOf(person));
    const times = moments(
      random,
      scene.calendar.at(day, random.between(10, 14)),
      random.int(5, 9),
      2 * MINUTE_MS,
      25 * MINUTE_MS,
    );
    const user_id = person.user.id;
    const events = times.map((atMs, index) => {
      const message_id = scene.messageId(atMs);
      const rule = index % 2 === 0 ? [12, 'Паспортные данные'] : [14, 'База клиентов'];
      const details = {
        dlp_rule_id: rule[0],
        dlp_rule_name: rule[1],
        message_id,
        chat_id: chat.id,
        user_id,
        action_message: 'Сообщение заблокировано',
        conditions_matched: true,
      };
      return stage.record({ key: 'dlp_violation_detected', actor: user_id, atMs, from, entity: message_id, details });
    });
    return { events, summary: `${events.length} DLP hits of ${named(person)} in one afternoon` };
  };
};

/** Years of closed conversations, decrypted in minutes. */
export const kmsAnomaly: Plan = (stage) => {
  const { random, scene, day } = stage;
  const person = stage.cast();
  return () => {
    const chat = random.pick(scene.organisation.chats.filter((candidate) => candidate.encrypted));
    const from = stage.usual(person);
    const times = moments(random, scene.calendar.at(day, random.between(9, 22)), random.int(150, 300), 200, 2500);
    const actor = person.user.id;
    const events = times.map((atMs, index) => {
      const message_id = scene.messageId(atMs) - (index + 1) * 50_000;
      const details = { chat_id: chat.id, message_id: message_id, reason: 'history_export' };
      return stage.record({ key: 'kms_decrypt', actor, atMs, from, entity: message_id, details });
    });
    return { events, summary: `${named(person)} decrypts ${events.length} messages of “${chat.name}” in minutes` };
  };
};
