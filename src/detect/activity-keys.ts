// Owns the list of keys by which a session shows itself and which are cheap to read: what people do rarely and on purpose.
import type { EventKey } from '../audit/event-keys.ts';

/** Left out: what floods the log (messages, reactions, encryption) and what the server does by itself. */
export const ACTIVITY_KEYS = [
  'user_updated',
  'user_role_changed',
  'user_created',
  'user_deleted',
  'chat_created',
  'chat_permission_changed',
  'message_deleted',
  'access_token_created',
  'access_token_updated',
  'access_token_destroy',
  'audit_events_accessed',
  'search_users_api',
  'search_chats_api',
  'search_messages_api',
  'bot_scopes_updated',
  'bot_webhook_settings_updated',
  'bot_token_recreated',
  'bot_deleted',
  'bot_oauth_client_updated',
  'oauth_authorization_granted',
] as const satisfies readonly EventKey[];
