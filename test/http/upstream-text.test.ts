// Tests that what the API says is shown without the token, in whatever form and wherever it is cut.
import { expect, test } from 'vitest';
import { upstreamText } from '../../src/http/upstream-text.ts';

const TOKEN = 'Zx9kQy3vLmN3pRt7wYb2dFh4jGs6cM0aKe8uVi5o';
const FORMS = {
  plain: TOKEN,
  base64: Buffer.from(TOKEN).toString('base64'),
  'in base64': Buffer.from(`Bearer ${TOKEN}`).toString('base64'),
  percent: Array.from(TOKEN, (character) => `%${character.charCodeAt(0).toString(16)}`).join(''),
  'broken up by a hidden character': `${TOKEN.slice(0, 9)}\u200b${TOKEN.slice(9)}`,
};

test.each(Object.entries(FORMS))('%s: no cut leaves a part of it', (_name, form) => {
  for (let before = 0; before < 220; before += 1) {
    const said = upstreamText(`${'-'.repeat(before)}${form}`, TOKEN);
    expect(said.length).toBeLessThanOrEqual(200);
    // Base64 of more than the token begins with what stands before it, and of four characters at either end one may be left.
    for (let at = 12; at + 6 < form.length - 4; at += 1) expect(said).not.toContain(form.slice(at, at + 6));
  }
});

test('of a text without it, the first 200 characters are shown', () => {
  expect(upstreamText(`${'é'.repeat(150)} ${'x'.repeat(300)}`, TOKEN)).toMatch(/^é{150} x+…$/u);
});
