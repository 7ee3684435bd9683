// Owns the second look at bursts of deletions: whoever deletes what they have just written destroys nothing.
import type { AuditEvent } from '../audit/event.ts';
import { eventTimeMs } from '../audit/event.ts';
import type { EventKey } from '../audit/event-keys.ts';
import type { TimeWindow } from '../audit/query.ts';
import type { Finding } from './detector.ts';
import { DESTRUCTION_PARAMS } from './rules/destruction-burst.ts';

const NETTING_KEYS: readonly EventKey[] = ['message_created', 'message_deleted'];

/** What must be read to judge a finding again: one actor, some hours. */
export interface NettingNeed {
  readonly findingId: string;
  readonly actorId: string;
  /** On whole seconds; begins an hour before the finding, since its first deletions may be of messages written then. */
  readonly window: TimeWindow;
  readonly eventKeys: readonly EventKey[];
}

/**
 * The findings that a look at the actor's own messages could clear: bursts of deleted messages of one actor, and nothing
 * else. What other rules saw too stays a finding whatever was deleted.
 */
export function nettingNeeds(findings: readonly Finding[]): NettingNeed[] {
  return findings.flatMap((finding) => {
    const { rule, also, actor_ids: actorIds, evidence } = finding;
    const [actorId, ...others] = actorIds;
    const keys = evidence.query['event_keys'];
    const isPlain = Array.isArray(keys) && keys.length === 1 && keys[0] === 'message_deleted';
    if (rule !== 'destruction_burst' || also.length > 0 || actorId === undefined || others.length > 0 || !isPlain) {
      return [];
    }
    const firstMs = Date.parse(finding.first_at) - DESTRUCTION_PARAMS.windowMs;
    const window = {
      startMs: Math.floor(firstMs / 1000) * 1000,
      endMs: Math.floor(Date.parse(finding.last_at) / 1000) * 1000 + 1000,
    };
    return [{ findingId: finding.id, actorId, window, eventKeys: NETTING_KEYS }];
  });
}

/**
 * Whether `events` (created and deleted messages of the actor in the need's window, any order) show that no burst is
 * left once deletions of messages that the actor wrote in the hour before are taken away. The finding may then be dropped.
 */
export function isSelfCleaning(
  events: readonly AuditEvent[],
  params: { readonly messages: number; readonly windowMs: number } = DESTRUCTION_PARAMS,
): boolean {
  const writtenAt = new Map<string, number>();
  for (const event of events) {
    if (event.event_key === 'message_created' && event.entity_id) writtenAt.set(event.entity_id, eventTimeMs(event));
  }
  const deletions = new Map<string, number>();
  for (const event of events) {
    if (event.event_key !== 'message_deleted') continue;
    const timeMs = eventTimeMs(event);
    const ageMs = timeMs - (writtenAt.get(event.entity_id ?? '') ?? -Infinity);
    if (ageMs < 0 || ageMs > params.windowMs) deletions.set(event.id, timeMs);
  }
  const times = [...deletions.values()].toSorted((a, b) => a - b);
  const spanMs = (from: number): number => (times[from + params.messages - 1] ?? Infinity) - (times[from] ?? 0);
  return times.every((_timeMs, from) => spanMs(from) > params.windowMs);
}
