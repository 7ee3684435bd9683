// Tests the budget of requests of one call.
import { describe, expect, test } from 'vitest';
import { BudgetSpent, createSpending } from '../../src/audit/spending.ts';

describe('the request budget', () => {
  test('counts attempts, not calls', () => {
    const spending = createSpending(3);
    const call = spending.beginCall();
    call.attempt();
    call.attempt();
    call.end();
    expect(spending.requests()).toBe(2);
    expect(spending.allowsCall()).toBe(true);
  });

  test('a call that was begun holds its place until it is made or given up', () => {
    const spending = createSpending(2);
    const [first, second] = [spending.beginCall(), spending.beginCall()];
    expect(spending.allowsCall()).toBe(false);
    second.end();
    expect(spending.allowsCall()).toBe(true);
    first.attempt();
    first.attempt();
    expect(() => first.attempt()).toThrow(BudgetSpent);
    expect(spending.requests()).toBe(2);
  });

  test('a repeat does not take the place of a call that was begun', () => {
    const spending = createSpending(2);
    const [first, second] = [spending.beginCall(), spending.beginCall()];
    first.attempt();
    expect(() => first.attempt()).toThrow(BudgetSpent);
    second.attempt();
    expect(spending.requests()).toBe(2);
  });

  test('without a limit nothing is refused', () => {
    const spending = createSpending();
    const call = spending.beginCall();
    for (let attempt = 0; attempt < 1000; attempt += 1) call.attempt();
    expect(spending.requests()).toBe(1000);
  });
});
