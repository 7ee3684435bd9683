// Tests in which order a judging tool reads, and what it says where the budget ends.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { compareEvents, eventTimeMs } from '../../src/audit/event.ts';
import { createEngine } from '../../src/detect/engine.ts';
import { LOGIN_DETECTORS } from '../../src/detect/index.ts';
import { changeRun } from '../../src/detect/risky-changes.ts';
import { buildCompany } from '../../src/simulator/dataset.ts';
import { stillClock } from '../support/still-clock.ts';
import { startWorld, type World } from '../support/world.ts';

const now = Date.parse('2026-11-20T12:00:00Z');
const DAY_MS = 86_400_000;
const WINDOW = { startMs: now - 20 * DAY_MS, endMs: now };
const company = buildCompany({ seed: 11, now, people: 80, days: 60, incidents: 'all' });
const answerSchema = z.object({
  coverage: z.object({
    complete: z.boolean(),
    requests: z.number(),
    estimate: z.object({ requests: z.number() }).optional(),
  }),
  notes: z.array(z.string()),
  findings: z.array(
    z.object({ id: z.string(), rule: z.string(), severity: z.string(), event_count: z.number(), why: z.string() }),
  ),
});
type Told = z.output<typeof answerSchema>['findings'];

let world: World;
beforeAll(async () => {
  // Reads of its own would be events of the other run too.
  world = await startWorld({
    simulator: { company, now: () => now, logsOwnReads: false },
    clock: stillClock(now),
    settings: { maxRequests: 20_000 },
  });
});
afterAll(() => world.close());

/** The same rules over the same events in one go, without any stages. */
function inOneGo({ detectors, supporting }: Pick<ReturnType<typeof changeRun>, 'detectors' | 'supporting'>): Told {
  const sinceMs = WINDOW.startMs - 30 * DAY_MS;
  const engine = createEngine({ detectors, supporting, window: WINDOW, lang: 'en', readSinceMs: () => sinceMs });
  const keys = new Set<string>([...detectors, ...supporting].flatMap(({ eventKeys }) => eventKeys));
  const events = company.events
    .map((event) => ({ ...event }))
    .filter((event) => eventTimeMs(event) >= sinceMs && eventTimeMs(event) < WINDOW.endMs)
    // Whatever the engine sees teaches it where people are: it must be shown the same keys.
    .filter(({ event_key }) => keys.has(event_key));
  engine.push(events.toSorted(compareEvents));
  return answerSchema.shape.findings.parse(engine.finish().findings);
}

const sorted = (findings: Told) => findings.toSorted((a, b) => (a.id < b.id ? -1 : 1));

describe('reading in stages', () => {
  // Of risky changes the heavy keys, which nothing was read of, are more than half.
  test.each([
    ['find_suspicious_logins', 0.5],
    ['find_risky_changes', 0.3],
  ])(
    '%s: a partial answer estimates what the whole costs, its baseline too, and names what it cannot estimate',
    async (tool, leastShare) => {
      const ask = async (maxRequests: number) => {
        const settings = { ...world.parts.settings, maxRequests };
        return answerSchema.parse(await world.call(tool, { start_time: 'now-20d' }, { settings }));
      };
      const [part, whole] = [await ask(20), await ask(20_000)];
      const needed = whole.coverage.requests - part.coverage.requests;
      expect(part.coverage.complete).toBe(false);
      expect(part.coverage.estimate?.requests).toBeGreaterThan(needed * leastShare);
      expect(part.coverage.estimate?.requests).toBeLessThan(needed * 2);
      expect(part.notes).toContainEqual(
        expect.stringMatching(/^coverage.estimate is of the other keys and their baseline: what .+ need to read comes/),
      );
    },
  );

  test.each([
    ['find_suspicious_logins', { detectors: LOGIN_DETECTORS, supporting: [] }],
    ['find_risky_changes', changeRun()],
  ])('%s finds what its rules find in all events at once', async (tool, rules) => {
    const expected = inOneGo(rules);
    const { findings, coverage } = answerSchema.parse(
      await world.call(tool, { start_time: 'now-20d', max_findings: 100 }),
    );
    expect(coverage.complete).toBe(true);
    expect(expected.length).toBeGreaterThan(3);
    // The look back at silent accounts sees further than the baseline: silent-accounts.test.ts.
    const isHere = ({ why }: Told[number]) => !why.includes('last login was');
    expect(sorted(findings.filter(isHere))).toEqual(sorted(expected.filter(isHere)));
  });
});
