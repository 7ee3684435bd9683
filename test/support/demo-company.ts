// Owns the company of `--demo` on a fixed day, for tests and benches that ask it questions and know the truth.
import { buildCompany } from '../../src/simulator/dataset.ts';
import type { Company } from '../../src/simulator/model.ts';
import { stillClock } from './still-clock.ts';
import { startWorld, type World, type WorldOptions } from './world.ts';

/** A Friday noon in Moscow. */
export const DEMO_NOW_MS = Date.parse('2026-11-20T09:00:00Z');
export const DEMO_ZONE = 'Europe/Moscow';
export const ALERT_TO = '1000';

let built: Company | undefined;

/** Made once: it takes a second or two. */
export function demoCompany(): Company {
  built ??= buildCompany({ seed: 1, now: DEMO_NOW_MS });
  return built;
}

/** The program over the demo company; its clock and the simulator's stand still. */
export async function startDemo(options: WorldOptions = {}): Promise<World> {
  return await startWorld({
    clock: stillClock(DEMO_NOW_MS),
    alertTo: [ALERT_TO],
    ...options,
    simulator: { company: demoCompany(), now: () => DEMO_NOW_MS, ...options.simulator },
    settings: { timeZone: DEMO_ZONE, ...options.settings },
  });
}
