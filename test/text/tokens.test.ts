// Tests the estimate of what a text costs a model.
import { expect, test } from 'vitest';
import { tokenBound, tokenEstimate } from '../../src/text/tokens.ts';

test.each([
  ['', 0],
  ['user login', 3],
  ['0123456789', 6],
  ['{"a":[1,2]}', 6],
  ['вход в систему', 8],
  ['\u{1F600}', 2],
])('%j costs about %d tokens', (text, tokens) => {
  expect(tokenEstimate(text)).toBe(tokens);
});

test('the estimate grows with the text, and a whole is at most the sum of its parts', () => {
  const text = 'Anna Петрова <anna@company.example> 192.0.2.1';
  const whole = tokenEstimate(text);
  expect(tokenEstimate(text.slice(0, 20)) + tokenEstimate(text.slice(20))).toBeGreaterThanOrEqual(whole);
  expect(tokenEstimate(`${text}.`)).toBeGreaterThanOrEqual(whole);
});

test('the bound is above the estimate, and far above it for what splits badly', () => {
  for (const text of ['user login', 'вход', '{"a":1}', 'xQzJ9kV4']) {
    expect(tokenBound(text)).toBeGreaterThanOrEqual(tokenEstimate(text));
  }
  expect(tokenBound('ѪѬѮ')).toBe(6);
  expect(tokenBound('\u{1F600}')).toBe(6);
});
