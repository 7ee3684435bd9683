// Tests how many requests are in flight at once.
import { describe, expect, test } from 'vitest';
import { createPace } from '../../src/audit/pace.ts';

/** Plays a source that answers after `latencyMs` and takes at most `perSecond` requests; the target after a while. */
function settle(latencyMs: number, perSecond: number, workers = Number.POSITIVE_INFINITY): number {
  const pace = createPace();
  for (let round = 0; round < 300; round += 1) {
    const inFlight = Math.min(pace.target(), 64);
    const limitedMs = Math.max(0, (inFlight / perSecond) * 1000 - latencyMs);
    // Beyond the workers of the server, requests only wait there.
    pace.record(limitedMs, latencyMs * Math.max(1, inFlight / workers), inFlight);
  }
  return pace.target();
}

describe('requests in flight', () => {
  test.each([
    [1, 48, 2, 4],
    [20, 48, 3, 5],
    [100, 48, 6, 8],
    [300, 48, 16, 19],
    [2000, 48, 64, 64],
  ])('at %i ms and %i a second are enough to use the limit, and few more', (latencyMs, perSecond, least, most) => {
    const target = settle(latencyMs, perSecond);
    expect(target).toBeGreaterThanOrEqual(least);
    expect(target).toBeLessThanOrEqual(most);
  });

  test('do not pile up at a server that only answers later for it', () => {
    expect(settle(20, 100_000, 8)).toBeLessThan(40);
  });

  test('begin with few', () => {
    expect(createPace().target()).toBe(2);
  });
});
