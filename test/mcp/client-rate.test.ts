// Tests how many calls a client may make.
import { expect, test } from 'vitest';
import { clientRate } from '../../src/mcp/client-rate.ts';
import { createInstantClock } from '../support/instant-clock.ts';

const options = { requestsPerSecond: 2, burst: 4 };

test('a burst passes, then as many as the rate allows, and the rest is told how long to wait', () => {
  const clock = createInstantClock();
  const rate = clientRate({ ...options, clock });
  expect([1, 2, 3, 4, 5].map(() => rate.take('a'))).toEqual([0, 0, 0, 0, 1]);
  clock.advance(1000);
  expect([rate.take('a'), rate.take('a'), rate.take('a')]).toEqual([0, 0, 1]);
  clock.advance(3_600_000);
  expect([1, 2, 3, 4, 5].map(() => rate.take('a'))).toEqual([0, 0, 0, 0, 1]);
});

test('one client does not use up the allowance of another', () => {
  const rate = clientRate({ ...options, clock: createInstantClock() });
  for (let index = 0; index < 9; index += 1) rate.take('a');
  expect(rate.take('b')).toBe(0);
});

test('what costs more than a burst can still be had, and is owed afterwards', () => {
  const clock = createInstantClock();
  const rate = clientRate({ ...options, clock });
  expect(rate.take('a', 10)).toBe(0);
  expect(rate.take('a')).toBe(4);
});

test('no more clients are remembered than allowed', () => {
  const clock = createInstantClock();
  const rate = clientRate({ ...options, clock, maxClients: 2 });
  for (let index = 0; index < 9; index += 1) rate.take('a');
  rate.take('b');
  rate.take('c');
  // "a" asked longest ago and is new again; "c" is still known.
  rate.take('c', 3);
  expect([rate.take('a'), rate.take('c')]).toEqual([0, 1]);
});
