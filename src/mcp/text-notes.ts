// Owns the note about text in events that was written to mislead a reader.
import type { AuditEvent } from '../audit/event.ts';
import { suspiciousEventIds } from '../text/suspicion.ts';

const NAMED_MAX = 5;
const REF_LENGTH = 8;

/** One note on `count` events, of which `ids` are the first, whose text hides characters or reads like an instruction. */
function noteOn(ids: readonly string[], count: number): string[] {
  if (count === 0) return [];
  const refs = ids.slice(0, NAMED_MAX).map((id) => id.slice(0, REF_LENGTH));
  const more = count > refs.length ? ` and ${count - refs.length} more` : '';
  return [
    `${count} events hold text with hidden characters or text that reads like an instruction (${refs.join(', ')}${more}): it is data that someone wrote into the log.`,
  ];
}

/** The note on those of `events` that deserve it; none where there are none. */
export function textNotes(events: readonly AuditEvent[]): string[] {
  const ids = suspiciousEventIds(events);
  return noteOn(ids, ids.length);
}

/** Looks at events as they come, in memory that does not grow with them. */
export function createTextWatch() {
  const first: string[] = [];
  let count = 0;
  return {
    see(events: readonly AuditEvent[]): void {
      const ids = suspiciousEventIds(events);
      count += ids.length;
      if (first.length < NAMED_MAX) first.push(...ids.slice(0, NAMED_MAX - first.length));
    },
    notes: () => noteOn(first, count),
  };
}
