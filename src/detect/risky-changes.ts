// Owns the list of the rules of `find_risky_changes`, and what must be read for them.
import type { EventKey } from '../audit/event-keys.ts';
import type { Detector } from './detector.ts';
import { LOGIN_DETECTORS } from './index.ts';
import type { RuleId } from './rule-ids.ts';
import { apiHarvesting } from './rules/api-harvesting.ts';
import { auditLogStranger } from './rules/audit-log-stranger.ts';
import { chatMadePublic } from './rules/chat-made-public.ts';
import { decryptAnomaly } from './rules/decrypt-anomaly.ts';
import { destructionBurst } from './rules/destruction-burst.ts';
import { dlpAccumulation } from './rules/dlp-accumulation.ts';
import { firstApiSearch } from './rules/first-api-search.ts';
import { integrationTrustChange } from './rules/integration-trust-change.ts';
import { massAccountRemoval } from './rules/mass-account-removal.ts';
import { massAdd } from './rules/mass-add.ts';
import { massSelfJoin } from './rules/mass-self-join.ts';
import { newAdminPurge } from './rules/new-admin-purge.ts';
import { privilegeEscalation } from './rules/privilege-escalation.ts';
import { sensitiveToken } from './rules/sensitive-token.ts';
import { shortLivedAccount } from './rules/short-lived-account.ts';
import { takeoverChain } from './rules/takeover-chain.ts';

const DAY_MS = 86_400_000;

/** Rules of `find_risky_changes`; of equal severity, the first names an incident. */
export const RISKY_CHANGE_DETECTORS: readonly Detector[] = [
  takeoverChain,
  newAdminPurge,
  privilegeEscalation,
  auditLogStranger,
  chatMadePublic,
  massAccountRemoval,
  integrationTrustChange,
  sensitiveToken,
  destructionBurst,
  apiHarvesting,
  decryptAnomaly,
  dlpAccumulation,
  massSelfJoin,
  massAdd,
  shortLivedAccount,
  firstApiSearch,
];

/** Pairs (created and removed, promoted and purging) may begin this long before the window that is judged. */
export const CHANGE_LOOKBACK_MS = 7 * DAY_MS;

/** Keys of which a company may write thousands a day: their baseline is worth reading only where it is cheap. */
export const HEAVY_CHANGE_KEYS: readonly EventKey[] = [
  'user_chat_join',
  'message_updated',
  'message_deleted',
  'kms_decrypt',
  'search_users_api',
  'search_chats_api',
  'search_messages_api',
];

export interface ChangeRun {
  /** Raise findings. */
  readonly detectors: readonly Detector[];
  /** Only tell the takeover chain what they see. */
  readonly supporting: readonly Detector[];
  /** What all of them must see. */
  readonly eventKeys: readonly EventKey[];
}

/** The rules to run for the asked `rules` (default: all). The takeover chain brings with it what it builds on. */
export function changeRun(rules?: readonly RuleId[]): ChangeRun {
  const isAsked = ({ rule }: Detector): boolean => rules?.includes(rule) ?? true;
  const detectors = RISKY_CHANGE_DETECTORS.filter(isAsked);
  const others = [...LOGIN_DETECTORS, ...RISKY_CHANGE_DETECTORS.filter((detector) => !isAsked(detector))];
  const supporting = detectors.includes(takeoverChain) ? others : [];
  const eventKeys = [...new Set([...detectors, ...supporting].flatMap((detector) => detector.eventKeys))];
  return { detectors, supporting, eventKeys };
}
