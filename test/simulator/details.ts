// Owns the documented shape of the details of every key, written down a second time for the tests of the simulator.
import { z } from 'zod';

const id = z.int();
const nullableId = z.int().nullable();
const empty = z.strictObject({}).nullable();
const scopes = z.strictObject({ scopes: z.array(z.string()) });
const tag = z.strictObject({ name: z.string() });
const initiator = z.strictObject({ initiator_id: id });
const kms = z.strictObject({ chat_id: id, message_id: id, reason: z.string() });
const bot = z.strictObject({ bot_id: id, actor_id: nullableId });
const changes = z.record(z.string(), z.strictObject({ previous: z.unknown(), new: z.unknown() }));
const call = { chat_id: id, started_message_id: nullableId };
const search = z.strictObject({
  search_type: z.string(),
  query_present: z.boolean(),
  cursor_present: z.boolean(),
  limit: z.int(),
  filters: z.record(z.string(), z.unknown()),
});

export const DETAILS: Record<string, z.ZodType> = {
  user_login: empty,
  user_logout: empty,
  user_2fa_fail: empty,
  user_2fa_success: empty,
  user_created: empty,
  user_deleted: empty,
  user_role_changed: z.strictObject({
    new_company_role: z.string(),
    previous_company_role: z.string(),
    initiator_id: id,
  }),
  user_updated: z.strictObject({ changed_attrs: z.array(z.string()), context: z.literal('sso_login').optional() }),
  tag_created: tag,
  tag_deleted: tag,
  user_added_to_tag: initiator,
  user_removed_from_tag: initiator,
  chat_created: empty,
  chat_renamed: z.strictObject({ old_name: z.string(), new_name: z.string() }),
  chat_permission_changed: z.strictObject({ public_access: z.boolean() }),
  user_chat_join: z.strictObject({ inviter_id: nullableId }),
  user_chat_leave: initiator,
  tag_added_to_chat: z.strictObject({ chat_id: id, tag_name: z.string() }),
  tag_removed_from_chat: z.strictObject({ chat_id: id }),
  message_updated: empty,
  message_deleted: empty,
  message_created: empty,
  reaction_created: empty,
  reaction_deleted: empty,
  thread_created: empty,
  access_token_created: scopes,
  access_token_updated: scopes,
  access_token_destroy: scopes,
  kms_encrypt: kms,
  kms_decrypt: kms,
  audit_events_accessed: empty,
  dlp_violation_detected: z.strictObject({
    dlp_rule_id: id,
    dlp_rule_name: z.string(),
    message_id: id,
    chat_id: id,
    user_id: id,
    action_message: z.string().nullable(),
    conditions_matched: z.boolean(),
  }),
  search_users_api: search,
  search_chats_api: search,
  search_messages_api: search,
  bot_scopes_updated: z.strictObject({ added_scopes: z.array(z.string()), removed_scopes: z.array(z.string()) }),
  bot_webhook_settings_updated: z.strictObject({ changes }),
  bot_token_recreated: bot,
  bot_deleted: bot,
  bot_oauth_client_updated: z.strictObject({ client_id: z.string(), changes }),
  oauth_authorization_granted: z.strictObject({ client_id: z.string(), scopes: z.array(z.string()) }),
  oauth_authorization_revoked: z.strictObject({ client_id: z.string(), revoked_tokens_count: id }),
  video_call_started: z.strictObject(call),
  video_call_finished: z.strictObject({ ...call, duration: id, max_members_count: id }),
  video_call_recording_ready: z.strictObject({ ...call, recording_id: id, file_id: id, duration: id, size: id }),
};
