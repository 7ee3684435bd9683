// Owns an audit log over an array of events: for tests, and for what fits into memory.
import type { Clock } from '../clock.ts';
import type { AuditLog } from './audit-log.ts';
import { compareEvents, type AuditEvent } from './event.ts';
import type { IsOwnRead, TimeWindow } from './query.ts';
import { createSortedLog } from './sorted-log.ts';

export interface MemoryLogOptions {
  readonly clock: Pick<Clock, 'now'>;
  readonly isOwnRead?: IsOwnRead;
  /** What the events are the whole of; without it, of all time. */
  readonly covered?: readonly TimeWindow[];
}

const ALL_TIME = [{ startMs: Number.NEGATIVE_INFINITY, endMs: Number.POSITIVE_INFINITY }];
const BATCH_EVENTS = 1000;

/** `events` in any order, repeats allowed: they are sorted, and each id is kept once. */
export function createMemoryLog(events: readonly AuditEvent[], options: MemoryLogOptions): AuditLog {
  const { clock, isOwnRead = () => false, covered = ALL_TIME } = options;
  const byId = new Map(events.map((event) => [event.id, event]));
  const sorted = [...byId.values()].toSorted(compareEvents);
  return createSortedLog({
    async *open() {
      for (let at = 0; at < sorted.length; at += BATCH_EVENTS) yield sorted.slice(at, at + BATCH_EVENTS);
    },
    coveredFor: () => covered,
    isOwnRead,
    clock,
  });
}
