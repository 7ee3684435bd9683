// Tests that cleaned text hides and runs nothing, whatever it was made of.
import { array, assert, constantFrom, integer, oneof, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanDeep, cleanText, hasHiddenCharacters } from '../../src/text/clean.ts';
import { HONEST_TEXTS, HOSTILE_CORPUS, forbiddenCharacters } from '../support/hostile-corpus.ts';

describe('cleanText', () => {
  test.each(HOSTILE_CORPUS)('shows $name without what is hidden in it', ({ text, clean }) => {
    expect(cleanText(text)).toBe(clean ?? text);
    expect(forbiddenCharacters(cleanText(text))).toEqual([]);
  });

  test.each(HONEST_TEXTS)('leaves honest text as it is: %s', (text) => {
    expect(cleanText(text)).toBe(text);
    expect(hasHiddenCharacters(text)).toBe(false);
  });

  test('keeps private-use characters: they hide nothing', () => {
    expect(cleanText('\uF8FF Mac')).toBe('\uF8FF Mac');
  });

  test('drops a lone style selector without calling it hidden', () => {
    expect(cleanText('ℹ\uFE0E note')).toBe('ℹ note');
    expect(hasHiddenCharacters('ℹ\uFE0E note')).toBe(false);
    expect(hasHiddenCharacters('ℹ\uFE0E\uFE0F\uFE0E note')).toBe(true);
  });

  test('leaves nothing forbidden in any mixture of hidden and visible pieces, and cleaning twice changes nothing', () => {
    const pieces = oneof(
      constantFrom(...HOSTILE_CORPUS.map((entry) => entry.text), ...HONEST_TEXTS),
      constantFrom('\u001B', '[', ']', '\u200D', '\u200C', '\uFE0F', '\u{E0067}', '\u{E007F}', '🏴', '👨', '👩', '♂'),
      string({ unit: 'binary' }),
      integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    );
    assert(
      property(array(pieces, { maxLength: 8 }), (parts) => {
        const clean = cleanText(parts.join(''));
        expect(forbiddenCharacters(clean)).toEqual([]);
        expect(cleanText(clean)).toBe(clean);
      }),
      { numRuns: 500 },
    );
  });

  test('reads a long run of unfinished escape sequences without blowing up', () => {
    expect(cleanText('\u001B]'.repeat(50_000))).toBe('');
    expect(cleanText('\u009D'.repeat(20_000))).toBe('');
  });
});

describe('cleanText with a length', () => {
  test('cuts between characters and marks the cut', () => {
    expect(cleanText('abcdef', 6)).toBe('abcdef');
    expect(cleanText('abcdefg', 6)).toBe('abcde…');
    expect(cleanText('абв👨‍👩‍👧‍👦где', 8)).toBe('абв…');
  });

  test.each([0, 1, 2, 5, 200])('never gives more than %i units, whatever the text is made of', (maxLength) => {
    for (const text of ['x'.repeat(500), '😀'.repeat(300), `a${'\u0301'.repeat(500)}`, '\u200B'.repeat(500)]) {
      const cut = cleanText(text, maxLength);
      expect(cut.length).toBeLessThanOrEqual(maxLength);
      expect(cut.isWellFormed()).toBe(true);
    }
  });
});

describe('cleanDeep', () => {
  test('cleans every value and every key, at any depth', () => {
    const value = { 'a\u200Bb': ['x\u202E', { 'k\u0000': 'v\u{E0041}', n: 1, t: true, z: null }] };
    expect(cleanDeep<unknown>(value)).toEqual({ ab: ['x', { k: 'v', n: 1, t: true, z: null }] });
  });

  test('gives back the same object where nothing had to go', () => {
    const value = { a: [{ b: 'чисто 👨‍👩‍👧‍👦' }, 2, null] };
    expect(cleanDeep(value)).toBe(value);
  });

  test('keeps both of two keys that look the same once cleaned', () => {
    expect(cleanDeep<unknown>({ ab: 1, 'a\u200Bb': 2, 'a\u200Cb': 3 })).toEqual({ ab: 1, 'ab (2)': 2, 'ab (3)': 3 });
  });

  test('keeps a key named __proto__ as data', () => {
    const cleaned = cleanDeep<unknown>(JSON.parse('{"__proto__":{"admin":"yes\\u200b"}}'));
    expect(JSON.stringify(cleaned)).toBe('{"__proto__":{"admin":"yes"}}');
  });

  test('survives a nesting that would exhaust the stack', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`);
    expect(JSON.stringify(cleanDeep(deep))).toContain('[nested too deeply]');
  });
});
