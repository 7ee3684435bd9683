// Owns a log that tests write: events arrive when the test says so, are forgotten in time, and every question is recorded.
import type { AuditLog, AuditRead, Coverage, Slice, SliceOptions, SliceRead } from '../../src/audit/audit-log.ts';
import { compareEvents, eventTimeMs, type AuditEvent } from '../../src/audit/event.ts';
import { intersectWindows, subtractWindows, totalMs } from '../../src/audit/intervals.ts';
import { matchesQuery } from '../../src/audit/local-filters.ts';
import type { AuditQuery, IsOwnRead, TimeWindow } from '../../src/audit/query.ts';
import { createSortedLog } from '../../src/audit/sorted-log.ts';
import { AuditError } from '../../src/errors.ts';

const DAY_MS = 86_400_000;

export interface Question {
  readonly query: AuditQuery;
  readonly have: readonly Pick<Slice, 'window' | 'eventKey'>[];
}

export interface ScriptedLog extends AuditLog {
  readonly questions: Question[];
  /** Events handed out, all questions together. */
  handedOut(): number;
  add(events: readonly AuditEvent[], arriveAtMs?: number): void;
  /** The events that the log would give now, oldest first. */
  visible(): AuditEvent[];
  /** The next question breaks off after so many batches or slices. */
  breakNext(afterBatches: number, error?: AuditError): void;
}

export interface ScriptedLogOptions {
  readonly clock: { now(): number };
  readonly isOwnRead?: IsOwnRead;
  readonly logDays?: number;
  /** Slices as the API's reader makes them: of one key, in any order. Else as a file's reader does: of all keys, in order. */
  readonly slices?: 'by_key' | 'all_keys';
}

export function createScriptedLog(options: ScriptedLogOptions): ScriptedLog {
  const { clock, isOwnRead = () => false, logDays = 90, slices = 'by_key' } = options;
  const entries: { event: AuditEvent; arriveAtMs: number }[] = [];
  const questions: Question[] = [];
  let handedOut = 0;
  let breaking: { left: number; error: AuditError } | undefined;

  const remembered = (): TimeWindow => ({ startMs: clock.now() - logDays * DAY_MS, endMs: Number.POSITIVE_INFINITY });
  const visible = (): AuditEvent[] => {
    const { startMs } = remembered();
    return entries
      .filter(({ event, arriveAtMs }) => arriveAtMs <= clock.now() && eventTimeMs(event) >= startMs)
      .map(({ event }) => event)
      .toSorted(compareEvents);
  };
  const sorted = createSortedLog({
    async *open() {
      const events = visible();
      for (let at = 0; at < events.length; at += 3) yield events.slice(at, at + 3);
    },
    coveredFor: () => [remembered()],
    isOwnRead,
    clock,
  });

  /** Counts, and breaks off where the test wants it. */
  async function* watched<T>(items: AsyncIterable<T>, sizeOf: (item: T) => number): AsyncGenerator<T> {
    for await (const item of items) {
      if (breaking !== undefined) {
        breaking.left -= 1;
        const { left, error } = breaking;
        if (left < 0) breaking = undefined;
        if (left < 0) throw error;
      }
      handedOut += sizeOf(item);
      yield item;
    }
  }
  /** Requests as the API would need them: pages of 50. */
  const withRequests = (coverage: Coverage, events: number): Coverage => ({
    ...coverage,
    requests: Math.floor(events / 50) + 1,
  });

  return {
    questions,
    handedOut: () => handedOut,
    add(events, arriveAtMs = Number.NEGATIVE_INFINITY) {
      for (const event of events) entries.push({ event, arriveAtMs });
    },
    visible,
    breakNext(afterBatches, error = new AuditError('network', 'The connection broke.')) {
      breaking = { left: afterBatches, error };
    },
    read(query, readOptions = {}): AuditRead {
      questions.push({ query, have: [] });
      const read = sorted.read(query, readOptions);
      const before = handedOut;
      return {
        batches: watched(read.batches, (batch) => batch.length),
        coverage: () => withRequests(read.coverage(), handedOut - before),
      };
    },
    readSlices(query, sliceOptions = {}): SliceRead {
      questions.push({ query, have: sliceOptions.have ?? [] });
      const before = handedOut;
      const read =
        slices === 'all_keys'
          ? sorted.readSlices(query, sliceOptions)
          : slicesByKey(query, sliceOptions, visible(), remembered(), isOwnRead);
      return {
        slices: watched(read.slices, (slice) => slice.events.length),
        coverage: () => withRequests(read.coverage(), handedOut - before),
      };
    },
  };
}

/** Slices of an hour and 17 minutes, each of one key, from both ends of the window in turn; none where there is nothing. */
function slicesByKey(
  query: AuditQuery,
  { have = [] }: SliceOptions,
  events: readonly AuditEvent[],
  remembered: TimeWindow,
  isOwnRead: IsOwnRead,
): SliceRead {
  const readable = intersectWindows([query.window], [remembered]);
  const isComplete = totalMs(readable) === totalMs([query.window]);
  const coverage: Coverage = {
    complete: false,
    stoppedBy: 'cancelled',
    covered: [],
    requests: 0,
    fromStore: 0,
    eventsScanned: 0,
    ownReads: 0,
  };
  async function* run(): AsyncGenerator<Slice> {
    for (const eventKey of query.eventKeys ?? [undefined]) {
      const had = have.filter((slice) => slice.eventKey === undefined || slice.eventKey === eventKey);
      const parts = subtractWindows(
        readable,
        had.map(({ window }) => window),
      ).flatMap(cutWindow);
      for (let at = 0; parts.length > 0; at += 1) {
        const window = (at % 2 === 0 ? parts.shift() : parts.pop()) ?? query.window;
        const inWindow = events.filter((event) => {
          const timeMs = eventTimeMs(event);
          return timeMs >= window.startMs && timeMs < window.endMs;
        });
        const ofKey = inWindow.filter((event) => eventKey === undefined || event.event_key === eventKey);
        const matching = ofKey.filter((event) => matchesQuery(event, query));
        const foreign = matching.filter((event) => !isOwnRead(event));
        coverage.eventsScanned += ofKey.length;
        coverage.ownReads += matching.length - foreign.length;
        const kept = query.ownReads === 'keep' ? matching : foreign;
        if (kept.length > 0) yield { window, ...(eventKey === undefined ? {} : { eventKey }), events: kept };
      }
    }
    coverage.complete = isComplete;
    coverage.stoppedBy = isComplete ? 'end' : 'retention';
    coverage.covered = readable;
  }
  return { slices: run(), coverage: () => ({ ...coverage }) };
}

function cutWindow({ startMs, endMs }: TimeWindow): TimeWindow[] {
  const stepMs = 77 * 60_000;
  return Array.from({ length: Math.ceil((endMs - startMs) / stepMs) }, (_, index) => ({
    startMs: startMs + index * stepMs,
    endMs: Math.min(endMs, startMs + (index + 1) * stepMs),
  }));
}
