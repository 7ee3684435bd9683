// Checks that the report of suspicious logins is the same with and without the local store, and what it costs.
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { buildCompany } from '../../src/simulator/dataset.ts';
import type { Company } from '../../src/simulator/model.ts';
import { fillStore } from '../../src/store/fill.ts';
import { createSetClock } from '../support/store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startWorld, type World, type WorldOptions } from '../support/world.ts';

// A thirtieth of the company that bench/store asks about: 50 people with some 260 auth events a day, the same 61 days.
const NOW_MS = Date.parse('2026-03-20T12:00:00Z');
const DAY_MS = 86_400_000;
const QUESTION = { start_time: '2026-02-16', end_time: '2026-03-17T23:59:59Z', max_findings: 100 };
let company: Company;
/** What is answered without a store and without a budget. */
let plain: z.output<typeof reportSchema>;
beforeAll(async () => {
  company = buildCompany({
    seed: 7,
    now: NOW_MS,
    people: 50,
    days: 66,
    loginsPerDay: 3,
    activityPerDay: 0.5,
    incidents: 'all',
  });
  const world = await startWorld({
    clock: createSetClock(new Date(NOW_MS).toISOString()),
    simulator: { company, now: () => NOW_MS, logsOwnReads: false },
    settings: { maxRequests: 100_000 },
  });
  plain = await ask(world);
  await world.close();
});

async function openWorld(options: WorldOptions = {}): Promise<World> {
  const clock = createSetClock(new Date(NOW_MS).toISOString());
  const world = await startWorld({ clock, simulator: { company, now: () => NOW_MS, logsOwnReads: false }, ...options });
  onTestFinished(() => world.close());
  return world;
}

const reportSchema = z.object({
  findings: z.array(z.looseObject({ id: z.string(), first_at: z.string() })),
  omitted_findings: z.number(),
  totals: z.looseObject({}),
  baseline: z.object({ complete: z.boolean(), logins: z.number() }),
  coverage: z.looseObject({ complete: z.boolean(), requests: z.number(), from_store: z.number() }),
  notes: z.array(z.string()),
});
const ask = async (world: World, question: Record<string, unknown> = QUESTION) =>
  reportSchema.parse(await world.call('find_suspicious_logins', question));

describe('31 days with a baseline of 30', () => {
  test('cost nothing after the store was filled, and find the same as without it', async () => {
    expect(plain.coverage.complete && plain.baseline.complete).toBe(true);
    expect(plain.findings.length).toBeGreaterThan(5);

    const dir = await temporaryFolder();
    const first = await openWorld({ store: { dir } });
    const log = first.parts.store?.log;
    if (log === undefined) throw new Error('no store');
    const window = { startMs: NOW_MS - 66 * DAY_MS, endMs: NOW_MS };
    expect(await fillStore({ log, window })).toMatchObject({ complete: true, notClosed: ['2026-03-19', '2026-03-20'] });
    const { port } = first.simulator;
    await first.close();

    const world = await openWorld({
      store: { dir },
      simulator: { company, now: () => NOW_MS, logsOwnReads: false, port },
    });
    const stored = await ask(world);
    expect(stored.coverage).toMatchObject({ complete: true, requests: 0 });
    expect(world.simulator.requests.okByPath['/audit_events'] ?? 0).toBe(0);
    expect([stored.findings, stored.totals, stored.baseline]).toEqual([plain.findings, plain.totals, plain.baseline]);
    // Until now: the days that are not closed are asked for, and once more only their newest minutes.
    const untilNow = { ...QUESTION, end_time: 'now' };
    await ask(world, untilNow);
    const before = world.simulator.requests.okByPath['/audit_events'] ?? 0;
    const again = await ask(world, untilNow);
    expect((world.simulator.requests.okByPath['/audit_events'] ?? 0) - before).toBe(again.coverage.requests);
    const fresh = await ask(await openWorld({ settings: { maxRequests: 100_000 } }), untilNow);
    expect(again.findings).toEqual(fresh.findings);
  });

  test('say exactly what is missing where the budget ends, and go on from there when they are asked again', async () => {
    const world = await openWorld({ store: { dir: await temporaryFolder() }, settings: { maxRequests: 150 } });
    const reports = await askUntilWhole(world);
    const cut = reports.filter(({ coverage }) => !coverage.complete);
    expect(cut.length).toBeGreaterThan(1);
    for (const { coverage, notes } of cut) {
      expect(coverage).toMatchObject({ stopped_by: 'budget', estimate: { requests: expect.any(Number) } });
      expect(notes).toContainEqual(expect.stringContaining('asked again, they cost no request'));
    }
    expect(Math.max(...reports.map(({ coverage }) => coverage.requests))).toBeLessThanOrEqual(150);
    const covered = cut.map(({ coverage }) => coveredMs(coverage));
    expect(covered).toEqual(covered.toSorted((a, b) => a - b));
    expect(covered[0]).toBeGreaterThan(0);
    expect(cut[0]?.notes).toContainEqual(
      expect.stringMatching(/^The covered intervals were not read whole for dormant_account_active/),
    );
    expect(reports.at(-1)?.findings).toEqual(plain.findings);
  });
});

/** Asks until window and baseline are read whole; gives up after twenty times. */
async function askUntilWhole(world: World) {
  const reports = [await ask(world)];
  for (let last = reports[0]; last !== undefined && reports.length < 20; last = reports.at(-1)) {
    if (last.coverage.complete && last.baseline.complete) break;
    reports.push(await ask(world));
  }
  return reports;
}

/** How much of the window a report that is cut covers. */
function coveredMs(coverage: Record<string, unknown>): number {
  const windows = z.array(z.object({ start_time: z.string(), end_time: z.string() })).parse(coverage['covered']);
  return windows.reduce((sum, { start_time: start, end_time: end }) => sum + Date.parse(end) - Date.parse(start), 0);
}
