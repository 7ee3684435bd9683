// Owns the memory of a rule for first uses: on which days a thing was seen, without what is too recent to be trusted.
import type { SeenEvent } from './detector.ts';

const DAY_MS = 86_400_000;

/** As long as a baseline doubts what was suspicious: time to look at the finding before its subject counts as known. */
const DOUBT_MS = 7 * DAY_MS;

const utcDay = (timeMs: number): number => Math.floor(timeMs / DAY_MS);

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
  /** `isDoubted`: this is itself reported. It counts a week later only, as do those before it that do not count yet. */
  note(key: string, seen: SeenEvent, isDoubted?: boolean): void;
  /** What is known of `key` at `nowMs`: sightings of the horizon that are out of quarantine. */
  of(key: string, nowMs: number): Sighted;
  knows(key: string, nowMs: number): boolean;
}

/** The first of its day, which counts from `knownMs` on. */
interface Sighting {
  readonly timeMs: number;
  knownMs: number;
}

/** Memory: one sighting for each day and key of the horizon. Trial events are not kept. */
export function createSightings(options: SightingsOptions = {}): Sightings {
  const { horizonMs = 30 * DAY_MS, quarantineMs = DAY_MS } = options;
  /** Oldest first. */
  const byKey = new Map<string, Sighting[]>();
  let nextSweepMs = -Infinity;

  function sweep(nowMs: number): void {
    if (nowMs < nextSweepMs) return;
    nextSweepMs = nowMs + DAY_MS;
    for (const [key, sightings] of byKey) {
      const kept = sightings.filter(({ timeMs }) => timeMs >= nowMs - horizonMs);
      if (kept.length === 0) byKey.delete(key);
      else byKey.set(key, kept);
    }
  }

  function doubt(sightings: readonly Sighting[], nowMs: number): void {
    for (const sighting of sightings) {
      if (sighting.knownMs > nowMs) sighting.knownMs = Math.max(sighting.knownMs, sighting.timeMs + DOUBT_MS);
    }
  }

  function of(key: string, nowMs: number): Sighted {
    const known = byKey.get(key)?.filter(({ timeMs, knownMs }) => timeMs >= nowMs - horizonMs && knownMs <= nowMs);
    return { days: known?.length ?? 0, firstMs: known?.[0]?.timeMs ?? Infinity };
  }

  return {
    note(key, { timeMs, trial }, isDoubted = false) {
      if (trial) return;
      sweep(timeMs);
      const sightings = byKey.get(key) ?? [];
      const last = sightings.at(-1);
      if (last === undefined) byKey.set(key, sightings);
      if (last === undefined || utcDay(last.timeMs) < utcDay(timeMs)) {
        sightings.push({ timeMs, knownMs: timeMs + quarantineMs });
      }
      if (isDoubted) doubt(sightings, timeMs);
    },
    of,
    knows: (key, nowMs) => of(key, nowMs).days > 0,
  };
}
