// Owns the counting of one actor's events in a short time, for keys of which there may be very many.
import type { SeenEvent } from './detector.ts';
import { createHabits, type AmountVerdict, type HabitOptions } from './habits.ts';

/** More events of one actor within the span are not counted: no threshold is that high. */
const COUNTED_MAX = 5000;

export interface BurstOptions extends HabitOptions {
  readonly spanMs: number;
}

export interface Burst extends AmountVerdict {
  readonly count: number;
  /** `count` as it may be told: with a plus where there were more. */
  readonly told: number | string;
  /**
   * The events of the span each time that the count has doubled since, otherwise the last one alone: a burst of a
   * million events is then told in a time that grows with its length, and its peak is known within a factor of two.
   */
  readonly events: readonly SeenEvent[];
}

export interface Bursts {
  /** The burst that `seen` belongs to; undefined below the fixed amount. */
  observe(actorId: string, seen: SeenEvent): Burst | undefined;
  /** How many events of the actor lie in the span that ends at `nowMs`, the last one observed. */
  countOf(actorId: string, nowMs: number): number;
}

interface Track {
  events: SeenEvent[];
  /** Index of the first event inside the span. */
  head: number;
  /** The count at which the whole span is told next. */
  tellAt: number;
}

/** Both ends of the span are included. Trial events are judged and not kept. */
export function createBursts(options: BurstOptions): Bursts {
  const { spanMs, fixed } = options;
  const tracks = new Map<string, Track>();
  const habits = createHabits(options);
  let nextSweepMs = -Infinity;

  function sweep(nowMs: number): void {
    if (nowMs < nextSweepMs) return;
    nextSweepMs = nowMs + spanMs;
    for (const [key, { events }] of tracks) if ((events.at(-1)?.timeMs ?? 0) < nowMs - spanMs) tracks.delete(key);
  }

  function trackOf(actorId: string, nowMs: number): Track {
    const track = tracks.get(actorId) ?? { events: [], head: 0, tellAt: fixed };
    while ((track.events[track.head]?.timeMs ?? Infinity) < nowMs - spanMs) track.head += 1;
    if (track.events.length - track.head > COUNTED_MAX - 1) track.head = track.events.length - COUNTED_MAX + 1;
    if (track.head > COUNTED_MAX || track.head === track.events.length) {
      track.events = track.events.slice(track.head);
      track.head = 0;
    }
    return track;
  }

  return {
    countOf(actorId, nowMs) {
      const track = trackOf(actorId, nowMs);
      return track.events.length - track.head;
    },
    observe(actorId, seen) {
      sweep(seen.timeMs);
      const track = trackOf(actorId, seen.timeMs);
      const count = track.events.length - track.head + 1;
      const verdict = habits.judge(actorId, seen, count);
      if (count < fixed) track.tellAt = fixed;
      const tellsAll = verdict.over && (count >= track.tellAt || seen.trial);
      const events = tellsAll ? [...track.events.slice(track.head), seen] : [seen];
      if (!seen.trial) {
        if (tellsAll) track.tellAt = 2 * count;
        track.events.push(seen);
        tracks.set(actorId, track);
      }
      return count < fixed ? undefined : { ...verdict, count, told: count < COUNTED_MAX ? count : `${count}+`, events };
    },
  };
}
