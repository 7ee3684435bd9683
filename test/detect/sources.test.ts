// Tests by how many people a source is used, in bounded memory.
import { expect, test } from 'vitest';
import { createSources } from '../../src/detect/sources.ts';

test('a source is used by as many people as came since then; the oldest make room where there are more than are kept', () => {
  const sources = createSources(3);
  const office = sources.numberOf('office');
  for (const [actor, timeMs] of [
    [1, 10],
    [2, 20],
    [1, 30],
    [1, 5],
    [3, 40],
  ] as const) {
    sources.visit(office, actor, timeMs);
  }
  const most = (sinceMs: number) => [1, 2, 3, 4].filter((least) => sources.isUsedBy(least, 'office', sinceMs)).length;
  expect([0, 20, 21, 30, 31, 41].map(most)).toEqual([3, 3, 2, 2, 1, 0]);
  sources.visit(office, 4, 50);
  expect([0, 20, 30, 31].map(most)).toEqual([3, 3, 3, 2]);
  expect(sources.isUsedBy(1, 'elsewhere', 0)).toBe(false);
});

test('a source that nobody came from is forgotten, and its number begins anew for another', () => {
  const sources = createSources(3);
  const [old, fresh] = ['old', 'fresh'].map((host) => sources.numberOf(host));
  sources.visit(old ?? -1, 1, 10);
  sources.visit(fresh ?? -1, 1, 20);
  expect(sources.forget(20)).toBe(true);
  expect(sources.forget(20)).toBe(false);
  expect(sources.isUsedBy(1, 'old', 0)).toBe(false);
  expect(sources.isUsedBy(1, 'fresh', 0)).toBe(true);
  expect(sources.numberOf('next')).toBe(old);
  expect(sources.isUsedBy(1, 'next', 0)).toBe(false);
});

test('who comes again and again is one', () => {
  const sources = createSources(3);
  const home = sources.numberOf('home');
  for (let timeMs = 0; timeMs < 5; timeMs += 1) sources.visit(home, 7, timeMs);
  expect([1, 2].map((least) => sources.isUsedBy(least, 'home', 0))).toEqual([true, false]);
});

test('nothing is left in the place of a source that was forgotten', () => {
  const sources = createSources(3);
  const old = sources.numberOf('old');
  sources.visit(old, 1, 100);
  sources.forget(200);
  expect(sources.numberOf('next')).toBe(old);
  sources.visit(old, 2, 50);
  expect([50, 51].map((sinceMs) => sources.isUsedBy(1, 'next', sinceMs))).toEqual([true, false]);
});
