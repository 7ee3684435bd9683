// Owns a world whose past has a hole: the store holds days that the log has forgotten, the log begins later, and nobody has what lies between.
import type { SimEvent } from '../../src/simulator/model.ts';
import { fillStore } from '../../src/store/fill.ts';
import { systemClock } from '../../src/system-clock.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { startWorld, type World } from './world.ts';

const DAY_MS = 86_400_000;

export const HOLED = {
  /** The moment of the question. */
  nowMs: Date.parse('2026-11-27T12:00:00Z'),
  /** What the store holds. */
  stored: { startMs: Date.parse('2026-07-11T00:00:00Z'), endMs: Date.parse('2026-07-30T00:00:00Z') },
  /** The log holds what is younger. */
  logStartMs: Date.parse('2026-08-29T12:00:00Z'),
} as const;

/** Whether anybody still has what happened at `timeMs`. */
export function isHeldInHoled(timeMs: number): boolean {
  const { stored, logStartMs } = HOLED;
  return (timeMs >= stored.startMs && timeMs < stored.endMs) || timeMs >= logStartMs;
}

export async function startHoledWorld(events: readonly SimEvent[]): Promise<World> {
  const dir = await temporaryFolder();
  let nowMs = HOLED.stored.endMs + 2 * DAY_MS;
  const world = await startWorld({
    simulator: { events, now: () => nowMs, retentionDays: 90 },
    store: { dir, keepDays: 400 },
    clock: { ...systemClock, now: () => nowMs },
  });
  const log = world.parts.store?.log;
  if (log === undefined) throw new Error('no store');
  const filled = await fillStore({ log, window: HOLED.stored });
  if (!filled.complete) throw new Error('the store was not filled');
  nowMs = HOLED.nowMs;
  return world;
}
