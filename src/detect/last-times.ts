// Owns when each of many things was last seen: times lie in a flat list, for a map of them would make a new number each time.

export interface LastTimes {
  readonly slots: Map<string, number>;
  readonly times: number[];
}

export function createLastTimes(): LastTimes {
  return { slots: new Map(), times: [] };
}

/** -Infinity where it was never seen. */
export function lastTimeOf({ slots, times }: LastTimes, key: string): number {
  const slot = slots.get(key);
  return slot === undefined ? -Infinity : (times[slot] ?? -Infinity);
}

/** The slot of `key`, which holds until something is forgotten. */
export function slotOf({ slots, times }: LastTimes, key: string): number {
  let slot = slots.get(key);
  if (slot === undefined) {
    slot = times.push(-Infinity) - 1;
    slots.set(key, slot);
  }
  return slot;
}

/** Keeps the newest time of what is in `slot`. */
export function touchSlot({ times }: LastTimes, slot: number | undefined, timeMs: number): void {
  if (slot !== undefined && timeMs > (times[slot] ?? -Infinity)) times[slot] = timeMs;
}

/** Keeps the newest time of `key`. */
export function touch(last: LastTimes, key: string, timeMs: number): void {
  touchSlot(last, slotOf(last, key), timeMs);
}

/** Drops what was last seen before `beforeMs`. */
export function forget({ slots, times }: LastTimes, beforeMs: number): void {
  if (times.every((timeMs) => timeMs >= beforeMs)) return;
  let kept = 0;
  for (const [key, slot] of slots) {
    const timeMs = times[slot] ?? -Infinity;
    if (timeMs < beforeMs) slots.delete(key);
    else {
      // Slots are in the order of the map, so what moves down never runs over what is still to be read.
      slots.set(key, kept);
      times[kept] = timeMs;
      kept += 1;
    }
  }
  times.length = kept;
}
