// Checks the promise of the store: whatever happens to it, it answers as the log behind it would at that moment.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createWorld, KEYS, type Happening, type Turn, type WorldQuestion } from '../support/store-world.ts';

const happening: fc.Arbitrary<Happening> = fc.record({
  at: fc.nat({ max: 9 * 72 }),
  // Windows are cut on whole seconds, and events stand on both sides of them.
  ms: fc.constantFrom(0, 0, 1, 500, 999, 1000),
  key: fc.nat({ max: KEYS.length - 1 }),
  actor: fc.nat({ max: 2 }),
  late: fc.double({ min: 0, max: 1, noNaN: true }),
});

const question: fc.Arbitrary<WorldQuestion> = fc.record({
  stretch: fc.nat({ max: 2 }),
  keys: fc.option(fc.uniqueArray(fc.nat({ max: KEYS.length - 1 }), { minLength: 1, maxLength: 4 }), { nil: undefined }),
  order: fc.constantFrom('oldest_first', 'newest_first'),
  isOfOneActor: fc.boolean(),
  ownReads: fc.constantFrom('keep', 'exclude'),
});

const stretch = fc.record({
  fromHour: fc.oneof(
    fc.nat({ max: 7 * 24 }),
    fc.nat({ max: 7 }).map((day) => day * 24),
  ),
  hours: fc.oneof(fc.integer({ min: 1, max: 120 }), fc.constantFrom(24, 48, 96)),
});

const by = fc.nat({ max: 1 });
const turns = {
  wait: fc.record({ kind: fc.constant('wait' as const), hours: fc.constantFrom(0.02, 0.1, 1, 5, 12, 24) }),
  read: fc.record({
    kind: fc.constant('read' as const),
    by,
    question,
    leaveAfter: fc.oneof(
      { weight: 4, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
      fc.integer({ min: 1, max: 4 }),
    ),
  }),
  limit: fc.record({ kind: fc.constant('limit' as const), by, question, maxEvents: fc.integer({ min: 1, max: 12 }) }),
  slices: fc.record({ kind: fc.constant('slices' as const), by, question, haveHours: fc.constantFrom(0, 0, 5, 24) }),
  fill: fc.record({ kind: fc.constant('fill' as const), by, question }),
  at_once: fc.record({
    kind: fc.constant('at_once' as const),
    questions: fc.array(question, { minLength: 3, maxLength: 4 }),
  }),
  purge: fc.record({ kind: fc.constant('purge' as const), hour: fc.nat({ max: 16 * 24 }) }),
  damage: fc.record({
    kind: fc.constant('damage' as const),
    file: fc.double({ min: 0, max: 0.999, noNaN: true }),
    how: fc.constantFrom('flip', 'cut', 'remove', 'swap'),
    at: fc.double({ min: 0, max: 0.999, noNaN: true }),
  }),
  network: fc.record({ kind: fc.constant('network' as const), afterBatches: fc.nat({ max: 5 }) }),
  kill: fc.record({ kind: fc.constant('kill' as const), by, afterSteps: fc.nat({ max: 40 }) }),
  full: fc.record({ kind: fc.constant('full' as const), by, writes: fc.integer({ min: 1, max: 5 }) }),
  restart: fc.record({ kind: fc.constant('restart' as const), by }),
} satisfies { [K in Turn['kind']]: fc.Arbitrary<Extract<Turn, { kind: K }>> };

const turn: fc.Arbitrary<Turn> = fc.oneof(
  { weight: 2, arbitrary: turns.wait },
  { weight: 6, arbitrary: turns.read },
  { weight: 1, arbitrary: turns.limit },
  { weight: 3, arbitrary: turns.slices },
  { weight: 3, arbitrary: turns.fill },
  { weight: 1, arbitrary: turns.at_once },
  { weight: 1, arbitrary: turns.purge },
  { weight: 2, arbitrary: turns.damage },
  { weight: 2, arbitrary: turns.network },
  { weight: 1, arbitrary: turns.kill },
  { weight: 1, arbitrary: turns.full },
  { weight: 1, arbitrary: turns.restart },
);

test('any course of fills, reads, purges, kills, damage, late events and two processes gives what the log would have given', async () => {
  expect.hasAssertions();
  await fc.assert(
    fc.asyncProperty(
      fc.array(happening, { minLength: 30, maxLength: 300 }),
      fc.array(stretch, { minLength: 1, maxLength: 3 }),
      fc.array(turn, { minLength: 3, maxLength: 25 }),
      fc.constantFrom('by_key', 'all_keys'),
      fc.boolean(),
      async (happenings, stretches, course, slices, isLate) => {
        const dir = await mkdtemp(join(tmpdir(), 'store-world-'));
        try {
          const world = createWorld({ dir, happenings, stretches, slices, isLate });
          for (const event of course) await world.play(event);
        } finally {
          await rm(dir, { recursive: true, force: true });
        }
      },
    ),
    { numRuns: Number(process.env['STORE_RUNS'] ?? 60) },
  );
}, 900_000);
