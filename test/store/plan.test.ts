// Tests how a question is split into what is held, on disk or in memory, and what has to be asked for.
import { describe, expect, test } from 'vitest';
import type { TimeWindow } from '../../src/audit/query.ts';
import type { KeptPiece } from '../../src/store/memory-cache.ts';
import { fingerprintOf, groupRuns, planSteps, type Holdings, type Step } from '../../src/store/plan.ts';
import { DAY_MS } from '../../src/store/utc-days.ts';

const HOUR_MS = 3_600_000;
const START_MS = Date.parse('2026-03-10T00:00:00Z');
const hours = (from: number, to: number): TimeWindow => ({
  startMs: START_MS + from * HOUR_MS,
  endMs: START_MS + to * HOUR_MS,
});
const ofWindow = ({ startMs, endMs }: TimeWindow) => [(startMs - START_MS) / HOUR_MS, (endMs - START_MS) / HOUR_MS];

const piece = (id: number, window: TimeWindow, keys: readonly string[]): KeptPiece => ({
  id,
  window,
  blocks: new Map(keys.map((key) => [key, []])),
  lane: undefined,
  readAtMs: 0,
});

function holdings({
  stored = {},
  lost = [],
  pieces = {},
}: {
  stored?: Record<string, 'segment' | 'empty'>;
  lost?: string[];
  pieces?: Record<string, KeptPiece[]>;
}): Holdings {
  return {
    index: {
      holds: (eventKey, day) => stored[`${eventKey} ${day}`] ?? stored[eventKey],
      wholeDay: (day) => (stored[day] === undefined ? undefined : { keys: ['login'], lost, readAtMs: 0 }),
    },
    pieces: (lane) => pieces[lane ?? 'all'] ?? [],
  };
}

/** Steps as texts: hours, what is held where, what is missing. */
const told = (steps: readonly Step[]) =>
  steps.map(({ window, held, missing }) => [
    ...ofWindow(window),
    held.map((place) => `${place.eventKey} ${place.from === 'disk' ? place.day : place.piece.id}`),
    missing,
  ]);
const plan = (window: TimeWindow, keys: string[] | undefined, held: Parameters<typeof holdings>[0] = {}) =>
  planSteps(window, keys, holdings(held));

describe('a question about all keys', () => {
  test('is split at midnight, and lacks everything where nothing is held', () => {
    expect(told(planSteps(hours(20, 50), undefined, { pieces: () => [] }))).toEqual([
      [20, 24, [], 'everything'],
      [24, 48, [], 'everything'],
      [48, 50, [], 'everything'],
    ]);
  });

  test('has whole days from disk, but for the keys that were lost there', () => {
    const stored = { '2026-03-10': 'segment' } as const;
    expect(told(plan(hours(0, 24), undefined, { stored }))).toEqual([[0, 24, ['login 2026-03-10'], 'nothing']]);
    expect(told(plan(hours(5, 6), undefined, { stored, lost: ['chat'] }))).toEqual([
      [5, 6, ['login 2026-03-10'], ['chat']],
    ]);
  });

  test('has from memory what lies within a piece, to the millisecond', () => {
    const all = [piece(1, hours(4, 6), ['login', 'chat']), piece(2, hours(8, 30), [])];
    expect(told(plan(hours(3, 26), undefined, { pieces: { all } }))).toEqual([
      [3, 4, [], 'everything'],
      [4, 6, ['login 1', 'chat 1'], 'nothing'],
      [6, 8, [], 'everything'],
      [8, 24, [], 'nothing'],
      [24, 26, [], 'nothing'],
    ]);
    expect(told(plan(hours(4, 6), undefined, { pieces: { all } }))).toEqual([[4, 6, ['login 1', 'chat 1'], 'nothing']]);
  });
});

describe('a question about some keys', () => {
  const keys = ['login', 'logout', 'chat'];

  test('has of each day what is on disk, and asks for the others; a key without events is held too', () => {
    const stored = { 'login 2026-03-10': 'segment', 'logout 2026-03-10': 'empty' } as const;
    expect(told(plan(hours(0, 48), keys, { stored }))).toEqual([
      [0, 24, ['login 2026-03-10'], ['chat']],
      [24, 48, [], keys],
    ]);
  });

  test('has of each key what memory holds of it, beside what is on disk', () => {
    const pieces = { logout: [piece(1, hours(2, 6), ['logout'])], chat: [piece(2, hours(4, 8), [])] };
    const steps = plan(hours(0, 10), keys, { stored: { login: 'segment' }, pieces });
    const login = 'login 2026-03-10';
    expect(told(steps)).toEqual([
      [0, 2, [login], ['logout', 'chat']],
      [2, 4, [login, 'logout 1'], ['chat']],
      [4, 6, [login, 'logout 1'], 'nothing'],
      [6, 8, [login], ['logout']],
      [8, 10, [login], ['logout', 'chat']],
    ]);
    // What lacks the same is asked for at once, what lacks something else is not.
    expect(
      groupRuns(steps).map(({ window, missing, steps: { length } }) => [...ofWindow(window), missing, length]),
    ).toEqual(
      [
        [0, 2],
        [2, 4],
        [4, 6],
        [6, 8],
        [8, 10],
      ].map((window, at) => [...window, steps[at]?.missing, 1]),
    );
  });

  test('takes the latest piece of those that hold the same', () => {
    const pieces = { login: [piece(7, hours(0, 10), ['login']), piece(3, hours(0, 10), ['login'])] };
    expect(told(plan(hours(2, 3), ['login'], { pieces }))).toEqual([[2, 3, ['login 7'], 'nothing']]);
  });
});

test('steps in a row that lack the same are one run', () => {
  const runs = groupRuns(plan(hours(0, 72), ['login'], { stored: { 'login 2026-03-12': 'segment' } }));
  expect(runs.map(({ window, missing, steps }) => [...ofWindow(window), missing, steps.length])).toEqual([
    [0, 48, ['login'], 2],
    [48, 72, 'nothing', 1],
  ]);
  expect(groupRuns([])).toEqual([]);
});

describe('a fingerprint', () => {
  const of = (window: TimeWindow, pieces: KeptPiece[], keys = ['login']) =>
    fingerprintOf(plan(window, keys, { pieces: Object.fromEntries(keys.map((key) => [key, pieces])) }));
  const first = piece(1, hours(0, 24), ['login']);

  test('is the same as long as the pieces are', () => {
    expect(of(hours(0, 24), [first])).toBe(of(hours(0, 24), [piece(1, hours(0, 24), ['login'])]));
    const others = [
      of(hours(0, 23), [first]),
      of(hours(0, 24), [piece(2, hours(0, 24), ['login'])]),
      of(hours(0, 24), [piece(1, hours(0, 24), ['login', 'chat'])], ['login', 'chat']),
      of(hours(0, 24), [piece(1, hours(0, 24), ['chat'])], ['chat']),
      of(hours(0, 24), [piece(1, hours(0, 24), [])]),
    ];
    expect(new Set([of(hours(0, 24), [first]), ...others]).size).toBe(6);
    expect(others).not.toContain(undefined);
  });

  test('is none where something is missing or on disk', () => {
    expect(of({ startMs: START_MS, endMs: START_MS + DAY_MS + 1000 }, [first])).toBeUndefined();
    expect(fingerprintOf(plan(hours(0, 24), ['login'], { stored: { login: 'segment' } }))).toBeUndefined();
  });
});
