// Owns which events a list about one person shows: of all that were read, those that tell most.
import { compareEvents, type AuditEvent } from '../audit/event.ts';
import { rankOf, type Rank } from './notable.ts';

/** A burst of one kind is told by a few of it: a hundred searches must not push the login before them out of view. */
const FEW = 8;
/** Told apart; the log knows far fewer. */
const KEYS_MAX = 200;

export interface Telling {
  /** `rank`: how much it tells; default: as its key does. */
  add(event: AuditEvent, rank?: Rank): void;
  /** All that were added. */
  count(): number;
  /** At most so many lines, the most telling first. */
  events(): AuditEvent[];
}

/** The newest events of a stream, newest first, in memory that does not grow with it. */
function createNewest(max: number) {
  let kept: AuditEvent[] = [];
  const newest = (): AuditEvent[] => kept.toSorted((a, b) => compareEvents(b, a)).slice(0, max);
  return {
    add(event: AuditEvent): void {
      kept.push(event);
      if (kept.length >= 4 * max) kept = newest();
    },
    newest,
  };
}

/** The newest events of each key, newest first. */
function createNewestByKey(max: number) {
  const byKey = new Map<string, ReturnType<typeof createNewest>>();
  return {
    add(event: AuditEvent): void {
      const key = byKey.size < KEYS_MAX || byKey.has(event.event_key) ? event.event_key : '';
      const ofKey = byKey.get(key) ?? createNewest(max);
      byKey.set(key, ofKey);
      ofKey.add(event);
    },
    /** Of each key those from the `from`th to before the `to`th. */
    slice: (from: number, to: number): AuditEvent[] =>
      [...byKey.values()].flatMap((ofKey) => ofKey.newest().slice(from, to)).toSorted((a, b) => compareEvents(b, a)),
  };
}

/** The notable before the everyday, then the newest, of a kind a few. `fills`: where there is room left, more of the same kinds. */
export function createTelling(linesMax: number, { fills }: { fills: boolean }): Telling {
  const perKey = fills ? linesMax : FEW;
  const byRank = [createNewestByKey(perKey), createNewestByKey(perKey), createNewestByKey(perKey)] as const;
  let count = 0;
  return {
    add(event, rank = rankOf(event.event_key)) {
      count += 1;
      byRank[rank].add(event);
    },
    count: () => count,
    events: () =>
      [
        ...byRank.flatMap((newest) => newest.slice(0, FEW)),
        ...byRank.flatMap((newest) => newest.slice(FEW, linesMax)),
      ].slice(0, linesMax),
  };
}
