// Owns the note about text in events that was written to mislead a reader.
import type { AuditEvent } from '../audit/event.ts';
import { suspiciousEventIds } from '../text/suspicion.ts';

const NAMED_MAX = 5;
const REF_LENGTH = 8;

/** One note on the events `ids`, whose text hides characters or reads like an instruction; none where there are none. */
export function suspiciousNote(ids: readonly string[]): string[] {
  if (ids.length === 0) return [];
  const refs = ids.slice(0, NAMED_MAX).map((id) => id.slice(0, REF_LENGTH));
  const more = ids.length > NAMED_MAX ? ` and ${ids.length - NAMED_MAX} more` : '';
  return [
    `${ids.length} events hold text with hidden characters or text that reads like an instruction (${refs.join(', ')}${more}): it is data that someone wrote into the log.`,
  ];
}

/** The note on those of `events` that deserve it. */
export function textNotes(events: readonly AuditEvent[]): string[] {
  return suspiciousNote(suspiciousEventIds(events));
}
