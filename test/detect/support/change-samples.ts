// Owns one small series of events for each rule on risky changes that sets it off; times are milliseconds after T0.
import type { AuditEvent } from '../../../src/audit/event.ts';
import type { ChangeRuleId } from '../../../src/detect/rule-ids.ts';
import { act, several, type ActSpec } from './changes.ts';
import { event, history, HOUR, LINUX_FIREFOX, MINUTE, SECOND, STRANGE } from './events.ts';

const role = (at: number, actor: string, target: string, previous: string, next: string): AuditEvent =>
  act({
    at,
    key: 'user_role_changed',
    actor,
    entity: `User:${target}`,
    details: { previous_company_role: previous, new_company_role: next, initiator_id: Number(actor) },
  });
const numbered = (count: number, spec: (index: number) => Partial<ActSpec>): AuditEvent[] =>
  several(count, SECOND, spec);

export const CHANGE_SAMPLES: Readonly<Record<ChangeRuleId, readonly AuditEvent[]>> = {
  takeover_chain: [
    ...history(),
    event({ at: 0, ip: STRANGE, ua: LINUX_FIREFOX }),
    act({ at: MINUTE, key: 'user_updated', details: { changed_attrs: ['email'] }, ip: STRANGE, ua: LINUX_FIREFOX }),
  ],
  new_admin_purge: [
    role(0, '2', '9', 'user', 'admin'),
    role(HOUR, '9', '20', 'admin', 'user'),
    role(HOUR + 1, '9', '21', 'owner', 'user'),
  ],
  privilege_escalation: [role(0, '2', '5', 'guest', 'admin')],
  audit_log_stranger: [act({ at: 0, key: 'audit_events_accessed', ua: 'curl/8.4.0' })],
  chat_made_public: [
    act({ at: 0, key: 'chat_permission_changed', entity: 'Chat:900', details: { public_access: true } }),
    act({ at: MINUTE, key: 'chat_permission_changed', entity: 'Chat:900', details: { public_access: false } }),
  ],
  mass_account_removal: numbered(6, (index) => ({ key: 'user_deleted', actor: '8', entity: `User:${40 + index}` })),
  integration_trust_change: [
    act({
      at: 0,
      key: 'bot_webhook_settings_updated',
      entity: 'User:9001',
      details: { changes: { outgoing_url: { previous: null, new: 'https://hook.example/in' } } },
    }),
  ],
  sensitive_token: [
    act({ at: 0, key: 'access_token_created', entity: 'AccessToken:5', details: { scopes: ['messages:read'] } }),
  ],
  destruction_burst: numbered(25, (index) => ({ key: 'message_deleted', entity: `Message:${index}` })),
  api_harvesting: numbered(65, () => ({ key: 'search_users_api', details: { query_present: true } })),
  decrypt_anomaly: numbered(55, (index) => ({
    key: 'kms_decrypt',
    entity: `Message:${index}`,
    details: { chat_id: 9, message_id: index, reason: 'message' },
  })),
  dlp_accumulation: numbered(4, (index) => ({
    key: 'dlp_violation_detected',
    entity: `Message:${index}`,
    details: { dlp_rule_id: index, user_id: 5, conditions_matched: true },
  })),
  mass_self_join: numbered(12, (index) => ({
    key: 'user_chat_join',
    actor: '6',
    entity: `Chat:${index}`,
    details: { inviter_id: null },
  })),
  mass_add: numbered(12, (index) => ({
    key: 'user_chat_join',
    actor: '7',
    entity: `Chat:${index}`,
    details: { inviter_id: 9 },
  })),
  short_lived_account: [
    act({ at: 0, key: 'user_created', actor: '9', entity: 'User:77' }),
    act({ at: HOUR, key: 'user_deleted', actor: '9', entity: 'User:77' }),
  ],
  first_api_search: [...history(), act({ at: 0, key: 'search_chats_api', details: { query_present: true } })],
};
