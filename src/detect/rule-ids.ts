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

export type LoginRuleId = keyof typeof LOGIN_RULES;
export type RuleId = LoginRuleId;
