// Owns the seam of a read that ends early: events are handed on in whole seconds, as `covered` says, so that whoever goes on counts none twice.
import type { AuditLog, Coverage, ReadOptions } from './audit-log.ts';
import type { AuditEvent } from './event.ts';
import { secondOf } from './sorted-pass.ts';

/** A read that came to its end is not gone on with, whatever of it the log has forgotten or a file does not promise. */
function isHandedOn({ stoppedBy, covered }: Coverage, second: number): boolean {
  const isAtEnd = stoppedBy === 'end' || stoppedBy === 'retention';
  return isAtEnd || covered.some(({ startMs, endMs }) => startMs <= second && second < endMs);
}

/** Holds the last second of `batches` back until another one begins, or the read has come to its end. */
async function* inSeconds(
  batches: AsyncIterable<readonly AuditEvent[]>,
  coverage: () => Coverage,
): AsyncGenerator<readonly AuditEvent[]> {
  let held: readonly AuditEvent[] = [];
  for await (const batch of batches) {
    const last = batch.at(-1);
    if (last === undefined) continue;
    const second = secondOf(last);
    const first = batch.findLastIndex((event) => secondOf(event) !== second) + 1;
    const isGoingOn = first === 0 && held[0] !== undefined && secondOf(held[0]) === second;
    const passed = isGoingOn ? [] : [...held, ...batch.slice(0, first)];
    held = isGoingOn ? [...held, ...batch] : batch.slice(first);
    if (passed.length > 0) yield passed;
  }
  if (held[0] !== undefined && isHandedOn(coverage(), secondOf(held[0]))) yield held;
}

/** `log`, of which a read hands on what it covers and no more. One for a number of events ends with that many, wherever that is. */
export function inWholeSeconds(log: AuditLog): AuditLog {
  return {
    ...log,
    read(query, options: ReadOptions = {}) {
      const read = log.read(query, options);
      const coverage = () => read.coverage();
      if (options.maxEvents !== undefined) return read;
      return { batches: inSeconds(read.batches, coverage), coverage };
    },
  };
}
