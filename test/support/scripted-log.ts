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
  /** The question that is under way then breaks off after so many more batches or slices. */
  breakAfter(batches: number): void;
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
  let batchesLeft = Number.POSITIVE_INFINITY;

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

  /** Throws where the test wants the network to break. */
  const passOne = (): void => {
    batchesLeft -= 1;
    if (batchesLeft >= 0) return;
    batchesLeft = Number.POSITIVE_INFINITY;
    throw new AuditError('network', 'The connection broke.');
  };

  return {
    questions,
    handedOut: () => handedOut,
    add(events, arriveAtMs = Number.NEGATIVE_INFINITY) {
      for (const event of events) entries.push({ event, arriveAtMs });
    },
    visible,
    breakAfter(batches) {
      batchesLeft = batches;
    },
    read(query, readOptions = {}): AuditRead {
      questions.push({ query, have: [] });
      const read = sorted.read(query, readOptions);
      const state = openState();
      return {
        batches: watched(inThrees(read.batches), state, (batch) => {
          passOne();
          handedOut += batch.length;
          state.events += batch.length;
          state.covered = passedBy(query, batch.at(-1), remembered());
        }),
        coverage: () => coverageOf(read.coverage(), state),
      };
    },
    readSlices(query, sliceOptions = {}): SliceRead {
      questions.push({ query, have: sliceOptions.have ?? [] });
      const read =
        slices === 'all_keys'
          ? sorted.readSlices(query, sliceOptions)
          : slicesByKey(query, sliceOptions, visible(), remembered(), isOwnRead);
      const state = openState();
      return {
        slices: watched(read.slices, state, (slice) => {
          passOne();
          handedOut += slice.events.length;
          state.events += slice.events.length;
        }),
        coverage: () => coverageOf(read.coverage(), state),
      };
    },
  };
}

interface ReadState {
  events: number;
  isUnderWay: boolean;
  failure: AuditError | undefined;
  covered: readonly TimeWindow[];
}

function openState(): ReadState {
  return { events: 0, isUnderWay: false, failure: undefined, covered: [] };
}

/** As the port has it: a failure before anything was read is thrown, a later one ends the read. */
async function* watched<T>(items: AsyncIterable<T>, state: ReadState, pass: (item: T) => void): AsyncGenerator<T> {
  try {
    for await (const item of items) {
      pass(item);
      state.isUnderWay = true;
      yield item;
    }
  } catch (error) {
    if (!state.isUnderWay || !(error instanceof AuditError)) throw error;
    state.failure = error;
  }
}

/** `coverage` with requests as the API would need them, pages of 50, and with what broke the read. */
function coverageOf(coverage: Coverage, { events, failure, covered }: ReadState): Coverage {
  const requests = Math.floor(events / 50) + 1;
  if (failure !== undefined) return { ...coverage, complete: false, stoppedBy: 'error', failure, covered, requests };
  return { ...coverage, ...(coverage.stoppedBy === 'cancelled' && { covered }), requests };
}

async function* inThrees(batches: AsyncIterable<readonly AuditEvent[]>): AsyncGenerator<readonly AuditEvent[]> {
  for await (const batch of batches) for (let at = 0; at < batch.length; at += 3) yield batch.slice(at, at + 3);
}

/** The whole seconds before (in the order of the query) `event`, as far as they are remembered. */
function passedBy(query: AuditQuery, event: AuditEvent | undefined, remembered: TimeWindow): TimeWindow[] {
  if (event === undefined) return [];
  const second = Math.floor(eventTimeMs(event) / 1000) * 1000;
  const { startMs, endMs } = query.window;
  const passed = query.order === 'oldest_first' ? { startMs, endMs: second } : { startMs: second + 1000, endMs };
  return intersectWindows([passed], [remembered]);
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
