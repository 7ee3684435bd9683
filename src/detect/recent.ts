// Owns the short memory of a rule: the last events of each actor or source within a span of time.
import type { SeenEvent } from './detector.ts';

export interface Recent {
  /** Events of `key` not older than the span before `nowMs`, oldest first. */
  of(key: string, nowMs: number): readonly SeenEvent[];
  add(key: string, seen: SeenEvent): void;
  /** Forgets the events of `key` for which `gone` holds. */
  drop(key: string, gone: (seen: SeenEvent) => boolean): void;
}

/** The usual answer, which needs no new list. */
const NONE: readonly SeenEvent[] = [];

/**
 * Memory for `spanMs`, both ends included: an event exactly `spanMs` old still counts. Trial events are not kept.
 * Bounded by keys and `maxPerKey` (the oldest go first), not by events.
 */
export function createRecent(spanMs: number, maxPerKey = 200): Recent {
  const byKey = new Map<string, SeenEvent[]>();
  let nextSweepMs = -Infinity;

  function sweep(nowMs: number): void {
    if (nowMs < nextSweepMs) return;
    nextSweepMs = nowMs + spanMs;
    for (const [key, events] of byKey) if ((events.at(-1)?.timeMs ?? 0) < nowMs - spanMs) byKey.delete(key);
  }

  return {
    of(key, nowMs) {
      const events = byKey.get(key);
      if (events === undefined) return NONE;
      const first = events.findIndex((seen) => seen.timeMs >= nowMs - spanMs);
      if (first > 0) events.splice(0, first);
      if (first >= 0) return [...events];
      byKey.delete(key);
      return NONE;
    },
    add(key, seen) {
      if (seen.trial) return;
      sweep(seen.timeMs);
      const events = byKey.get(key);
      if (events === undefined) byKey.set(key, [seen]);
      else if (events.push(seen) > maxPerKey) events.shift();
    },
    drop(key, gone) {
      const kept = byKey.get(key)?.filter((seen) => !gone(seen));
      if (kept === undefined) return;
      if (kept.length === 0) byKey.delete(key);
      else byKey.set(key, kept);
    },
  };
}
