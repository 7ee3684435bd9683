// Tests the threshold that a company's last 30 days leave room for.
import { describe, expect, test } from 'vitest';
import { createAlertBudget } from '../../../src/detect/risk/alert-budget.ts';

const DAY_MS = 86_400_000;

/** A company of `people`, each of whom scores 0 once a day for ten days. */
function quietBudget(people: number) {
  const budget = createAlertBudget();
  for (let day = 0; day < 10; day += 1) {
    for (let actor = 0; actor < people; actor += 1) budget.note(actor, 0, day * DAY_MS);
  }
  return budget;
}

describe('an alert budget', () => {
  test('says nothing before a week is over', () => {
    const budget = createAlertBudget();
    budget.note(1, 5, 0);
    expect(budget.threshold(5, 7 * DAY_MS - 1)).toBeUndefined();
    expect(budget.threshold(5, 7 * DAY_MS)).toBeDefined();
  });

  test('is the score that only so many people passed', () => {
    const budget = quietBudget(1000);
    for (const [index, score] of [9, 8, 7, 6, 5, 4, 3].entries()) budget.note(index, score, 9 * DAY_MS);
    // Ten days of 3.5 alerts a week leave room for five.
    budget.note(1, 0, 10 * DAY_MS);
    expect(budget.threshold(3.5, 10 * DAY_MS)).toBe(4);
  });

  test('leaves the smallest company room for two alerts', () => {
    const budget = quietBudget(5);
    for (const [index, score] of [9, 8, 7].entries()) budget.note(index, score, 9 * DAY_MS);
    budget.note(1, 0, 10 * DAY_MS);
    expect(budget.threshold(1, 10 * DAY_MS)).toBe(7);
  });

  test('is not spent on what another rule has told of', () => {
    const budget = quietBudget(5);
    for (const [index, score] of [9, 8, 7].entries()) budget.note(index, score, 9 * DAY_MS);
    for (const actor of [0, 1, 2]) budget.strike(actor, 9 * DAY_MS);
    budget.note(1, 0, 10 * DAY_MS);
    expect(budget.threshold(1, 10 * DAY_MS)).toBe(0);
  });
});
