// Checks that texts added one by one give the bytes that they give together.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTextBuffer } from '../../src/text/text-buffer.ts';

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  // Long enough that the memory must grow.
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).map((part) => part.repeat(3000)),
);

test('the bytes are those of the whole text, again after it was cleared', () => {
  fc.assert(
    fc.property(fc.array(fc.array(text, { maxLength: 6 }), { minLength: 1, maxLength: 4 }), (rounds) => {
      const buffer = createTextBuffer();
      for (const texts of rounds) {
        buffer.clear();
        for (const one of texts) buffer.add(one);
        const whole = Buffer.from(texts.join(''));
        expect(buffer.length).toBe(whole.length);
        expect(buffer.bytes().equals(whole)).toBe(true);
      }
    }),
    { numRuns: 50 },
  );
});
