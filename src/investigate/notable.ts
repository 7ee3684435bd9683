// Owns how much an event says about a person: a table, since thousands of messages must not push one new token out of view.
import type { EventKey } from '../audit/event-keys.ts';

/** 0: always worth a line; 1: worth one where there is room; 2: everyday work. */
export type Rank = 0 | 1 | 2;

const RANKS = {
  user_login: 1,
  user_logout: 2,
  user_2fa_fail: 0,
  user_2fa_success: 2,
  user_created: 0,
  user_deleted: 0,
  user_role_changed: 0,
  user_updated: 1,
  tag_created: 1,
  tag_deleted: 1,
  user_added_to_tag: 1,
  user_removed_from_tag: 1,
  chat_created: 1,
  chat_renamed: 1,
  chat_permission_changed: 0,
  user_chat_join: 2,
  user_chat_leave: 2,
  tag_added_to_chat: 1,
  tag_removed_from_chat: 1,
  message_created: 2,
  message_updated: 2,
  message_deleted: 1,
  reaction_created: 2,
  reaction_deleted: 2,
  thread_created: 2,
  access_token_created: 0,
  access_token_updated: 0,
  access_token_destroy: 0,
  kms_encrypt: 2,
  kms_decrypt: 0,
  audit_events_accessed: 0,
  dlp_violation_detected: 0,
  search_users_api: 1,
  search_chats_api: 1,
  search_messages_api: 1,
  bot_scopes_updated: 0,
  bot_webhook_settings_updated: 0,
  bot_token_recreated: 0,
  bot_deleted: 0,
  bot_oauth_client_updated: 0,
  oauth_authorization_granted: 0,
  oauth_authorization_revoked: 0,
  video_call_started: 2,
  video_call_finished: 2,
  video_call_recording_ready: 2,
} as const satisfies Record<EventKey, Rank>;

/** What only administrators and owners of bots and tokens do. */
const ADMIN_KEYS: ReadonlySet<string> = new Set<EventKey>([
  'user_created',
  'user_deleted',
  'user_role_changed',
  'tag_created',
  'tag_deleted',
  'user_added_to_tag',
  'user_removed_from_tag',
  'chat_permission_changed',
  'tag_added_to_chat',
  'tag_removed_from_chat',
  'access_token_created',
  'access_token_updated',
  'access_token_destroy',
  'kms_decrypt',
  'audit_events_accessed',
  'bot_scopes_updated',
  'bot_webhook_settings_updated',
  'bot_token_recreated',
  'bot_deleted',
  'bot_oauth_client_updated',
  'oauth_authorization_granted',
  'oauth_authorization_revoked',
]);

const BY_KEY: ReadonlyMap<string, Rank> = new Map(Object.entries(RANKS));

/** A key that we do not know is always worth a line. */
export function rankOf(eventKey: string): Rank {
  return BY_KEY.get(eventKey) ?? 0;
}

export function isAdminAction(eventKey: string): boolean {
  return ADMIN_KEYS.has(eventKey) || !BY_KEY.has(eventKey);
}
