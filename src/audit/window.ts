// Owns reading a window as fast as the source allows, in any order: slices as they become complete.
import { coverageOf, createSieve, openAccount, reportProgress, throwIfVoid, type Account } from './account.ts';
import type { Slice, SliceOptions, SliceRead } from './audit-log.ts';
import { intersectWindows, joinWindows, subtractWindows } from './intervals.ts';
import { createLane, take, type Lane, type Part } from './parts.ts';
import type { AuditQuery, IsOwnRead, TimeWindow } from './query.ts';
import { readableOf } from './readable.ts';
import { startReading, type Reading, type ReadingParts } from './reading.ts';
import { pickAnywhere } from './schedule.ts';

export interface LogParts extends ReadingParts {
  readonly isOwnRead: IsOwnRead;
}

/** Small enough that a stop loses little, big enough that a slice is worth a place of its own on disk. */
const SLICE_EVENTS = 500;
/** A slow caller holds the reading up here. */
const QUEUE_EVENTS = 10_000;

interface Heap {
  readonly account: Account;
  readonly options: SliceOptions;
  readonly ready: { readonly lane: Lane; readonly slice: Slice }[];
  readyEvents: number;
  /** What was handed on, by lane, joined. */
  readonly covered: Map<Lane, TimeWindow[]>;
}

export function readSlices(parts: LogParts, query: AuditQuery, options: SliceOptions): SliceRead {
  const account = openAccount(query, readableOf(query, parts.clock.now()));
  const heap: Heap = { account, options, ready: [], readyEvents: 0, covered: new Map() };
  const lanes = lanesOf(heap);
  return {
    slices: slices(parts, heap, lanes),
    coverage: () => {
      const shared = lanes
        .map((lane) => heap.covered.get(lane) ?? [])
        .reduce((windows, ofLane) => intersectWindows(windows, ofLane), account.readable.windows);
      return coverageOf(account, shared, parts.clock.now());
    },
  };
}

/** One lane a key, without what the caller has already. */
function lanesOf({ account: { query, readable }, options: { have = [] }, covered }: Heap): Lane[] {
  const keys: readonly (string | undefined)[] = query.eventKeys ?? [undefined];
  return keys.map((eventKey) => {
    // A slice without a key holds the events of every key.
    const ofKey = have.filter((slice) => slice.eventKey === undefined || slice.eventKey === eventKey);
    const had = intersectWindows(
      readable.windows,
      ofKey.map(({ window }) => window),
    );
    const lane = createLane(eventKey, subtractWindows(readable.windows, had));
    covered.set(lane, had);
    return lane;
  });
}

async function* slices(parts: LogParts, heap: Heap, lanes: readonly Lane[]): AsyncGenerator<Slice, undefined> {
  const { account, options } = heap;
  const reading = startReading(parts, {
    query: account.query,
    lanes,
    limits: options,
    keep: createSieve(account, parts.isOwnRead),
    pick: ({ fullPages, forks, usefulForks }) => {
      const hasRoom = heap.readyEvents < QUEUE_EVENTS;
      return pickAnywhere(lanes, { fullPages, forks, usefulForks, hasRoom, wantedEvents: Number.POSITIVE_INFINITY });
    },
    isEager: () => true,
    onPage(part) {
      if (part.state === 'done' || part.waiting.length >= SLICE_EVENTS) cutSlice(heap, part);
      reportProgress(account, options);
    },
  });
  account.reading = reading;
  try {
    for (;;) {
      yield* readySlices(heap, reading);
      reading.pump();
      if (reading.inFlight === 0) break;
      await reading.progress();
    }
    // What a stopped read has whole is handed on too, a cancelled one not less: each page of it was paid for.
    for (const part of lanes.flatMap((lane) => [...lane.parts])) cutSlice(heap, part);
    yield* readySlices(heap, reading);
    throwIfVoid(account, options);
  } finally {
    await reading.close();
  }
}

function* readySlices(heap: Heap, reading: Reading): Generator<Slice, undefined> {
  const { maxEvents = Number.POSITIVE_INFINITY } = heap.options;
  for (let next = heap.ready.shift(); next !== undefined; next = heap.ready.shift()) {
    const { lane, slice } = next;
    heap.readyEvents -= slice.events.length;
    heap.account.events += slice.events.length;
    heap.covered.set(lane, joinWindows([...(heap.covered.get(lane) ?? []), slice.window]));
    yield slice;
    if (heap.account.events >= maxEvents && reading.unreadMs > 0) reading.stop('limit');
  }
}

/** What `part` has read whole and not handed on becomes a slice; an empty one too, since it says that nothing is there. */
function cutSlice(heap: Heap, part: Part): void {
  const { lane, takenMs } = part;
  const fromMs = part.state === 'done' ? part.startMs : part.completeMs;
  if (part.state === 'done') lane.parts.splice(lane.parts.indexOf(part), 1);
  if (fromMs >= takenMs) return;
  const window = { startMs: fromMs, endMs: takenMs };
  const events = take(part, fromMs).map(({ event }) => event);
  const slice = { window, events, ...(lane.eventKey === undefined ? {} : { eventKey: lane.eventKey }) };
  heap.ready.push({ lane, slice });
  heap.readyEvents += events.length;
}
