// Owns the arithmetic of counts that halve again and again: one factor for all, instead of one for each count.

/** Counts that fade alike share one, which keeps the factor that was asked for last. */
export interface Fading {
  readonly halfLifeMs: number;
  /** What one event at `timeMs` adds to a stored count. */
  amountAt(timeMs: number): number;
  /** What a stored count is multiplied with to be read at `nowMs`. */
  factorAt(nowMs: number): number;
}

/**
 * Counts are stored as if seen from the first event (later ones weigh more), and scaled when read. Doubles hold some
 * decades of half-lives of a month.
 */
export function createFading(halfLifeMs: number): Fading {
  let startMs: number | undefined;
  let nowMs = Number.NaN;
  let factor = 1;
  function factorAt(timeMs: number): number {
    startMs ??= timeMs;
    if (timeMs !== nowMs) {
      nowMs = timeMs;
      factor = 2 ** ((startMs - timeMs) / halfLifeMs);
    }
    return factor;
  }
  return { halfLifeMs, amountAt: (timeMs) => 1 / factorAt(timeMs), factorAt };
}
