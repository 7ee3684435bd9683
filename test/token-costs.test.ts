import { beforeAll, describe, expect, test } from 'vitest';
import { measureCosts, toolListTokens, type Costs } from '../bench/tokens/costs.ts';
import { tokenEstimate } from '../src/text/tokens.ts';

const ANSWER_MAX = 20_000;

describe('what the server costs a model, by a public tokenizer', () => {
  let costs: Costs;
  beforeAll(async () => {
    costs = await measureCosts();
  }, 120_000);

  test('the list of all tools takes at most 8,000 tokens', () => {
    expect(toolListTokens().reduce((sum, { tokens }) => sum + tokens, 0)).toBeLessThanOrEqual(8000);
  });

  test('50 events in rows with their names take at most 60 % of the JSON of the API', () => {
    expect(costs.pages.length).toBeGreaterThan(3);
    expect(costs.pages.filter(({ rows, api }) => rows / api > 0.6)).toEqual([]);
  });

  test('ten findings take at most 4,500 tokens', () => {
    const judging = costs.typical.filter(({ tool }) => /^find_(?:suspicious|risky)/u.test(tool));
    expect(judging).toHaveLength(2);
    expect(judging.filter(({ tokens }) => tokens > 4500)).toEqual([]);
  });

  test('no answer takes more than 20,000 tokens, however much is asked for', () => {
    const all = [...costs.typical, ...costs.largest];
    expect(all.filter(({ tokens }) => tokens > ANSWER_MAX).map(({ question }) => question)).toEqual([]);
  });

  test('the estimate by which answers are cut is not below what the tokenizer counts', () => {
    const all = [...costs.typical, ...costs.largest];
    const low = all.filter(({ text, tokens }) => tokenEstimate(text) < tokens * 0.95);
    expect(low.map(({ question, tokens }) => [question, tokens])).toEqual([]);
  });
});
