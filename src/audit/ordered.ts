// Owns reading a window in time order: what is read side by side is put back in order, in flat memory.
import { coverageOf, createSieve, openAccount, reportProgress, throwIfVoid, type Account } from './account.ts';
import type { AuditRead, ReadOptions } from './audit-log.ts';
import { PAGE_EVENTS } from './client.ts';
import type { AuditEvent, TimedEvent } from './event.ts';
import { intersectWindows } from './intervals.ts';
import { byTime, createLane, take, unreadPages, type Lane, type Part } from './parts.ts';
import type { AuditQuery } from './query.ts';
import { startReading, type Reading } from './reading.ts';
import { ORDERED_PART_EVENTS, pickInOrder } from './schedule.ts';
import { readableBy, type LogParts } from './window.ts';

/** Events that may wait for older (or newer) ones to come. */
const HELD_EVENTS = 10_000;
/** A list is read page by page as the caller asks; who goes on past this many pages wants a lot. */
const PAGES_ON_DEMAND = 8;
const SECOND_MS = 1000;

interface Merge {
  readonly account: Account;
  readonly options: ReadOptions;
  readonly lanes: readonly Lane[];
  /** By lane: events whose turn comes once the other lanes have got as far, in the order of the query. */
  readonly ready: Map<Lane, TimedEvent[]>;
  /** Everything before this, in the order of the query, was handed on. */
  reachedMs: number;
}

export function readInOrder(parts: LogParts, query: AuditQuery, options: ReadOptions): AuditRead {
  const account = openAccount(query, readableBy(parts, query));
  const keys: readonly (string | undefined)[] = query.eventKeys ?? [undefined];
  const lanes = keys.map((eventKey) => createLane(eventKey, account.readable.windows));
  const { startMs, endMs } = account.readable.kept;
  const isOldestFirst = query.order === 'oldest_first';
  const merge: Merge = { account, options, lanes, ready: new Map(), reachedMs: isOldestFirst ? startMs : endMs };
  return {
    batches: batches(parts, merge),
    coverage() {
      const reachedMs = wholeSecond(merge);
      const reached = isOldestFirst ? { startMs, endMs: reachedMs } : { startMs: reachedMs, endMs };
      return coverageOf(account, intersectWindows(account.readable.windows, [reached]), parts.clock.now());
    },
  };
}

async function* batches(parts: LogParts, merge: Merge): AsyncGenerator<readonly AuditEvent[], undefined> {
  const { account, options } = merge;
  const reading = startReading(parts, {
    query: account.query,
    lanes: merge.lanes,
    limits: options,
    keep: createSieve(account, parts.isOwnRead),
    pick: (state) => pickNext(parts, merge, state),
    isEager: (state) => wantedEvents(merge, state) > PAGE_EVENTS,
    onPage: () => reportProgress(account, options),
  });
  account.reading = reading;
  try {
    for (;;) {
      const batch = nextBatch(merge, reading);
      if (batch.length > 0) yield batch;
      if (reading.stopped?.reason === 'limit') return;
      reading.pump();
      if (reading.inFlight > 0) await reading.progress();
      // Pages may have come while the caller was at the batch: only a round without one shows that all is handed on.
      else if (batch.length === 0) break;
    }
    throwIfVoid(account, options);
  } finally {
    await reading.close();
  }
}

function pickNext(parts: LogParts, merge: Merge, reading: Reading): Part | undefined {
  const { account, lanes, ready } = merge;
  const { fullPages, forks, usefulForks } = reading;
  // Newest first, a long run is cut short as soon as another reads behind it: the rest of it is not begun in earnest.
  const pagesAtStake =
    account.query.order === 'oldest_first' ? Number.POSITIVE_INFINITY : ORDERED_PART_EVENTS / PAGE_EVENTS;
  let held = 0;
  let begunPages = 0;
  for (const lane of lanes) {
    held += ready.get(lane)?.length ?? 0;
    for (const part of lane.parts) {
      held += part.waiting.length;
      if (part.run !== undefined) begunPages += Math.min(unreadPages(part), pagesAtStake);
    }
  }
  const affordable = affordablePages(merge, reading, parts.clock.now());
  return pickInOrder(lanes, account.query.order, {
    fullPages,
    forks,
    usefulForks,
    // What was read ahead of its turn is lost when the read ends before its turn comes.
    hasRoom: held < HELD_EVENTS && begunPages < affordable,
    affordablePages: affordable,
    wantedEvents: wantedEvents(merge, reading),
  });
}

/** Pages that budget and deadline still allow. */
function affordablePages({ options }: Merge, { spending, pages, startedAtMs }: Reading, nowMs: number): number {
  const { maxRequests = Number.POSITIVE_INFINITY, deadlineAt = Number.POSITIVE_INFINITY } = options;
  const pagesEachMs = pages === 0 ? Number.POSITIVE_INFINITY : pages / Math.max(1, nowMs - startedAtMs);
  return Math.min(maxRequests - spending.requests(), (deadlineAt - nowMs) * pagesEachMs);
}

function wantedEvents({ account, options }: Merge, { pages }: Reading): number {
  // How much of what is scanned will match, nobody knows.
  if (isScan(account.query)) return Number.POSITIVE_INFINITY;
  const wanted = (options.maxEvents ?? Number.POSITIVE_INFINITY) - account.events;
  if (account.query.order === 'oldest_first') return wanted;
  return pages < PAGES_ON_DEMAND ? Math.min(wanted, PAGE_EVENTS) : wanted;
}

function isScan({ chatId, ipAddress }: AuditQuery): boolean {
  return chatId !== undefined || ipAddress !== undefined;
}

/** What every lane has got past, in the order of the query. */
function nextBatch(merge: Merge, reading: Reading): AuditEvent[] {
  const { account, lanes } = merge;
  const isOldestFirst = account.query.order === 'oldest_first';
  const edges = lanes.map((lane) => (isOldestFirst ? takeOldest(merge, lane) : takeNewest(merge, lane)));
  const { startMs, endMs } = account.readable.kept;
  const edgeMs = isOldestFirst ? Math.min(endMs, ...edges) : Math.max(startMs, ...edges);
  const due: TimedEvent[] = [];
  for (const lane of lanes) {
    const ready = merge.ready.get(lane) ?? [];
    const first = ready.findIndex(({ timeMs }) => (isOldestFirst ? timeMs >= edgeMs : timeMs < edgeMs));
    const count = first === -1 ? ready.length : first;
    for (let at = 0; at < count; at += 1) {
      const timed = ready[at];
      if (timed !== undefined) due.push(timed);
    }
    if (count > 0) merge.ready.set(lane, ready.slice(count));
  }
  if (lanes.length > 1) due.sort(isOldestFirst ? byTime : (a, b) => byTime(b, a));
  merge.reachedMs = edgeMs;
  return limited(merge, reading, due);
}

/** At most as many events as are wanted; with them the read ends, where there are more. */
function limited(merge: Merge, reading: Reading, due: readonly TimedEvent[]): AuditEvent[] {
  const { account, options } = merge;
  const wanted = (options.maxEvents ?? Number.POSITIVE_INFINITY) - account.events;
  const given = due.slice(0, wanted);
  account.events += given.length;
  const last = given.at(-1);
  if (due.length > given.length && last !== undefined) {
    // Others of the same millisecond may have been cut off.
    merge.reachedMs = account.query.order === 'oldest_first' ? last.timeMs : last.timeMs + 1;
    reading.stop('limit');
  } else if (given.length === wanted && hasMore(merge)) reading.stop('limit');
  return given.map(({ event }) => event);
}

function hasMore({ lanes, ready }: Merge): boolean {
  return lanes.some((lane) => lane.parts.length > 0 || (ready.get(lane)?.length ?? 0) > 0);
}

/** Parts in front that were read whole become ready. The edge: from here on, this lane is not read. */
function takeOldest(merge: Merge, lane: Lane): number {
  for (let part = lane.parts[0]; part?.state === 'done'; part = lane.parts[0]) {
    lane.parts.shift();
    makeReady(merge, lane, take(part, part.startMs));
  }
  return lane.parts[0]?.startMs ?? Number.POSITIVE_INFINITY;
}

/** Newest first, a part need not be read whole: what is newer than its oldest event is complete. */
function takeNewest(merge: Merge, lane: Lane): number {
  for (let part = lane.parts.at(-1); part !== undefined; part = lane.parts.at(-1)) {
    const isDone = part.state === 'done';
    const edgeMs = isDone ? part.startMs : Math.min(part.endMs, part.oldestMs + 1);
    makeReady(merge, lane, take(part, edgeMs).reverse());
    if (!isDone) return edgeMs;
    lane.parts.pop();
  }
  return Number.NEGATIVE_INFINITY;
}

function makeReady({ ready }: Merge, lane: Lane, events: readonly TimedEvent[]): void {
  const before = ready.get(lane);
  if (before === undefined || before.length === 0) ready.set(lane, [...events]);
  else for (const timed of events) before.push(timed);
}

/** Windows are on whole seconds: a second that was handed on in part is not covered. */
function wholeSecond({ account, reachedMs }: Merge): number {
  const { order } = account.query;
  const { startMs, endMs } = account.readable.kept;
  if (order === 'oldest_first') return Math.max(startMs, Math.floor(reachedMs / SECOND_MS) * SECOND_MS);
  return Math.min(endMs, Math.ceil(reachedMs / SECOND_MS) * SECOND_MS);
}
