// Tests where following stands between calls: what it gives, what it remembers, and what it says that it cannot know.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareEvents } from '../../src/audit/event.ts';
import { createFollower, followFrom } from '../../src/audit/follow.ts';
import { sampleEvent } from '../support/sample-events.ts';

const START_MS = Date.parse('2026-11-20T12:00:00Z');

describe('a follower', () => {
  test('gives every event of an ordered log once, whatever the limits and however short the reads', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 300 });
    const steps = fc.array(
      fc.record({ limit: fc.integer({ min: 1, max: 100 }), reach: fc.double({ min: 0, max: 1 }) }),
      {
        minLength: 1,
        maxLength: 40,
      },
    );
    fc.assert(
      fc.property(gaps, steps, (pauses, calls) => {
        let timeMs = START_MS;
        const log = pauses.map((pause, index) => sampleEvent(index, (timeMs += pause))).toSorted(compareEvents);
        const given: string[] = [];
        let position = followFrom(START_MS);
        // Calls that read a part of the rest only, and one for each hundred events that reads all.
        const rest = Array.from({ length: 5 }, () => ({ limit: 100, reach: 1 }));
        for (const { limit, reach } of [...calls, ...rest]) {
          const follower = createFollower(position);
          const endMs = reach === 1 ? timeMs + 1 : position.doneMs + (timeMs + 1 - position.doneMs) * reach;
          const read = log.filter((event) => {
            const at = Date.parse(event.created_at);
            return at >= position.doneMs && at < endMs;
          });
          const fresh = follower.fresh(read);
          const now = fresh.slice(0, limit);
          given.push(...now.map(({ id }) => id));
          const last = now.at(-1);
          const to = fresh.length > limit && last !== undefined ? Date.parse(last.created_at) : Math.floor(endMs);
          position = follower.next(now, to);
          expect(position.given.length).toBeLessThanOrEqual(64 * 8);
        }
        expect(given.toSorted()).toEqual(log.map(({ id }) => id).toSorted());
      }),
      { numRuns: 200 },
    );
  });
});
