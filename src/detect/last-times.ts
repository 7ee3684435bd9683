// Owns when each of many things was last seen: times lie in one pool, for a map of them would make a new number each time.
import { createPool, giveBack, takeRow, type Pool } from './flat.ts';

/** Where the times of an actor's things are in the pool. */
export type Slots = Map<string, number>;

export const createTimes = (): Pool => createPool(1);

/** -Infinity for no slot (-1). */
export function timeIn({ cells }: Pool, slot: number): number {
  return slot < 0 ? -Infinity : (cells[slot] ?? -Infinity);
}

/** -Infinity where it was never seen. */
export function lastTimeOf(times: Pool, slots: Slots, key: string): number {
  return timeIn(times, slots.get(key) ?? -1);
}

/** The slot of `key`, which holds until it is forgotten. */
export function slotOf(times: Pool, slots: Slots, key: string): number {
  let slot = slots.get(key);
  if (slot === undefined) {
    slot = takeRow(times);
    times.cells[slot] = -Infinity;
    slots.set(key, slot);
  }
  return slot;
}

/** Keeps the newest time of what is in `slot`; nothing for -1. */
export function touchSlot({ cells }: Pool, slot: number, timeMs: number): void {
  if (slot >= 0 && timeMs > (cells[slot] ?? -Infinity)) cells[slot] = timeMs;
}

/** Drops what was last seen before `beforeMs`; true where there was something. */
export function forget(times: Pool, slots: Slots, beforeMs: number): boolean {
  const before = slots.size;
  slots.forEach((slot, key) => {
    if (timeIn(times, slot) >= beforeMs) return;
    slots.delete(key);
    giveBack(times, slot);
  });
  return slots.size < before;
}
