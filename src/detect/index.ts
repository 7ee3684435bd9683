// Owns the lists of rules; the order decides which rule names an incident that several of equal severity see.
import type { Detector } from './detector.ts';
import { activityWithoutLogin } from './rules/activity-without-login.ts';
import { dormantAccountActive } from './rules/dormant-account-active.ts';
import { failed2faBurst } from './rules/failed-2fa-burst.ts';
import { failed2faFromManyNetworks } from './rules/failed-2fa-from-many-networks.ts';
import { failed2faSpray } from './rules/failed-2fa-spray.ts';
import { failed2faThenLogin } from './rules/failed-2fa-then-login.ts';
import { loginRisk } from './rules/login-risk.ts';
import { networkSwitch } from './rules/network-switch.ts';
import { newNetworkAndClient } from './rules/new-network-and-client.ts';
import { oneSourceManyAccounts } from './rules/one-source-many-accounts.ts';
import { orphan2faFailure } from './rules/orphan-2fa-failure.ts';
import { scriptedLogin } from './rules/scripted-login.ts';

/** Rules of `find_suspicious_logins`. */
export const LOGIN_DETECTORS: readonly Detector[] = [
  dormantAccountActive,
  failed2faThenLogin,
  oneSourceManyAccounts,
  failed2faSpray,
  failed2faFromManyNetworks,
  failed2faBurst,
  activityWithoutLogin,
  networkSwitch,
  scriptedLogin,
  orphan2faFailure,
  loginRisk,
  newNetworkAndClient,
];
