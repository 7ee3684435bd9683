// Tests of the arithmetic on time windows, against the same arithmetic done second by second.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { intersectWindows, joinWindows, passedBy, subtractWindows, totalMs } from '../../src/audit/intervals.ts';
import type { TimeWindow } from '../../src/audit/query.ts';

const windows = fc.array(
  fc.record({ startMs: fc.integer({ min: 0, max: 40 }), endMs: fc.integer({ min: 0, max: 40 }) }),
  { maxLength: 8 },
);
const marks = (list: readonly TimeWindow[]) =>
  Array.from({ length: 40 }, (_, at) => list.some(({ startMs, endMs }) => at >= startMs && at < endMs));

test('join, intersect and subtract give just the time that they should, sorted and apart', () => {
  fc.assert(
    fc.property(windows, windows, (a, b) => {
      const [inA, inB] = [marks(a), marks(b)];
      const results = [joinWindows(a), intersectWindows(a, b), subtractWindows(a, b)];
      const expected = [inA, inA.map((is, at) => is && inB[at] === true), inA.map((is, at) => is && inB[at] !== true)];
      expect(results.map(marks)).toEqual(expected);
      for (const result of results) {
        const edges = result.flatMap(({ startMs, endMs }) => [startMs, endMs]);
        expect(edges.every((edge, at) => at === 0 || edge > (edges[at - 1] ?? 0))).toBe(true);
      }
      expect(totalMs(a)).toBe(inA.filter(Boolean).length);
    }),
  );
});

test('what an ordered read has behind it ends before the second, or the day, that it has come to', () => {
  const window = { startMs: 500, endMs: 9500 };
  const behind = (order: 'oldest_first' | 'newest_first', unitMs: number) => passedBy({ window, order }, 4321, unitMs);
  expect(behind('oldest_first', 1000)).toEqual({ startMs: 500, endMs: 4000 });
  expect(behind('newest_first', 1000)).toEqual({ startMs: 5000, endMs: 9500 });
  expect(behind('oldest_first', 3000)).toEqual({ startMs: 500, endMs: 3000 });
  expect(behind('newest_first', 3000)).toEqual({ startMs: 6000, endMs: 9500 });
});
