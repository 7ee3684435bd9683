// Tests what is remembered of the ways (source and client) of an actor.
import { expect, test } from 'vitest';
import { createWays, forgetWays, keep, recall } from '../../src/detect/ways.ts';

test('the answers to the last four ways of an actor are kept, until they are forgotten', () => {
  const ways = createWays(2);
  const used = [0, 1, 2, 3, 4].map((device) => ({ source: 7, device }));
  const answersOf = (actor: number) =>
    used.map((way) => {
      const at = recall(ways, actor, way);
      return at < 0 ? undefined : [...ways.cells.subarray(at, at + 2)];
    });
  for (const actor of [5, 0]) {
    for (const way of used) {
      const at = keep(ways, actor, way);
      expect([...ways.cells.subarray(at, at + 2)]).toEqual([-1, -1]);
      ways.cells[at] = 100 * actor + way.device;
    }
  }
  expect(answersOf(5)).toEqual([undefined, [501, -1], [502, -1], [503, -1], [504, -1]]);
  expect(answersOf(0)).toEqual([undefined, [1, -1], [2, -1], [3, -1], [4, -1]]);
  expect(recall(ways, 5, { source: 8, device: 1 })).toBe(-1);
  expect(recall(ways, 6, { source: 7, device: 1 })).toBe(-1);
  forgetWays(ways, 5);
  expect(answersOf(5)).toEqual(used.map(() => undefined));
  expect(answersOf(0)[4]).toEqual([4, -1]);
});

test('no source and no client are a way as well, and nothing is not taken for it', () => {
  const ways = createWays(0);
  const none = { source: -1, device: -1 };
  keep(ways, 1, { source: 3, device: 3 });
  expect(recall(ways, 1, none)).toBe(-1);
  keep(ways, 1, none);
  expect(recall(ways, 1, none)).toBeGreaterThanOrEqual(0);
});
