// Owns order: packed blocks as batches in the order of a query, and several ordered streams merged into one.
import { compareEvents, eventTimeMs, type AuditEvent } from '../audit/event.ts';
import type { AuditQuery, TimeWindow } from '../audit/query.ts';
import type { Loaded } from './context.ts';
import type { Block } from './segment-format.ts';
import type { Unpack } from './unpacked.ts';

export type Order = AuditQuery['order'];
export type Batches = AsyncIterable<readonly AuditEvent[]>;

/** The events of blocks (of one key, oldest first) that lie in `window`, a piece of a block at a time. */
export async function* streamBlocks(
  { blocks, unpack }: Loaded,
  window: TimeWindow,
  order: Order,
): AsyncGenerator<readonly AuditEvent[]> {
  const wanted = blocks.filter(({ firstMs, lastMs }) => lastMs >= window.startMs && firstMs < window.endMs);
  const blocksInOrder = order === 'oldest_first' ? wanted : wanted.toReversed();
  // Another thread unpacks the next one while this one is parsed and handed out.
  let next = unpackAhead(blocksInOrder[0], unpack);
  for (const [index, block] of blocksInOrder.entries()) {
    const isInside = block.firstMs >= window.startMs && block.lastMs < window.endMs;
    const parse = await next;
    next = unpackAhead(blocksInOrder[index + 1], unpack);
    const cut = (all: readonly AuditEvent[]) =>
      isInside ? all : all.slice(indexAt(all, window.startMs), indexAt(all, window.endMs));
    if (order === 'oldest_first') for (const piece of parse()) yield cut(piece);
    else for (const piece of [...parse()].toReversed()) yield cut(piece).toReversed();
  }
}

/** Fails only when it is awaited: a reader may leave before. */
function unpackAhead(block: Block | undefined, unpack: Unpack): ReturnType<Unpack> {
  const unpacked = block === undefined ? Promise.resolve(() => []) : unpack(block);
  unpacked.catch(() => undefined);
  return unpacked;
}

/** How many of `events`, oldest first, are older than `timeMs`. */
function indexAt(events: readonly AuditEvent[], timeMs: number): number {
  let [from, to] = [0, events.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const event = events[middle];
    if (event !== undefined && eventTimeMs(event) < timeMs) from = middle + 1;
    else to = middle;
  }
  return from;
}

interface Head {
  readonly source: AsyncIterator<readonly AuditEvent[]>;
  events: readonly AuditEvent[];
  at: number;
  /** Of the event at `at`. */
  timeMs: number;
}

/** Whoever wants a page leaves after the first batch, and should not wait for many more. */
const MERGED_EVENTS_MAX = 128;

/**
 * Streams that are each in `order`, as one in `order`. Holds one batch of each. Ends at once when `isStopped` says so: then
 * one of the streams broke off, and what the others still have lies beyond the break.
 */
export async function* mergeStreams(
  streams: readonly Batches[],
  order: Order,
  isStopped: () => boolean,
): AsyncGenerator<readonly AuditEvent[]> {
  const sign = order === 'oldest_first' ? 1 : -1;
  let heads = streams.map((stream): Head => ({ source: stream[Symbol.asyncIterator](), events: [], at: 0, timeMs: 0 }));
  try {
    for (;;) {
      if (heads.some(isDry)) {
        const filled = await Promise.all(heads.map(refill));
        heads = heads.filter((_, index) => filled[index]);
      }
      const [only] = heads;
      if (isStopped() || only === undefined) return;
      yield heads.length === 1 ? only.events.slice(only.at) : takeUntilOneIsDry(heads, sign);
      if (heads.length === 1) only.at = only.events.length;
    }
  } finally {
    // A source that was not begun has nothing to close.
    for (const { source } of heads) await source.return?.();
  }
}

/** Whether `head` has an event to give, after getting more where it had none. */
async function refill(head: Head): Promise<boolean> {
  while (isDry(head)) {
    const next = await head.source.next();
    if (next.done === true) return false;
    head.events = next.value;
    moveTo(head, 0);
  }
  return true;
}

function isDry({ at, events }: Head): boolean {
  return at >= events.length;
}

function moveTo(head: Head, at: number): void {
  head.at = at;
  const event = head.events[at];
  if (event !== undefined) head.timeMs = eventTimeMs(event);
}

/** Merges until some head has run dry: what comes next there is not known yet. */
function takeUntilOneIsDry(heads: readonly Head[], sign: number): AuditEvent[] {
  const merged: AuditEvent[] = [];
  for (;;) {
    let best: Head | undefined;
    for (const head of heads) if (best === undefined || isBefore(head, best, sign)) best = head;
    const event = best?.events[best.at];
    if (best === undefined || event === undefined) return merged;
    merged.push(event);
    moveTo(best, best.at + 1);
    if (isDry(best) || merged.length >= MERGED_EVENTS_MAX) return merged;
  }
}

function isBefore(a: Head, b: Head, sign: number): boolean {
  const difference = a.timeMs - b.timeMs;
  if (difference !== 0) return difference * sign < 0;
  const [left, right] = [a.events[a.at], b.events[b.at]];
  return left !== undefined && right !== undefined && compareEvents(left, right) * sign < 0;
}
