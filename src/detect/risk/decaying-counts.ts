// Owns counts that fade with time: what was often long ago counts less than what is often now.
import { createFading } from './fading.ts';

export interface DecayingCounts {
  of(key: string, nowMs: number): number;
  add(key: string, timeMs: number): void;
}

/** Counts that halve every `halfLifeMs`, for a few keys: none is forgotten. */
export function createDecayingCounts(halfLifeMs: number): DecayingCounts {
  const fading = createFading(halfLifeMs);
  const counts = new Map<string, number>();
  return {
    of: (key, nowMs) => (counts.get(key) ?? 0) * fading.factorAt(nowMs),
    add: (key, timeMs) => void counts.set(key, (counts.get(key) ?? 0) + fading.amountAt(timeMs)),
  };
}
