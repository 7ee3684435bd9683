// Owns the list of the rules of `find_risky_changes`, and what must be read for them.
import { eventTimeMs, type AuditEvent } from '../audit/event.ts';
import type { EventKey } from '../audit/event-keys.ts';
import type { Detector } from './detector.ts';
import { runDetectors } from './engine.ts';
import { LOGIN_DETECTORS } from './index.ts';
import type { RuleId } from './rule-ids.ts';
import { apiHarvesting, SEARCH_KEYS } from './rules/api-harvesting.ts';
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

/**
 * Keys of which a company may write thousands a day, in groups that are read apart: a flood of one must not cost the
 * answer the others, and a month of them is worth reading only where it is cheap. Quietest first.
 */
export const HEAVY_KEY_GROUPS: readonly (readonly EventKey[])[] = [
  SEARCH_KEYS,
  ['user_chat_join'],
  ['message_deleted', 'message_updated'],
  ['kms_decrypt'],
];

/**
 * Who is over a fixed limit in `events` (of one group, of the window), whatever is usual: whose past is worth reading. Of
 * `mass_add` nobody: it knows the habit of inviters, whom the log does not name as actors.
 */
export function overFixedLimit(events: readonly AuditEvent[], detectors: readonly Detector[]): Set<string> {
  const actorIds = new Set<string>();
  const first = events[0];
  const last = events.at(-1);
  if (first === undefined || last === undefined) return actorIds;
  runDetectors(events, {
    detectors: detectors.filter((detector) => detector !== massAdd),
    window: { startMs: eventTimeMs(first), endMs: eventTimeMs(last) + 1 },
    lang: 'en',
    onSignal({ events: about }) {
      const actorId = about.at(-1)?.actorId;
      if (actorId !== undefined) actorIds.add(actorId);
    },
  });
  return actorIds;
}

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
