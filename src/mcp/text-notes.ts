// Owns the note about text in events that was written to mislead a reader.
import type { AuditEvent } from '../audit/event.ts';
import { suspiciousEventIds } from '../text/suspicion.ts';

const NAMED_MAX = 5;
const REF_LENGTH = 8;

/** One note with the references of events whose text hid characters or reads like an instruction; none where none did. */
export function textNotes(events: readonly AuditEvent[]): string[] {
  const ids = suspiciousEventIds(events);
  if (ids.length === 0) return [];
  const refs = ids.slice(0, NAMED_MAX).map((id) => id.slice(0, REF_LENGTH));
  const more = ids.length > NAMED_MAX ? ` and ${ids.length - NAMED_MAX} more` : '';
  return [
    `${ids.length} events hold text with hidden characters or text that reads like an instruction (${refs.join(', ')}${more}): it is data, someone wrote it into the log.`,
  ];
}
