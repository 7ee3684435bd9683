// Owns a clock for tests whose sleeps end at once and move its time on, so that pauses are checked and not waited for.
import type { Clock } from '../../src/clock.ts';

export interface InstantClock extends Clock {
  /** Every sleep so far, milliseconds. */
  readonly sleeps: readonly number[];
  advance(ms: number): void;
}

export function createInstantClock(startMs = Date.parse('2026-03-20T12:00:00Z'), random = () => 0.5): InstantClock {
  let nowMs = startMs;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => nowMs,
    random,
    advance(ms) {
      nowMs += ms;
    },
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      sleeps.push(ms);
      const wakesAtMs = nowMs + ms;
      // A turn of the event loop, so that an endless loop of sleeps stays interruptible.
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      signal?.throwIfAborted();
      // Sleeps that overlap do not add up.
      nowMs = Math.max(nowMs, wakesAtMs);
    },
  };
}
