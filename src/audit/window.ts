// Owns reading a window as fast as the source allows, in any order: slices as they become complete.
import { coverageOf, createSieve, openAccount, reportProgress, throwIfVoid, type Account } from './account.ts';
import type { Slice, SliceOptions, SliceRead } from './audit-log.ts';
import { intersectWindows, joinWindows, subtractWindows } from './intervals.ts';
import { createLane, take, type Lane, type Part } from './parts.ts';
import type { AuditQuery, IsOwnRead, TimeWindow } from './query.ts';
import { readableOf, type Readable } from './readable.ts';
import { startReading, type Reading, type ReadingParts } from './reading.ts';
import { pickAnywhere } from './schedule.ts';

export interface LogParts extends ReadingParts {
  readonly isOwnRead: IsOwnRead;
  /** The time (ms) by which the log has forgotten; that of `clock` where absent. */
  readonly edgeNowMs?: () => number;
}

/** What of `query` the log still keeps by now. */
export function readableBy({ clock, edgeNowMs = () => clock.now() }: LogParts, query: AuditQuery): Readable {
  return readableOf(query, edgeNowMs());
}

// What was read and not handed on is lost when the process is killed: some pages while little was read, a small share of it later, and
// never more than a moment's reading. Bigger slices are cheaper to keep.
const LOSS_SHARE = 0.02;
const FEWEST_LOST_PAGES = 4;
const MOST_LOST_PAGES = 20;
const LOSS_MS = 100;
/** A slow caller holds the reading up here. */
const QUEUE_EVENTS = 1000;
/** Slices are wanted all, and each is of use whatever becomes of the others. */
const UNBOUNDED = { wantedEvents: Number.POSITIVE_INFINITY, affordablePages: Number.POSITIVE_INFINITY };

interface Heap {
  readonly account: Account;
  readonly options: SliceOptions;
  readonly ready: { readonly lane: Lane; readonly slice: Slice }[];
  readyEvents: number;
  /** When all that was whole was handed on last, and after how many pages. */
  cutAtMs: number;
  cutAtPage: number;
  /** What was handed on, by lane; joined when it is asked for. */
  readonly covered: Map<Lane, TimeWindow[]>;
}

export function readSlices(parts: LogParts, query: AuditQuery, options: SliceOptions): SliceRead {
  const nowMs = parts.clock.now();
  const account = openAccount(query, readableBy(parts, query));
  const heap: Heap = { account, options, ready: [], readyEvents: 0, cutAtMs: nowMs, cutAtPage: 0, covered: new Map() };
  const lanes = lanesOf(heap);
  return {
    slices: slices(parts, heap, lanes),
    coverage: () => {
      for (const [lane, windows] of heap.covered) heap.covered.set(lane, joinWindows(windows));
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
      return pickAnywhere(lanes, { fullPages, forks, usefulForks, hasRoom, ...UNBOUNDED });
    },
    isEager: () => true,
    onPage(part) {
      if (part.state === 'done') cutSlice(heap, part);
      cutWhereDue(heap, lanes, parts.clock.now());
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
    // What a stopped read has whole is handed on, that of a cancelled one too: it was paid for.
    cutAll(heap, lanes);
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
    heap.covered.get(lane)?.push(slice.window);
    yield slice;
    if (heap.account.events >= maxEvents && reading.unreadMs > 0) reading.stop('limit');
  }
}

function cutWhereDue(heap: Heap, lanes: readonly Lane[], nowMs: number): void {
  const pages = heap.account.reading?.pages ?? 0;
  const atRisk = Math.min(MOST_LOST_PAGES, Math.max(FEWEST_LOST_PAGES, pages * LOSS_SHARE));
  if (pages - heap.cutAtPage < atRisk && nowMs - heap.cutAtMs < LOSS_MS) return;
  heap.cutAtPage = pages;
  heap.cutAtMs = nowMs;
  cutAll(heap, lanes);
}

function cutAll(heap: Heap, lanes: readonly Lane[]): void {
  for (const part of lanes.flatMap((lane) => [...lane.parts])) cutSlice(heap, part);
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
