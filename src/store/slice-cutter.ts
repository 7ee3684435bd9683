// Owns cutting an ordered stream of one lane of the store into slices on whole seconds.
import type { Slice } from '../audit/audit-log.ts';
import { eventTimeMs, type AuditEvent } from '../audit/event.ts';
import type { TimeWindow } from '../audit/query.ts';
import type { Lane } from './drafts.ts';

const SLICE_EVENTS = 2000;

export interface Cutter {
  /** Goes on with `window`; gives what was open where it does not follow on. */
  enter(window: TimeWindow): Slice[];
  /** Adds events of the window, oldest first; gives a slice when there are enough. */
  add(events: readonly AuditEvent[]): Slice[];
  /** All of the window was added. */
  leave(window: TimeWindow): void;
  /** Gives what is open. */
  end(): Slice[];
}

export function createCutter(lane: Lane): Cutter {
  let events: AuditEvent[] = [];
  let startMs = 0;
  let endMs = 0;

  const cut = (atMs: number): Slice[] => {
    if (atMs <= startMs) return [];
    const window = { startMs, endMs: atMs };
    const ofSlice = events.filter((event) => eventTimeMs(event) < atMs);
    events = events.slice(ofSlice.length);
    startMs = atMs;
    return [{ window, ...(lane === undefined ? {} : { eventKey: lane }), events: ofSlice, isStored: true }];
  };

  return {
    enter(window) {
      if (endMs === window.startMs) return [];
      const open = cut(endMs);
      ({ startMs } = window);
      endMs = startMs;
      return open;
    },
    add(batch) {
      for (const event of batch) events.push(event);
      const last = events.at(-1);
      if (last === undefined || events.length < SLICE_EVENTS) return [];
      return cut(Math.floor(eventTimeMs(last) / 1000) * 1000);
    },
    leave(window) {
      ({ endMs } = window);
    },
    end: () => cut(endMs),
  };
}
