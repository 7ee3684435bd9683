// Owns counts that fade with time: what was often long ago counts less than what is often now.
import type { Fading } from './fading.ts';

export interface DecayingCounts {
  of(key: string, nowMs: number): number;
  add(key: string, timeMs: number): void;
}

/** For a few keys: none is forgotten. */
export function createDecayingCounts(fading: Fading): DecayingCounts {
  const counts = new Map<string, { amount: number }>();
  return {
    of: (key, nowMs) => (counts.get(key)?.amount ?? 0) * fading.factorAt(nowMs),
    add(key, timeMs) {
      const count = counts.get(key);
      if (count === undefined) counts.set(key, { amount: fading.amountAt(timeMs) });
      else count.amount += fading.amountAt(timeMs);
    },
  };
}
