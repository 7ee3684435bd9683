// Checks that results are kept for texts that come again, within bounds.
import { expect, test } from 'vitest';
import { keepResults } from '../../src/text/keep-results.ts';

test('a text is read once, as long as it is short and there is room', () => {
  const read: string[] = [];
  const kept = keepResults(2, (text) => {
    read.push(text);
    return { length: text.length };
  });
  const long = 'x'.repeat(513);
  expect([kept('a'), kept('bb'), kept('a'), kept(long), kept(long)]).toEqual(
    [1, 2, 1, 513, 513].map((length) => ({ length })),
  );
  expect(read).toEqual(['a', 'bb', long, long]);
  kept('ccc');
  kept('ccc');
  kept('a');
  expect(read.slice(4)).toEqual(['ccc', 'a']);
});
