// Owns a clock that stands still for whoever asks the time, while waiting takes real time: windows come out the same every run.
import type { Clock } from '../../src/clock.ts';
import { systemClock } from '../../src/system-clock.ts';

export function stillClock(nowMs: number): Clock {
  return { ...systemClock, now: () => nowMs };
}
