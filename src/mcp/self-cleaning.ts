// Owns the second look at bursts of deletions: the actor's own messages of these hours are read, and what nets out is dropped.
import type { AuditEvent } from '../audit/event.ts';
import type { AuditQuery } from '../audit/query.ts';
import type { DetectionResult } from '../detect/engine.ts';
import { isSelfCleaning, nettingNeeds } from '../detect/netting.ts';
import { NOTE_WORDS } from './note-wording.ts';
import type { Stages } from './stages.ts';
import type { Lang } from '../text/lang.ts';

/** Each costs some requests; who deletes in more places than that is not looked at again. */
const LOOKS_MAX = 20;

export interface SecondLook {
  readonly result: DetectionResult;
  readonly notes: readonly string[];
}

/** `result` without the bursts of those who deleted what they had just written; they are counted as left out. */
export async function withoutSelfCleaning(
  result: DetectionResult,
  query: AuditQuery,
  stages: Stages,
  lang: Lang,
): Promise<SecondLook> {
  const needs = nettingNeeds(result.findings);
  const cleared = new Set<string>();
  let unread = Math.max(0, needs.length - LOOKS_MAX);
  for (const { findingId, actorId, window, eventKeys } of needs.slice(0, LOOKS_MAX)) {
    const events: AuditEvent[] = [];
    const asked = { ...query, window, actorId, eventKeys };
    const { complete } = await stages.tryRead(asked, (batch) => void events.push(...batch), [100, 100]);
    if (!complete) unread += 1;
    else if (isSelfCleaning(events)) cleared.add(findingId);
  }
  const dropped = result.findings.filter(({ id }) => cleared.has(id));
  const deletions = dropped.reduce((sum, finding) => sum + finding.event_count, 0);
  const leftOut = { ...result.leftOut, self_cleaning: (result.leftOut.self_cleaning ?? 0) + deletions };
  return {
    result: { ...result, findings: result.findings.filter(({ id }) => !cleared.has(id)), leftOut },
    notes: unread === 0 ? [] : [NOTE_WORDS[lang].authorsUnread(unread)],
  };
}
