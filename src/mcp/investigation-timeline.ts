// Owns the timeline of one person: of everything that was read, the events that tell most.
import { compareEvents, type AuditEvent } from '../audit/event.ts';
import { createNewest, type Newest } from '../investigate/newest.ts';
import type { Rank } from '../investigate/notable.ts';

/** A burst of one kind is told by a few of it: a hundred searches must not push the login before them out of view. */
const LINES_OF_KEY_MAX = 8;
/** Told apart; the log knows far fewer. */
const KEYS_MAX = 200;

/** The newest events of each key. */
function createNewestByKey() {
  const byKey = new Map<string, Newest>();
  return {
    add(event: AuditEvent): void {
      const key = byKey.size < KEYS_MAX ? event.event_key : '';
      const newest = byKey.get(key) ?? createNewest(LINES_OF_KEY_MAX);
      byKey.set(key, newest);
      newest.add(event);
    },
    /** Newest first. */
    events: (): AuditEvent[] =>
      [...byKey.values()].flatMap((newest) => newest.events()).toSorted((a, b) => compareEvents(b, a)),
  };
}

/** The most telling events first, then the newest; in the end as they happened. */
export function createTimeline(linesMax: number) {
  const byRank = { 0: createNewestByKey(), 1: createNewestByKey(), 2: createNewestByKey() } as const;
  let count = 0;
  return {
    add(event: AuditEvent, rank: Rank): void {
      count += 1;
      byRank[rank].add(event);
    },
    /** All that were added. */
    count: () => count,
    /** At most `linesMax`, the notable before the everyday, oldest first. */
    events(): AuditEvent[] {
      const ranked = [byRank[0], byRank[1], byRank[2]].flatMap((newest) => newest.events());
      return ranked.slice(0, linesMax).toSorted(compareEvents);
    },
  };
}
