// Tests the measures of the evaluation against counting pair by pair.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { auc, mean, scoreFigures, truePositiveRate } from '../../../bench/detection/metrics.ts';

describe('AUC', () => {
  test('is 1 where every attack scores above every benign login, 0 the other way round', () => {
    expect(auc([3, 4], [1, 2])).toBe(1);
    expect(auc([1, 2], [3, 4])).toBe(0);
  });

  test('counts a tie as half', () => {
    expect(auc([1], [1])).toBe(0.5);
    expect(auc([1, 2], [1])).toBe(0.75);
    expect(auc([5, 5], [5, 5, 5])).toBe(0.5);
  });

  test('is the share of pairs that are in the right order, counted one by one', () => {
    const scores = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(scores, scores, (attacks, benign) => {
        const pairs = attacks.flatMap((a) => benign.map((b): number => (a > b ? 1 : a === b ? 0.5 : 0)));
        expect(auc(attacks, benign)).toBeCloseTo(mean(pairs), 10);
      }),
    );
  });
});

describe('the true positive rate at a false positive rate', () => {
  const benign = Array.from({ length: 100 }, (_, index) => index);

  test('takes the threshold that so many benign logins are strictly above', () => {
    // 99 alone is above 98: an attack must be above 98 too.
    expect(truePositiveRate([98, 98.5, 99], benign, 0.01)).toBeCloseTo(2 / 3);
    expect(truePositiveRate([94, 94.5, 95], benign, 0.05)).toBeCloseTo(2 / 3);
  });

  test('gives nothing to attacks that tie with the threshold', () => {
    expect(truePositiveRate([1, 1, 1], [1, 1, 1, 0], 0.01)).toBe(0);
    expect(truePositiveRate([2, 1], [1, 1, 1, 0], 0.01)).toBe(0.5);
  });

  test('never lets more benign logins pass than it says', () => {
    const scores = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(scores, fc.constantFrom(0.01, 0.05, 0.3), (some, rate) => {
        // Benign logins judged as if they were attacks.
        expect(truePositiveRate(some, some, rate)).toBeLessThanOrEqual(rate);
      }),
    );
  });

  test('is printed at 1% and 5%, beside the AUC', () => {
    expect(scoreFigures([98.5, 95.5], benign)).toEqual({ auc: 0.975, tpr1: 0.5, tpr5: 1 });
  });
});
