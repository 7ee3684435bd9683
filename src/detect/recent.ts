// Owns the short memory of a rule: the last events of each actor or source within a span of time.
import type { SeenEvent } from './detector.ts';
import { floatsFor } from './flat.ts';
import { SETTLE_MS } from './outcomes.ts';

export interface Recent<K = string> {
  /**
   * Events of `key` not older than the span before `nowMs`, oldest first: the list itself, good until something is added or dropped.
   * `nowMs` may lie a minute back: an outcome is told late.
   */
  of(key: K, nowMs: number): readonly SeenEvent[];
  add(key: K, seen: SeenEvent): void;
  /** `count`, which was counted over `events` (what `of` gave, and the event at hand), as it may be told: where older ones were forgotten, with a plus. */
  told(count: number, events: readonly SeenEvent[]): number | string;
  /** Forgets the events of `key` for which `gone` holds. */
  drop(key: K, gone: (seen: SeenEvent) => boolean): void;
}

const NONE: readonly SeenEvent[] = [];
const HOUR_MS = 3_600_000;
/** A busy key is tidied each time that so many events have come. */
const TIDY_EVERY = 64;

/** Where the lists are. */
interface Lists<K> {
  /** The list of `key`; undefined where there is none, and maybe where nothing in it is as new as `sinceMs`. */
  get(key: K, sinceMs: number): SeenEvent[] | undefined;
  set(key: K, events: SeenEvent[]): void;
  /** Takes note of the time of the last event of `key`. */
  touch(key: K, timeMs: number): void;
  /** Forgets lists in which nothing is as new as `sinceMs`: when that much time has passed since the last sweep. */
  sweep(sinceMs: number): void;
}

/** Two generations: what was not used in the younger one goes with the older, and nobody has to walk through all that is there. */
function listsByText(): Lists<string> {
  let younger = new Map<string, SeenEvent[]>();
  let older = new Map<string, SeenEvent[]>();
  return {
    get(key) {
      const used = younger.get(key);
      if (used !== undefined) return used;
      const events = older.get(key);
      if (events !== undefined) younger.set(key, events);
      return events;
    },
    set: (key, events) => void younger.set(key, events),
    touch: () => undefined,
    sweep() {
      older = younger;
      younger = new Map();
    },
  };
}

/** Found several times as fast as by text, and what is old is not looked at; every rule asks at every login. */
function listsByNumber(): Lists<number> {
  const lists: (SeenEvent[] | undefined)[] = [];
  let newestMs: Float64Array = new Float64Array(0);
  let used: number[] = [];
  return {
    get: (key, sinceMs) => ((newestMs[key] ?? -Infinity) < sinceMs ? undefined : lists[key]),
    set(key, events) {
      // A list that is filled far beyond its end becomes a map.
      while (lists.length <= key) lists.push(undefined);
      if (lists[key] === undefined) used.push(key);
      lists[key] = events;
    },
    touch(key, timeMs) {
      newestMs = floatsFor(newestMs, key + 1);
      newestMs[key] = timeMs;
    },
    sweep(sinceMs) {
      used = used.filter((key) => {
        const isGone = (newestMs[key] ?? 0) < sinceMs;
        if (isGone) lists[key] = undefined;
        return !isGone;
      });
    },
  };
}

/** Makes a list shorter that has become too long. */
type Cut = (events: SeenEvent[]) => void;

const cutOldest: Cut = (events) => void events.shift();

/**
 * Leaves of each actor the newest, and of those who have most the least: who floods a source must not wash away what others did there.
 * Cuts a quarter at once, since it looks at all of them.
 */
const cutBusiest: Cut = (events) => {
  const kept = Math.floor(events.length * 0.75);
  const counts = new Map<number, number>();
  for (const { actor } of events) counts.set(actor, (counts.get(actor) ?? 0) + 1);
  const sorted = [...counts.values()].toSorted((a, b) => a - b);
  let left = kept;
  let most = 1;
  for (const [index, count] of sorted.entries()) {
    const fair = Math.floor(left / (sorted.length - index));
    most = Math.max(1, fair);
    if (count > fair) break;
    left -= count;
  }
  const leave = new Map([...counts].map(([actor, count]) => [actor, Math.max(0, count - most)]));
  const stays = events.filter(({ actor }) => {
    const over = leave.get(actor) ?? 0;
    leave.set(actor, over - 1);
    return over <= 0;
  });
  events.splice(0, events.length, ...stays.slice(-kept));
};

/**
 * Memory for `spanMs`, both ends included: an event exactly `spanMs` old still counts. Trial events are not kept.
 * Bounded by keys and `maxPerKey` (the oldest go first), not by events.
 */
export function createRecent(spanMs: number, maxPerKey = 200): Recent {
  return recentIn(listsByText(), spanMs, maxPerKey, cutOldest);
}

/** The same by source, shared fairly by the actors who come from it. */
export function createRecentOfSources(spanMs: number, maxPerKey: number): Recent {
  return recentIn(listsByText(), spanMs, maxPerKey, cutBusiest);
}

/** The same by the number of the actor. */
export function createRecentOfActors(spanMs: number, maxPerKey = 200): Recent<number> {
  return recentIn(listsByNumber(), spanMs, maxPerKey, cutOldest);
}

function recentIn<K>(lists: Lists<K>, spanMs: number, maxPerKey: number, cut: Cut): Recent<K> {
  let nextSweepMs = -Infinity;
  /** An outcome that is told late asks for what was there a minute ago. */
  const keptMs = spanMs + SETTLE_MS;

  function sweep(nowMs: number): void {
    if (nowMs < nextSweepMs) return;
    // What is old is not told: sweeping frees memory only.
    nextSweepMs = nowMs + Math.max(keptMs, HOUR_MS);
    lists.sweep(nowMs - keptMs);
  }

  return {
    of(key, nowMs) {
      const events = lists.get(key, nowMs - spanMs);
      if (events === undefined) return NONE;
      let first = 0;
      while (first < events.length && (events[first]?.timeMs ?? 0) < nowMs - spanMs) first += 1;
      // The list stays for what comes next: to delete it and to make it again each time would cost more than all else here.
      if (first === events.length) events.length = 0;
      else if (first > 0) events.splice(0, first);
      return events;
    },
    add(key, seen) {
      if (seen.trial) return;
      sweep(seen.timeMs);
      const events = lists.get(key, seen.timeMs - keptMs);
      lists.touch(key, seen.timeMs);
      if (events === undefined) {
        lists.set(key, [seen]);
        return;
      }
      if (events.push(seen) > maxPerKey) cut(events);
      // What only grows old in a list is carried along by the collection of garbage, with all that hangs on it.
      if (events.length % TIDY_EVERY === 0) {
        const oldestMs = seen.timeMs - keptMs;
        events.splice(
          0,
          events.findIndex(({ timeMs }) => timeMs >= oldestMs),
        );
      }
    },
    told: (count, events) => (events.length > maxPerKey ? `${count}+` : count),
    drop(key, gone) {
      const kept = lists.get(key, -Infinity)?.filter((seen) => !gone(seen));
      if (kept !== undefined) lists.set(key, kept);
    },
  };
}
