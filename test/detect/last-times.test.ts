import { expect, test } from 'vitest';
import { createLastTimes, forget, lastTimeOf, touch } from '../../src/detect/last-times.ts';

test('the newest time of each thing is kept, until it is forgotten', () => {
  const times = createLastTimes();
  for (const [key, timeMs] of [
    ['a', 1],
    ['b', 5],
    ['c', 9],
    ['b', 3],
    ['a', 7],
  ] as const)
    touch(times, key, timeMs);
  expect(['a', 'b', 'c', 'd'].map((key) => lastTimeOf(times, key))).toEqual([7, 5, 9, -Infinity]);
  forget(times, 7);
  expect(['a', 'b', 'c'].map((key) => lastTimeOf(times, key))).toEqual([7, -Infinity, 9]);
  touch(times, 'b', 8);
  expect(['a', 'b', 'c'].map((key) => lastTimeOf(times, key))).toEqual([7, 8, 9]);
});
