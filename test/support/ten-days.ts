// Owns a log of ten days, a question about six that are closed, and worlds over it whose clock is set by hand.
import { onTestFinished } from 'vitest';
import type { Clock } from '../../src/clock.ts';
import { plainEvents } from '../../src/simulator/plain-events.ts';
import { createSetClock } from './store.ts';
import { startWorld, type World, type WorldOptions } from './world.ts';

export const NOW_MS = Date.parse('2026-03-20T12:00:00Z');
export const DAY_MS = 86_400_000;
export const EVENTS = [
  ...plainEvents({ count: 3000, startMs: NOW_MS - 10 * DAY_MS, endMs: NOW_MS, keys: 'auth', people: 20, seed: 3 }),
];
export const CLOSED = { start_time: '2026-03-12', end_time: '2026-03-17', event_group: 'auth' };

/** The clock of the machine waits for sockets; only the time of day is set. */
export function clockAt(nowMs: number): Clock & { set(time: number): void } {
  return createSetClock(new Date(nowMs).toISOString());
}

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const clock = options.clock ?? clockAt(NOW_MS);
  const world = await startWorld({
    ...options,
    clock,
    simulator: { events: EVENTS, now: () => clock.now(), ...options.simulator },
  });
  onTestFinished(() => world.close());
  return world;
}

/** Reads of the log that the API has seen. */
export function logReads({ simulator }: World): number {
  return simulator.requests.okByPath['/audit_events'] ?? 0;
}
