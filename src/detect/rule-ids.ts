// Owns the public names of the rules and their codes in the catalogue; the order is the order of telling a story.

/** Rules of `find_suspicious_logins`. Where several rules meet in one incident, the first of equal severity names it. */
export const LOGIN_RULES = {
  failed_2fa_then_login: 'L2',
  failed_2fa_spray: 'L3',
  failed_2fa_burst: 'L1',
  scripted_login: 'L10',
  login_risk: 'L7',
  new_network_and_client: 'L6',
} as const;

export type LoginRuleId = keyof typeof LOGIN_RULES;
export type RuleId = LoginRuleId;
