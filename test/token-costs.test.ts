// Tests what the server costs a model, by a public tokenizer.
import { beforeAll, describe, expect, test } from 'vitest';
import { measureCosts, tokensOf, toolListTokens, type Costs } from '../bench/tokens/costs.ts';
import { answerResult } from '../src/mcp/result.ts';
import type { SimEvent } from '../src/simulator/model.ts';
import { plainEvents } from '../src/simulator/plain-events.ts';
import { tokenEstimate } from '../src/text/tokens.ts';
import { DEMO_NOW_MS } from './support/demo-company.ts';
import { stillClock } from './support/still-clock.ts';
import { startWorld } from './support/world.ts';

const ANSWER_MAX = 20_000;

const DAY_MS = 86_400_000;

/** Texts that cost a model most for their length. */
const COSTLY = ['xQzJ9kV4bWpF0-_', 'ѪѬѮѰѲѴҀ', '👨‍👩‍👧‍👦🏳️‍🌈', '東葛飾龜', 'щъыфцгжхю', '{}[]<>|~^`', 'ꀀꁐ꒐'];

function costlyEvents(text: string): SimEvent[] {
  const flood = (length: number): string => text.repeat(Math.ceil(length / text.length)).slice(0, length);
  const events = [...plainEvents({ count: 400, startMs: DEMO_NOW_MS - DAY_MS, endMs: DEMO_NOW_MS })];
  return events.map((event) => ({
    ...event,
    actor_id: '1001',
    user_agent: flood(255),
    details: { old_name: flood(250), new_name: flood(250), [flood(40)]: [flood(100), flood(100)] },
  }));
}

describe('an answer about texts that were chosen to be costly', () => {
  test.each(COSTLY)('%s: takes no more than 20,000 tokens', async (text) => {
    const world = await startWorld({
      simulator: { events: costlyEvents(text), now: () => DEMO_NOW_MS },
      clock: stillClock(DEMO_NOW_MS),
    });
    try {
      const questions: [string, Record<string, unknown>][] = [
        ['list_audit_events', { limit: 200 }],
        ['list_audit_events', { limit: 200, response_format: 'detailed' }],
        ['aggregate_audit_events', { group_by: ['entity', 'client'], top: 100 }],
        ['investigate_actor', { actor: '1001' }],
        ['follow_audit_events', { limit: 200 }],
      ];
      for (const [tool, input] of questions) {
        const { structuredContent } = answerResult(await world.answer(tool, input), (same) => same);
        expect(tokensOf(JSON.stringify(structuredContent))).toBeLessThanOrEqual(ANSWER_MAX);
      }
    } finally {
      await world.close();
    }
  });
});

describe('what the server costs a model, by a public tokenizer', () => {
  let costs: Costs;
  beforeAll(async () => {
    costs = await measureCosts();
  });

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
