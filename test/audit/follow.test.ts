// Tests where following stands between calls: what it gives, what it remembers, and what it says that it cannot know.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareEvents, type AuditEvent } from '../../src/audit/event.ts';
import { createFollower, followFrom, shortOverlapMs, type FollowPosition } from '../../src/audit/follow.ts';
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

  const at = (afterMs: number, id: string) => sampleEvent(0, START_MS + afterMs, { id });
  /** Events of one millisecond, in the order of their ids. */
  const together = (count: number, letter: string) =>
    Array.from({ length: count }, (_, index) => at(0, `${letter}${String(index).padStart(3, '0')}`));
  const idsOf = (events: readonly AuditEvent[]) => events.map(({ id }) => id);
  /** One call: what it gives, of what it read, and where it stands then. */
  function step(position: FollowPosition, read: readonly AuditEvent[], readToMs = START_MS, limit = 1000) {
    const follower = createFollower(position);
    const given = follower.fresh(read).slice(0, limit);
    return { given: idsOf(given), position: follower.next(given, readToMs) };
  }

  test('stands at an event by time and then id', () => {
    const position = { doneMs: START_MS, doneId: 'm', given: '' };
    const read = [at(-1, 'z'), at(0, 'a'), at(0, 'm'), at(0, 'z'), at(1, 'a')];
    expect(idsOf(createFollower(position).fresh(read))).toEqual(['z', 'a']);
    expect(createFollower(position).fresh(read)[0]?.created_at).toBe(at(0, 'z').created_at);
  });

  test('remembers sixty-four, and where there are more stands at the last that it forgot', () => {
    const fits = step(followFrom(START_MS), together(64, 'a')).position;
    expect([fits.doneMs, fits.doneId, fits.given.length]).toEqual([START_MS, '', 64 * 8]);
    const tooMany = step(followFrom(START_MS), together(65, 'a')).position;
    expect([tooMany.doneMs, tooMany.doneId, tooMany.given.length]).toEqual([START_MS, 'a000', 64 * 8]);
  });

  test('gives more events of one millisecond than it remembers once', () => {
    const read = together(200, 'a');
    let position = followFrom(START_MS);
    const given: string[] = [];
    for (let call = 0; call < 4; call += 1) {
      const next = step(position, read, START_MS, 70);
      given.push(...next.given);
      position = next.position;
    }
    expect(given).toEqual(idsOf(read));
  });

  test('puts what came late in its place among what it gave before', () => {
    const before = step(followFrom(START_MS), together(64, 'b')).position;
    const late = step(before, [at(0, 'a'), ...together(64, 'b')]);
    expect(late.given).toEqual(['a']);
    expect([late.position.doneId, late.position.given.length]).toEqual(['a', 64 * 8]);
  });

  test('remembers what lies just as far back as it reads again, and forgets what is older', () => {
    const first = step(followFrom(START_MS), [at(0, 'a'), at(10, 'b')], START_MS + 90_000).position;
    expect([first.doneMs, first.given.length]).toEqual([START_MS, 16]);
    const again = step(first, [at(0, 'a'), at(10, 'b')], START_MS + 90_010);
    expect([again.given, again.position.doneMs, again.position.given.length]).toEqual([[], START_MS + 10, 8]);
  });

  test('remembers no more than that where a read ends before what it gave', () => {
    const before = step(followFrom(START_MS - 5000), together(64, 'b')).position;
    const late = step(before, [at(-1000, 'late')], START_MS - 1000);
    expect(late.given).toEqual(['late']);
    expect([late.position.doneId, late.position.given.length]).toEqual(['late', 64 * 8]);
    expect(step(late.position, [at(-1000, 'late'), ...together(64, 'b')]).given).toEqual([]);
  });
});

test('less than the usual is known of late events where ids were forgotten within ninety seconds', () => {
  const known = (agoMs: number, doneId: string) =>
    shortOverlapMs({ doneMs: START_MS - agoMs, doneId, given: '' }, START_MS);
  expect([known(89_999, 'a'), known(90_000, 'a'), known(5000, ''), known(-5000, 'a')]).toEqual([
    89_999,
    undefined,
    undefined,
    0,
  ]);
});
