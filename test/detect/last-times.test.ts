// Tests the table of the newest time of each thing.
import { expect, test } from 'vitest';
import { createTimes, forget, lastTimeOf, slotOf, touchSlot, type Slots } from '../../src/detect/last-times.ts';

test('the newest time of each thing is kept, until it is forgotten; its place is then another’s', () => {
  const times = createTimes();
  const [mine, others]: [Slots, Slots] = [new Map(), new Map()];
  const touch = (slots: Slots, key: string, timeMs: number) => touchSlot(times, slotOf(times, slots, key), timeMs);
  const mineAre = () => ['a', 'b', 'c', 'd'].map((key) => lastTimeOf(times, mine, key));
  touch(mine, 'a', 1);
  touch(mine, 'b', 5);
  touch(others, 'b', 100);
  touch(mine, 'c', 9);
  touch(mine, 'b', 3);
  touch(mine, 'a', 7);
  expect(mineAre()).toEqual([7, 5, 9, -Infinity]);
  const place = slotOf(times, mine, 'b');
  expect(forget(times, mine, 7)).toBe(true);
  expect(forget(times, mine, 7)).toBe(false);
  expect(mineAre()).toEqual([7, -Infinity, 9, -Infinity]);
  expect(slotOf(times, others, 'd')).toBe(place);
  expect(lastTimeOf(times, others, 'd')).toBe(-Infinity);
  touch(mine, 'b', 8);
  expect(mineAre()).toEqual([7, 8, 9, -Infinity]);
  expect(lastTimeOf(times, others, 'b')).toBe(100);
  touchSlot(times, -1, 9);
});
