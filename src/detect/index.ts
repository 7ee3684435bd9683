// Owns the lists of rules; the order decides which rule names an incident that several of equal severity see.
import type { Detector } from './detector.ts';
import { failed2faBurst } from './rules/failed-2fa-burst.ts';
import { failed2faSpray } from './rules/failed-2fa-spray.ts';
import { failed2faThenLogin } from './rules/failed-2fa-then-login.ts';
import { newNetworkAndClient } from './rules/new-network-and-client.ts';
import { scriptedLogin } from './rules/scripted-login.ts';

/** Rules of `find_suspicious_logins`. */
export const LOGIN_DETECTORS: readonly Detector[] = [
  failed2faThenLogin,
  failed2faSpray,
  failed2faBurst,
  scriptedLogin,
  newNetworkAndClient,
];
