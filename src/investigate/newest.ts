// Owns the newest events of a stream, in memory that does not grow with it.
import { compareEvents, type AuditEvent } from '../audit/event.ts';

export interface Newest {
  add(event: AuditEvent): void;
  /** All that were added. */
  count(): number;
  /** The newest of them, oldest first. */
  events(): AuditEvent[];
}

export function createNewest(max: number): Newest {
  let kept: AuditEvent[] = [];
  let count = 0;
  const trim = (): AuditEvent[] => kept.toSorted(compareEvents).slice(-max);
  return {
    add(event) {
      count += 1;
      kept.push(event);
      if (kept.length >= 4 * max) kept = trim();
    },
    count: () => count,
    events: trim,
  };
}
