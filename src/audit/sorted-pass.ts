// Owns one pass through events in time order: the window, the filters, own reads, and what ends it early.
import type { Clock } from '../clock.ts';
import type { Coverage, ReadOptions } from './audit-log.ts';
import { eventTimeMs, type AuditEvent } from './event.ts';
import { localFilter, readFilter, type EventFilter } from './local-filters.ts';
import type { AuditQuery, IsOwnRead, TimeWindow } from './query.ts';

export interface SortedSource {
  /** Every event, oldest first, each id once, in batches. Asked anew for each pass. */
  readonly open: () => AsyncIterable<readonly AuditEvent[]>;
  /** The parts of time of which the source holds whatever `query` asks for. */
  readonly coveredFor: (query: AuditQuery) => readonly TimeWindow[];
  readonly isOwnRead: IsOwnRead;
  readonly clock: Pick<Clock, 'now'>;
}

export interface Pass {
  /** Events of the window that match, oldest first. */
  readonly batches: AsyncIterable<readonly AuditEvent[]>;
  /** Up to here (a whole second) everything was seen. */
  readonly reachedMs: number;
  /** Why the pass ended before its window did. */
  readonly stoppedBy: 'deadline' | 'cancelled' | undefined;
}

/** The start of the second in which `event` lies, milliseconds. */
export function secondOf(event: AuditEvent): number {
  return Math.floor(eventTimeMs(event) / 1000) * 1000;
}

/** `count` is told what was looked at; it is absent in a repeated pass. */
export function startPass(
  source: SortedSource,
  query: AuditQuery,
  window: TimeWindow,
  { signal, deadlineAt = Number.POSITIVE_INFINITY }: ReadOptions,
  count?: Coverage,
): Pass {
  let reachedMs = window.startMs;
  let stoppedBy: Pass['stoppedBy'];
  const filters = { isAsked: readFilter(query), passes: localFilter(query) };
  async function* run(): AsyncGenerator<readonly AuditEvent[]> {
    for await (const batch of source.open()) {
      if (signal?.aborted === true) stoppedBy = 'cancelled';
      else if (source.clock.now() >= deadlineAt) stoppedBy = 'deadline';
      const last = batch.at(-1);
      if (stoppedBy !== undefined) return;
      if (last === undefined || eventTimeMs(last) < window.startMs) continue;
      const kept = sift(source, query, filters, inside(batch, window), count);
      if (kept.length > 0) yield kept;
      reachedMs = Math.min(secondOf(last), window.endMs);
      if (eventTimeMs(last) >= window.endMs) return;
    }
  }
  return {
    batches: run(),
    get reachedMs() {
      return reachedMs;
    },
    get stoppedBy() {
      return stoppedBy;
    },
  };
}

function inside(batch: readonly AuditEvent[], { startMs, endMs }: TimeWindow): AuditEvent[] {
  return batch.filter((event) => {
    const timeMs = eventTimeMs(event);
    return timeMs >= startMs && timeMs < endMs;
  });
}

function sift(
  { isOwnRead }: SortedSource,
  { ownReads }: AuditQuery,
  { isAsked, passes }: Readonly<Record<'isAsked' | 'passes', EventFilter>>,
  held: readonly AuditEvent[],
  count: Coverage | undefined,
): AuditEvent[] {
  const scanned = held.filter(isAsked);
  const matched = scanned.filter(passes);
  const foreign = matched.filter((event) => !isOwnRead(event));
  if (count !== undefined) {
    count.eventsScanned += scanned.length;
    count.ownReads += matched.length - foreign.length;
  }
  return ownReads === 'keep' ? matched : foreign;
}
