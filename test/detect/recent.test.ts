// Tests the memory of what was lately there, against a plain list.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SeenEvent } from '../../src/detect/detector.ts';
import { createRecent, createRecentOfActors, createRecentOfSources, type Recent } from '../../src/detect/recent.ts';
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

const seenAt = (at: number, actor = '1') => {
  const one = event({ at: at * MINUTE, actor });
  return see(one, Date.parse(one.created_at));
};
const start = seenAt(0).timeMs;
/** Minutes of what is remembered of one source after all of `events` came. */
function remembered(recent: Recent, events: readonly SeenEvent[]): number[] {
  for (const one of events) recent.add('source', one);
  const nowMs = events.at(-1)?.timeMs ?? 0;
  return recent.of('source', nowMs).map(({ timeMs }) => (timeMs - start) / MINUTE);
}

test('the newest are kept, and a count over more than are kept is told with a plus', () => {
  const recent = createRecent(SPAN_MS, 3);
  const events = [0, 1, 2, 3, 4].map((at) => seenAt(at));
  expect(remembered(recent, events)).toEqual([2, 3, 4]);
  expect([recent.told(3, events.slice(0, 3)), recent.told(2, events.slice(0, 4))]).toEqual([3, '2+']);
});

test('what only might have been is not kept', () => {
  const recent = createRecent(SPAN_MS, 3);
  expect(remembered(recent, [seenAt(0), { ...seenAt(1), trial: true }])).toEqual([0]);
});

test('all of the span is kept where many come', () => {
  const minutes = Array.from({ length: 181 }, (_, index) => index / 2);
  expect(
    remembered(
      createRecent(SPAN_MS),
      minutes.map((at) => seenAt(at)),
    ),
  ).toEqual(minutes);
});

test('who floods a source washes nobody else out: of each the newest stay, of those who have most the least', () => {
  const flood = Array.from({ length: 7 }, (_, index) => seenAt(2 + index, '1'));
  const events = [seenAt(0, '2'), seenAt(1, '2'), ...flood];
  expect(remembered(createRecentOfSources(SPAN_MS, 8), events)).toEqual([0, 1, 5, 6, 7, 8]);
  expect(remembered(createRecentOfSources(SPAN_MS, 9), events)).toHaveLength(9);
});

test('two who flood a source share what others leave', () => {
  const flood = Array.from({ length: 12 }, (_, index) => seenAt(1 + index, index % 2 === 0 ? '1' : '2'));
  const events = [seenAt(0, '3'), ...flood];
  expect(remembered(createRecentOfSources(SPAN_MS, 12), events)).toEqual([0, 5, 6, 7, 8, 9, 10, 11, 12]);
});

test('of more people than are kept the newest stay', () => {
  const people = Array.from({ length: 9 }, (_, index) => seenAt(index, String(index)));
  expect(remembered(createRecentOfSources(SPAN_MS, 8), people)).toEqual([3, 4, 5, 6, 7, 8]);
});
