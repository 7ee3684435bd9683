// Owns counts that fade with time: what was often long ago counts less than what is often now.

export interface DecayingCounts {
  of(key: string, nowMs: number): number;
  add(key: string, timeMs: number, amount?: number): void;
  /** Forgets what has faded away. */
  prune(nowMs: number): void;
}

/** Counts that halve every `halfLifeMs`. Memory: one entry for each key that has not faded. */
export function createDecayingCounts(halfLifeMs: number): DecayingCounts {
  const counts = new Map<string, { amount: number; timeMs: number }>();
  const factor = (fromMs: number, toMs: number) => (toMs > fromMs ? 2 ** ((fromMs - toMs) / halfLifeMs) : 1);
  return {
    of(key, nowMs) {
      const entry = counts.get(key);
      return entry === undefined ? 0 : entry.amount * factor(entry.timeMs, nowMs);
    },
    add(key, timeMs, amount = 1) {
      const entry = counts.get(key);
      if (entry === undefined) counts.set(key, { amount, timeMs });
      else {
        entry.amount = entry.amount * factor(entry.timeMs, timeMs) + amount;
        entry.timeMs = Math.max(entry.timeMs, timeMs);
      }
    },
    prune(nowMs) {
      for (const [key, entry] of counts) if (entry.amount * factor(entry.timeMs, nowMs) < 0.02) counts.delete(key);
    },
  };
}
