// Owns the one table of event keys: group, meaning in two languages and the details that each carries.
// Source: the vendor's reference of GET /audit_events and its OpenAPI description of August 2026.
import { z } from 'zod';

const id = z.number();
const ids = z.union([id, z.null()]);
const none = z.looseObject({});
const change = z.record(z.string(), z.looseObject({ previous: z.unknown(), new: z.unknown() }));
const tag = z.looseObject({ name: z.string() });
const initiator = z.looseObject({ initiator_id: id });
const tokenScopes = z.looseObject({ scopes: z.array(z.string()) });
const kms = z.looseObject({ chat_id: id, message_id: id, reason: z.string() });
const botAction = z.looseObject({ bot_id: id, actor_id: ids });
const search = z.looseObject({
  search_type: z.string(),
  query_present: z.boolean(),
  cursor_present: z.boolean(),
  limit: z.number(),
  filters: z.record(z.string(), z.unknown()),
});
const dlp = z.looseObject({
  dlp_rule_id: id,
  dlp_rule_name: z.string(),
  message_id: id,
  chat_id: id,
  user_id: id,
  action_message: z.string(),
  conditions_matched: z.boolean(),
});
const call = z.looseObject({ chat_id: id, started_message_id: ids });
const callFinished = z.looseObject({ ...call.shape, duration: z.number(), max_members_count: z.number() });
const recording = z.looseObject({
  ...call.shape,
  recording_id: id,
  file_id: id,
  duration: z.number(),
  size: z.number(),
});

export const EVENT_GROUPS = [
  'auth',
  'employees',
  'tags',
  'chats',
  'chat_members',
  'messages',
  'reactions_threads',
  'tokens',
  'bots',
  'oauth',
  'encryption',
  'security',
  'search',
  'video',
] as const;
export type EventGroup = (typeof EVENT_GROUPS)[number];

interface EventKeyEntry {
  group: EventGroup;
  en: string;
  ru: string;
  details: z.ZodObject;
}

function key<D extends z.ZodObject>(group: EventGroup, en: string, ru: string, details: D) {
  return { group, en, ru, details };
}

export const EVENT_KEY_TABLE = {
  user_login: key('auth', 'User logged in', 'Пользователь вошёл в систему', none),
  user_logout: key('auth', 'User logged out', 'Пользователь вышел из системы', none),
  user_2fa_fail: key('auth', 'Two-factor authentication failed', 'Неудачная двухфакторная аутентификация', none),
  user_2fa_success: key('auth', 'Two-factor authentication passed', 'Успешная двухфакторная аутентификация', none),
  user_created: key('employees', 'User account created', 'Создана учётная запись', none),
  user_deleted: key('employees', 'User account deleted', 'Учётная запись удалена', none),
  user_role_changed: key(
    'employees',
    'User role changed',
    'Роль пользователя изменена',
    z.looseObject({ new_company_role: z.string(), previous_company_role: z.string(), initiator_id: id }),
  ),
  user_updated: key(
    'employees',
    'User profile updated',
    'Данные пользователя обновлены',
    z.looseObject({ changed_attrs: z.array(z.string()), context: z.string().optional() }),
  ),
  tag_created: key('tags', 'Tag created', 'Создан тег', tag),
  tag_deleted: key('tags', 'Tag deleted', 'Тег удалён', tag),
  user_added_to_tag: key('tags', 'User added to a tag', 'Пользователь добавлен в тег', initiator),
  user_removed_from_tag: key('tags', 'User removed from a tag', 'Пользователь удалён из тега', initiator),
  chat_created: key('chats', 'Chat created', 'Создан чат', none),
  chat_renamed: key(
    'chats',
    'Chat renamed',
    'Чат переименован',
    z.looseObject({ old_name: z.string(), new_name: z.string() }),
  ),
  chat_permission_changed: key(
    'chats',
    'Chat access changed',
    'Изменены права доступа к чату',
    z.looseObject({ public_access: z.boolean() }),
  ),
  user_chat_join: key(
    'chat_members',
    'User joined a chat',
    'Пользователь присоединился к чату',
    z.looseObject({ inviter_id: ids }),
  ),
  user_chat_leave: key('chat_members', 'User left a chat', 'Пользователь покинул чат', initiator),
  tag_added_to_chat: key(
    'chat_members',
    'Tag added to a chat',
    'Тег добавлен в чат',
    z.looseObject({ chat_id: id, tag_name: z.string() }),
  ),
  tag_removed_from_chat: key(
    'chat_members',
    'Tag removed from a chat',
    'Тег удалён из чата',
    z.looseObject({ chat_id: id }),
  ),
  message_created: key('messages', 'Message sent', 'Сообщение создано', none),
  message_updated: key('messages', 'Message edited', 'Сообщение отредактировано', none),
  message_deleted: key('messages', 'Message deleted', 'Сообщение удалено', none),
  reaction_created: key('reactions_threads', 'Reaction added', 'Реакция добавлена', none),
  reaction_deleted: key('reactions_threads', 'Reaction removed', 'Реакция удалена', none),
  thread_created: key('reactions_threads', 'Thread created', 'Создан тред', none),
  access_token_created: key('tokens', 'Access token created', 'Создан токен доступа', tokenScopes),
  access_token_updated: key('tokens', 'Access token updated', 'Токен доступа обновлён', tokenScopes),
  access_token_destroy: key('tokens', 'Access token deleted', 'Токен доступа удалён', tokenScopes),
  kms_encrypt: key('encryption', 'Data encrypted', 'Данные зашифрованы', kms),
  kms_decrypt: key('encryption', 'Data decrypted', 'Данные расшифрованы', kms),
  audit_events_accessed: key('security', 'Audit log read', 'Прочитан журнал аудита', none),
  dlp_violation_detected: key('security', 'DLP rule triggered', 'Сработало правило DLP', dlp),
  search_users_api: key('search', 'Users searched through the API', 'Поиск сотрудников через API', search),
  search_chats_api: key('search', 'Chats searched through the API', 'Поиск чатов через API', search),
  search_messages_api: key('search', 'Messages searched through the API', 'Поиск сообщений через API', search),
  bot_scopes_updated: key(
    'bots',
    'Bot scopes changed',
    'Изменены права бота',
    z.looseObject({ added_scopes: z.array(z.string()), removed_scopes: z.array(z.string()) }),
  ),
  bot_webhook_settings_updated: key(
    'bots',
    'Bot webhook settings changed',
    'Изменены настройки вебхука бота',
    z.looseObject({ changes: change }),
  ),
  bot_token_recreated: key('bots', 'Bot token recreated', 'Токен бота перевыпущен', botAction),
  bot_deleted: key('bots', 'Bot deleted', 'Бот удалён', botAction),
  bot_oauth_client_updated: key(
    'bots',
    'OAuth client of a bot changed',
    'Изменён OAuth-клиент бота',
    z.looseObject({ client_id: z.string(), changes: change }),
  ),
  oauth_authorization_granted: key(
    'oauth',
    'OAuth access granted',
    'Выдан доступ OAuth',
    z.looseObject({ client_id: z.string(), scopes: z.array(z.string()) }),
  ),
  oauth_authorization_revoked: key(
    'oauth',
    'OAuth access revoked',
    'Отозван доступ OAuth',
    z.looseObject({ client_id: z.string(), revoked_tokens_count: z.number() }),
  ),
  video_call_started: key('video', 'Video call started', 'Начат видеозвонок', call),
  video_call_finished: key('video', 'Video call finished', 'Завершён видеозвонок', callFinished),
  video_call_recording_ready: key('video', 'Video call recording ready', 'Готова запись видеозвонка', recording),
} as const satisfies Record<string, EventKeyEntry>;

export type EventKey = keyof typeof EVENT_KEY_TABLE;
export type EventDetails<K extends EventKey> = z.output<(typeof EVENT_KEY_TABLE)[K]['details']>;

/** Whether `value` is a key of the table; the log may hold keys that are not. */
export function isEventKey(value: string): value is EventKey {
  return Object.hasOwn(EVENT_KEY_TABLE, value);
}

/** All known keys, in the order of the table. */
export const EVENT_KEYS: readonly EventKey[] = Object.keys(EVENT_KEY_TABLE).filter(isEventKey);

/** Known keys as a zod enum; the source of every tool schema that takes keys. */
export const eventKeySchema = z.enum(EVENT_KEYS);

/** The keys of one group. */
export function keysOfGroup(group: EventGroup): readonly EventKey[] {
  return EVENT_KEYS.filter((eventKey) => EVENT_KEY_TABLE[eventKey].group === group);
}
