// Owns the memory of a rule for first uses: on which days a thing was seen, without what is too recent to be trusted.
import type { SeenEvent } from './detector.ts';

const DAY_MS = 86_400_000;

export interface SightingsOptions {
  /** What was not seen for this long is forgotten. Default 30 days. */
  readonly horizonMs?: number;
  /** What happened this recently does not vouch for itself. Default 24 hours, as in the baseline. */
  readonly quarantineMs?: number;
}

export interface Sighted {
  /** Distinct days (UTC) on which it was seen. */
  readonly days: number;
  /** The first of them, milliseconds; Infinity where there is none. */
  readonly firstMs: number;
}

export interface Sightings {
  note(key: string, seen: SeenEvent): void;
  /** What is known of `key` at `nowMs`: sightings of the horizon that are out of quarantine. */
  of(key: string, nowMs: number): Sighted;
  knows(key: string, nowMs: number): boolean;
}

/** Memory: one time for each day and key of the horizon. Trial events are not kept. */
export function createSightings(options: SightingsOptions = {}): Sightings {
  const { horizonMs = 30 * DAY_MS, quarantineMs = DAY_MS } = options;
  /** First sighting of each day, oldest first. */
  const byKey = new Map<string, number[]>();
  let nextSweepMs = -Infinity;

  function sweep(nowMs: number): void {
    if (nowMs < nextSweepMs) return;
    nextSweepMs = nowMs + DAY_MS;
    for (const [key, times] of byKey) {
      const kept = times.filter((timeMs) => timeMs >= nowMs - horizonMs);
      if (kept.length === 0) byKey.delete(key);
      else byKey.set(key, kept);
    }
  }

  function of(key: string, nowMs: number): Sighted {
    const times = byKey.get(key)?.filter((timeMs) => timeMs >= nowMs - horizonMs && timeMs <= nowMs - quarantineMs);
    return { days: times?.length ?? 0, firstMs: times?.[0] ?? Infinity };
  }

  return {
    note(key, seen) {
      if (seen.trial) return;
      sweep(seen.timeMs);
      const times = byKey.get(key);
      if (times === undefined) byKey.set(key, [seen.timeMs]);
      else if (Math.floor((times.at(-1) ?? 0) / DAY_MS) < Math.floor(seen.timeMs / DAY_MS)) times.push(seen.timeMs);
    },
    of,
    knows: (key, nowMs) => of(key, nowMs).days > 0,
  };
}
