// Owns the figures by which scores and findings are judged.

/** Chance that a random attack scores above a random benign login, ties half. */
export function auc(attacks: readonly number[], benign: readonly number[]): number {
  const sorted = Float64Array.from(benign).sort();
  let sum = 0;
  for (const score of attacks) sum += countBelow(sorted, score, false) + countBelow(sorted, score, true);
  return sum / (2 * attacks.length * sorted.length);
}

/** How many of `sorted` are below `value` (or equal, where `inclusive`). */
function countBelow(sorted: Float64Array, value: number, inclusive: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = sorted[middle] ?? Infinity;
    if (at < value || (inclusive && at === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Share of attacks above the threshold that at most `falsePositiveRate` of benign logins are strictly above. */
export function truePositiveRate(
  attacks: readonly number[],
  benign: readonly number[],
  falsePositiveRate: number,
): number {
  const sorted = Float64Array.from(benign).sort().reverse();
  const threshold = sorted[Math.min(sorted.length - 1, Math.floor(falsePositiveRate * sorted.length))] ?? Infinity;
  return attacks.filter((score) => score > threshold).length / attacks.length;
}

export interface ScoreFigures {
  readonly auc: number;
  readonly tpr1: number;
  readonly tpr5: number;
}

/** AUC, and the share of attacks found at 1% and 5% false positives. */
export function scoreFigures(attacks: readonly number[], benign: readonly number[]): ScoreFigures {
  return {
    auc: auc(attacks, benign),
    tpr1: truePositiveRate(attacks, benign, 0.01),
    tpr5: truePositiveRate(attacks, benign, 0.05),
  };
}

/** Mean of numbers; NaN of none. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
