// Owns the public names of the rules and their codes in the catalogue; the order is the order of telling a story.

/** Rules of `find_suspicious_logins`. Where several rules meet in one incident, the first of equal severity names it. */
export const LOGIN_RULES = {
  dormant_account_active: 'L12',
  failed_2fa_then_login: 'L2',
  one_source_many_accounts: 'L11',
  failed_2fa_spray: 'L3',
  failed_2fa_from_many_networks: 'L4',
  failed_2fa_burst: 'L1',
  activity_without_login: 'L9',
  network_switch: 'L8',
  scripted_login: 'L10',
  orphan_2fa_failure: 'L5',
  login_risk: 'L7',
  new_network_and_client: 'L6',
} as const;

/** Rules of `find_risky_changes`, in the same sense of order. */
export const CHANGE_RULES = {
  takeover_chain: 'W1',
  new_admin_purge: 'W3',
  privilege_escalation: 'W2',
  audit_log_stranger: 'W7',
  chat_made_public: 'W8',
  mass_account_removal: 'W4',
  integration_trust_change: 'W16',
  sensitive_token: 'W6',
  destruction_burst: 'W13',
  api_harvesting: 'W9',
  decrypt_anomaly: 'W15',
  dlp_accumulation: 'W14',
  mass_self_join: 'W11',
  mass_add: 'W12',
  short_lived_account: 'W5',
  first_api_search: 'W10',
} as const;

/** Codes of the catalogue, by rule. */
export const RULE_CODES = { ...LOGIN_RULES, ...CHANGE_RULES } as const;

export type LoginRuleId = keyof typeof LOGIN_RULES;
export type ChangeRuleId = keyof typeof CHANGE_RULES;
export type RuleId = LoginRuleId | ChangeRuleId;
