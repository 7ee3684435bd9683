// Tests the memory of what was lately there, against a plain list.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SeenEvent } from '../../src/detect/detector.ts';
import { createRecent, createRecentOfActors, type Recent } from '../../src/detect/recent.ts';
import { createSeer } from '../../src/detect/seer.ts';
import { event, MINUTE } from './support/events.ts';

const SPAN_MS = 90 * MINUTE;
const MOST = 5;
const see = createSeer({ window: { startMs: 0, endMs: Number.MAX_SAFE_INTEGER } });

/** What the memory promises, without forgetting anything. */
function createModel() {
  let kept: { key: number; seen: SeenEvent }[] = [];
  return {
    of: (key: number, nowMs: number) =>
      kept
        .filter((one) => one.key === key)
        .slice(-MOST)
        .map(({ seen }) => seen)
        .filter(({ timeMs }) => timeMs >= nowMs - SPAN_MS),
    add: (key: number, seen: SeenEvent) => void kept.push({ key, seen }),
    drop(key: number, gone: (seen: SeenEvent) => boolean) {
      kept = kept.filter((one) => one.key !== key || !gone(one.seen));
    },
  };
}

const step = fc.record({
  key: fc.nat({ max: 3 }),
  minutes: fc.oneof(fc.nat({ max: 40 }), fc.constantFrom(90, 91, 200, 10_000)),
  deed: fc.constantFrom('add', 'add', 'add', 'ask', 'drop'),
});

test.each<[string, () => Recent<number>]>([
  ['number', () => createRecentOfActors(SPAN_MS, MOST)],
  [
    'text',
    () => {
      const recent = createRecent(SPAN_MS, MOST);
      return {
        of: (key, nowMs) => recent.of(String(key), nowMs),
        add: (key, seen) => recent.add(String(key), seen),
        drop: (key, gone) => recent.drop(String(key), gone),
        told: recent.told,
      };
    },
  ],
])('found by %s, the last events within the span are remembered, and no others', (_, create) => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), fc.constantFrom(0, MINUTE), (steps, late) => {
      const recent = create();
      const model = createModel();
      let at = 0;
      for (const [index, { key, minutes, deed }] of steps.entries()) {
        at += minutes * MINUTE;
        const one = event({ at });
        const seen = see({ ...one, id: String(index) }, Date.parse(one.created_at));
        const isOdd = ({ id }: SeenEvent) => Number(id) % 2 === 1;
        if (deed === 'add') for (const memory of [recent, model]) memory.add(key, seen);
        if (deed === 'drop') for (const memory of [recent, model]) memory.drop(key, isOdd);
        const ids = [recent, model].map((memory) =>
          [0, 1, 2, 3].map((asked) => memory.of(asked, seen.timeMs - late).map(({ id }) => id)),
        );
        expect(ids[0]).toEqual(ids[1]);
      }
    }),
  );
});
