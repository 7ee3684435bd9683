// Owns the notes about text in events and names of people that was written to mislead a reader.
import type { AuditEvent } from '../audit/event.ts';
import type { Person } from '../audit/person.ts';
import { NAME_WORDS } from './name-wording.ts';
import { NOTE_WORDS } from './note-wording.ts';
import { cleanText } from '../text/clean.ts';
import { suspiciousIds } from '../text/suspicion.ts';
import type { Lang } from '../text/lang.ts';

const NAMED_MAX = 5;
/** Ids are whole: the beginning of one may be that of many. */
const ID_LENGTH = 64;

/** One note on `count` events or people, of which `ids` are the first, whose text hides characters or reads like an instruction. */
function noteOn(
  ids: readonly string[],
  count: number,
  say: (count: number, ids: string, more: number) => string,
): string[] {
  if (count === 0) return [];
  const named = ids.slice(0, NAMED_MAX).map((id) => cleanText(id, ID_LENGTH));
  return [say(count, named.join(', '), count - named.length)];
}

/** The note on those of `events` that deserve it; none where there are none. */
export function textNotes(events: readonly AuditEvent[], lang: Lang): string[] {
  const ids = suspiciousIds(events);
  return noteOn(ids, ids.length, NOTE_WORDS[lang].hostile);
}

/** The same for `people`, whoever of them is shown. */
export function personNotes(people: Iterable<Pick<Person, 'id' | 'name'>>, lang: Lang): string[] {
  const ids = suspiciousIds(people);
  return noteOn(ids, ids.length, NAME_WORDS[lang].hostile);
}

/** Looks at events as they come, in memory that does not grow with them. */
export function createTextWatch(lang: Lang) {
  const first: string[] = [];
  let count = 0;
  return {
    see(events: readonly AuditEvent[]): void {
      const ids = suspiciousIds(events);
      count += ids.length;
      if (first.length < NAMED_MAX) first.push(...ids.slice(0, NAMED_MAX - first.length));
    },
    notes: () => noteOn(first, count, NOTE_WORDS[lang].hostile),
  };
}
