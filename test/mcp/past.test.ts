// Tests how much of the days before a window is read, and that a shorter past is said.
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { SimEvent } from '../../src/simulator/model.ts';
import { simEvent, simEvents } from '../support/sim-events.ts';
import { stillClock } from '../support/still-clock.ts';
import { startWorld, type World } from '../support/world.ts';

const now = Date.parse('2026-11-20T12:00:00Z');
const DAY_MS = 86_400_000;
const answerSchema = z.object({
  coverage: z.object({ complete: z.boolean(), requests: z.number() }),
  notes: z.array(z.string()),
  baseline: z.object({ start_time: z.string(), end_time: z.string(), logins: z.number(), complete: z.boolean() }),
  findings: z.array(z.object({ rule: z.string(), actor_ids: z.array(z.string()) })),
});

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

async function logins(events: readonly SimEvent[], maxRequests: number) {
  world = await startWorld({
    simulator: { events, now: () => now },
    clock: stillClock(now),
    settings: { maxRequests },
  });
  return answerSchema.parse(await world.call('find_suspicious_logins', {}));
}

/** 400 logins a day of 400 people, each always from the same place; `busier` times as many on the days before today. */
const company = (busier = 1) =>
  Array.from({ length: 31 }, (_, day) => day).flatMap((day) => {
    const perDay = day === 0 ? 400 : 400 * busier;
    return simEvents(perDay, now - (day + 0.4) * DAY_MS, (0.35 * DAY_MS) / perDay, (index) => ({
      key: 'user_login',
      actor: String(1000 + (index % 400)),
      ip: `91.${index % 200}.${index % 400}.7`.replace(/\.(2[6-9]\d|3\d\d)\.7/u, '.9.7'),
    }));
  });

describe('the days before a window', () => {
  test('are read whole where the budget allows it', async () => {
    const { baseline, coverage } = await logins(company(), 1000);
    expect(baseline).toMatchObject({ complete: true, start_time: '2026-10-20T12:00:00Z', logins: 12_000 });
    expect(coverage).toMatchObject({ complete: true });
  });

  test('are read from the newest back as far as the budget goes, without a gap before the window, and that is said', async () => {
    const { baseline, coverage, notes, findings } = await logins(company(), 200);
    expect(coverage.complete).toBe(true);
    expect(coverage.requests).toBeLessThanOrEqual(200);
    expect(baseline).toMatchObject({ complete: false, end_time: '2026-11-19T12:00:00Z' });
    const days = (Date.parse(baseline.end_time) - Date.parse(baseline.start_time)) / DAY_MS;
    expect(days).toBeGreaterThan(4);
    expect(baseline.logins).toBeGreaterThan(1500);
    expect(notes).toContain('The baseline was not read whole: habits are known from baseline.start_time on.');
    expect(findings).toEqual([]);
  });

  test('are measured when they turn out busier than the window was', async () => {
    const { baseline, coverage } = await logins(company(8), 300);
    expect(coverage.complete).toBe(true);
    expect(coverage.requests).toBeLessThanOrEqual(300);
    expect(baseline.complete).toBe(false);
    expect(Date.parse(baseline.start_time)).toBeLessThan(Date.parse(baseline.end_time));
    expect(baseline.logins).toBeGreaterThan(1000);
  });

  test('are none where the window itself took the whole budget, and the window is told as far as it was read', async () => {
    const { baseline, coverage } = await logins(
      [...company(), simEvent({ atMs: now - 1, key: 'user_login', actor: '9' })],
      5,
    );
    expect(coverage).toMatchObject({ complete: false });
    expect(coverage.requests).toBeLessThanOrEqual(5);
    expect(baseline).toMatchObject({ start_time: baseline.end_time, logins: 0, complete: false });
  });
});
