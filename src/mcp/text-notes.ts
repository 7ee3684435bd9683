// Owns the note about text in events that was written to mislead a reader.
import type { AuditEvent } from '../audit/event.ts';
import { NOTE_WORDS, type Lang } from './note-wording.ts';
import { cleanText } from '../text/clean.ts';
import { suspiciousEventIds } from '../text/suspicion.ts';

const NAMED_MAX = 5;
/** Ids are whole: the beginning of one may be that of many. */
const ID_LENGTH = 64;

/** One note on `count` events, of which `ids` are the first, whose text hides characters or reads like an instruction. */
function noteOn(ids: readonly string[], count: number, lang: Lang): string[] {
  if (count === 0) return [];
  const named = ids.slice(0, NAMED_MAX).map((id) => cleanText(id, ID_LENGTH));
  return [NOTE_WORDS[lang].hostile(count, named.join(', '), count - named.length)];
}

/** The note on those of `events` that deserve it; none where there are none. */
export function textNotes(events: readonly AuditEvent[], lang: Lang): string[] {
  const ids = suspiciousEventIds(events);
  return noteOn(ids, ids.length, lang);
}

/** Looks at events as they come, in memory that does not grow with them. */
export function createTextWatch(lang: Lang) {
  const first: string[] = [];
  let count = 0;
  return {
    see(events: readonly AuditEvent[]): void {
      const ids = suspiciousEventIds(events);
      count += ids.length;
      if (first.length < NAMED_MAX) first.push(...ids.slice(0, NAMED_MAX - first.length));
    },
    notes: () => noteOn(first, count, lang),
  };
}
