// Checks that the map keeps what was used last, and no more than it has room for.
import { expect, test } from 'vitest';
import { createRecentMap } from '../src/recent-map.ts';

const filled = () => {
  const map = createRecentMap<string, number>(10);
  map.set('a', 1, 4);
  map.set('b', 2, 4);
  return map;
};
const valuesOf = (map: ReturnType<typeof filled>) => ['a', 'b', 'c'].map((key) => map.get(key));

test('what was not used for the longest time makes room', () => {
  const map = filled();
  map.get('a');
  map.set('c', 3, 4);
  expect(valuesOf(map)).toEqual([1, undefined, 3]);
});

test('as much as is needed makes room', () => {
  const map = filled();
  map.set('c', 3, 10);
  expect(valuesOf(map)).toEqual([undefined, undefined, 3]);
});

test('what has no room at all is not kept, and pushes nothing out', () => {
  const map = filled();
  map.set('c', 3, 11);
  expect(valuesOf(map)).toEqual([1, 2, undefined]);
});

test('a key that is set again counts once', () => {
  const map = filled();
  for (let time = 0; time < 9; time += 1) map.set('a', time, 6);
  expect(valuesOf(map)).toEqual([8, 2, undefined]);
});
