// Owns the short memory of a rule: the last events of each actor or source within a span of time.
import type { SeenEvent } from './detector.ts';
import { SETTLE_MS } from './outcomes.ts';

export interface Recent {
  /**
   * Events of `key` not older than the span before `nowMs`, oldest first: the list itself, good until something is added or dropped.
   * `nowMs` may lie a minute back: an outcome is told late.
   */
  of(key: string, nowMs: number): readonly SeenEvent[];
  add(key: string, seen: SeenEvent): void;
  /** Forgets the events of `key` for which `gone` holds. */
  drop(key: string, gone: (seen: SeenEvent) => boolean): void;
}

const NONE: readonly SeenEvent[] = [];
const HOUR_MS = 3_600_000;
/** A busy key is tidied each time that so many events have come. */
const TIDY_EVERY = 64;

/**
 * Memory for `spanMs`, both ends included: an event exactly `spanMs` old still counts. Trial events are not kept.
 * Bounded by keys and `maxPerKey` (the oldest go first), not by events.
 */
export function createRecent(spanMs: number, maxPerKey = 200): Recent {
  const byKey = new Map<string, SeenEvent[]>();
  let nextSweepMs = -Infinity;

  function sweep(nowMs: number): void {
    if (nowMs < nextSweepMs) return;
    // What is old is not told: sweeping frees memory only, and walks through all that is there.
    nextSweepMs = nowMs + Math.max(spanMs, HOUR_MS);
    for (const [key, events] of byKey) if ((events.at(-1)?.timeMs ?? 0) < nowMs - spanMs) byKey.delete(key);
  }

  return {
    of(key, nowMs) {
      const events = byKey.get(key);
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
      const events = byKey.get(key);
      if (events === undefined) {
        byKey.set(key, [seen]);
        return;
      }
      if (events.push(seen) > maxPerKey) events.shift();
      // What only grows old in a list is carried along by the collection of garbage, with all that hangs on it.
      if (events.length % TIDY_EVERY === 0) {
        const oldestMs = seen.timeMs - spanMs - SETTLE_MS;
        events.splice(
          0,
          events.findIndex(({ timeMs }) => timeMs >= oldestMs),
        );
      }
    },
    drop(key, gone) {
      const kept = byKey.get(key)?.filter((seen) => !gone(seen));
      if (kept !== undefined) byKey.set(key, kept);
    },
  };
}
