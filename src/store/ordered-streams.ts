// Owns order: packed blocks as batches in the order of a query, and several ordered streams merged into one.
import { compareEvents, eventTimeMs, type AuditEvent } from '../audit/event.ts';
import type { AuditQuery, TimeWindow } from '../audit/query.ts';
import { parseLines, unpackLines, type Block } from './segment-format.ts';

export type Order = AuditQuery['order'];
export type Batches = AsyncIterable<readonly AuditEvent[]>;

/** The events of `blocks` (of one key, oldest first) that lie in `window`, one block at a time. */
export async function* streamBlocks(
  blocks: readonly Block[],
  window: TimeWindow,
  order: Order,
): AsyncGenerator<AuditEvent[]> {
  const wanted = blocks.filter(({ firstMs, lastMs }) => lastMs >= window.startMs && firstMs < window.endMs);
  const blocksInOrder = order === 'oldest_first' ? wanted : wanted.toReversed();
  // Another thread unpacks the next one while this one is parsed and handed out.
  let next = unpackAhead(blocksInOrder[0]);
  for (const [index, block] of blocksInOrder.entries()) {
    const isInside = block.firstMs >= window.startMs && block.lastMs < window.endMs;
    const text = await next;
    next = unpackAhead(blocksInOrder[index + 1]);
    const all = parseLines(text);
    const events = isInside ? all : all.filter((event) => isWithin(eventTimeMs(event), window));
    yield order === 'oldest_first' ? events : events.reverse();
  }
}

/** Fails only when it is awaited: a reader may leave before. */
function unpackAhead(block: Block | undefined): Promise<string> {
  const text = block === undefined ? Promise.resolve('') : unpackLines(block);
  text.catch(() => undefined);
  return text;
}

export function isWithin(timeMs: number, window: TimeWindow): boolean {
  return timeMs >= window.startMs && timeMs < window.endMs;
}

interface Head {
  readonly source: AsyncIterator<readonly AuditEvent[]>;
  events: readonly AuditEvent[];
  times: readonly number[];
  at: number;
}

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
  let heads = streams.map((stream): Head => ({ source: stream[Symbol.asyncIterator](), events: [], times: [], at: 0 }));
  try {
    for (;;) {
      const filled = await Promise.all(heads.map(refill));
      heads = heads.filter((_, index) => filled[index]);
      const [only] = heads;
      if (isStopped() || only === undefined) return;
      yield heads.length === 1 ? only.events.slice(only.at) : takeUntilOneIsEmpty(heads, sign);
      if (heads.length === 1) only.at = only.events.length;
    }
  } finally {
    // A source that was not begun has nothing to close.
    for (const { source } of heads) await source.return?.();
  }
}

/** Whether `head` has an event to give, after getting more where it had none. */
async function refill(head: Head): Promise<boolean> {
  while (head.at >= head.events.length) {
    const next = await head.source.next();
    if (next.done === true) return false;
    head.events = next.value;
    head.times = next.value.map(eventTimeMs);
    head.at = 0;
  }
  return true;
}

/** Merges until some head has run dry: what comes next there is not known yet. */
function takeUntilOneIsEmpty(heads: readonly Head[], sign: number): AuditEvent[] {
  const merged: AuditEvent[] = [];
  for (;;) {
    let best: Head | undefined;
    for (const head of heads) if (best === undefined || isBefore(head, best, sign)) best = head;
    const event = best?.events[best.at];
    if (best === undefined || event === undefined) return merged;
    merged.push(event);
    best.at += 1;
    if (best.at >= best.events.length) return merged;
  }
}

function isBefore(a: Head, b: Head, sign: number): boolean {
  const difference = (a.times[a.at] ?? 0) - (b.times[b.at] ?? 0);
  if (difference !== 0) return difference * sign < 0;
  const [left, right] = [a.events[a.at], b.events[b.at]];
  return left !== undefined && right !== undefined && compareEvents(left, right) * sign < 0;
}
