// Owns the way from many short texts to bytes: one text at a time, into memory that is used again.

/** UTF-8 needs no more for a unit of a text. */
const MOST_BYTES_A_UNIT = 3;
const FIRST_BYTES = 64 * 1024;

/** Bytes that grow as texts are added. */
export interface TextBuffer {
  readonly length: number;
  add(text: string): void;
  /** What was added; good until the next add() or clear(). */
  bytes(): Buffer;
  clear(): void;
}

/** Joined first, one Cyrillic letter would make all of a long text twice as big, and four times as slow to turn into bytes. */
export function createTextBuffer(): TextBuffer {
  let buffer = Buffer.allocUnsafeSlow(0);
  let length = 0;
  return {
    get length() {
      return length;
    },
    add(text) {
      const needed = length + text.length * MOST_BYTES_A_UNIT;
      if (needed > buffer.length) {
        const larger = Buffer.allocUnsafeSlow(Math.max(FIRST_BYTES, 2 * needed));
        buffer.copy(larger, 0, 0, length);
        buffer = larger;
      }
      length += buffer.write(text, length);
    },
    bytes: () => buffer.subarray(0, length),
    clear() {
      length = 0;
    },
  };
}
