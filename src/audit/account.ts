// Owns the honest account of one read: what was looked at, what was left out, what is covered, what the rest would cost.
import type { Coverage, ReadOptions } from './audit-log.ts';
import { PAGE_EVENTS } from './client.ts';
import type { TimedEvent } from './event.ts';
import { intersectWindows, joinWindows, subtractWindows, totalMs } from './intervals.ts';
import { localFilter } from './local-filters.ts';
import { unreadMs } from './parts.ts';
import type { AuditQuery, IsOwnRead, TimeWindow } from './query.ts';
import type { Readable } from './readable.ts';
import type { Reading } from './reading.ts';

export interface Account {
  readonly query: AuditQuery;
  readonly readable: Readable;
  eventsScanned: number;
  ownReads: number;
  /** Events handed on. */
  events: number;
  /** Absent until the read begins. */
  reading: Reading | undefined;
}

export function openAccount(query: AuditQuery, readable: Readable): Account {
  return { query, readable, eventsScanned: 0, ownReads: 0, events: 0, reading: undefined };
}

/** Counts an event and says whether it is handed on: what the API could not filter is filtered here. */
export function createSieve(account: Account, isOwnRead: IsOwnRead): (timed: TimedEvent) => boolean {
  const { ownReads } = account.query;
  const passes = localFilter(account.query);
  return ({ event }) => {
    account.eventsScanned += 1;
    if (!passes(event)) return false;
    if (!isOwnRead(event)) return true;
    account.ownReads += 1;
    return ownReads === 'keep';
  };
}

/** The account as of now. `covered`: the parts of the readable windows that were handed on whole. */
export function coverageOf(account: Account, covered: readonly TimeWindow[], nowMs: number): Coverage {
  const { query, readable, reading } = account;
  const isWhole = totalMs(covered) === totalMs(readable.windows);
  const stopped = isWhole ? undefined : reading?.stopped;
  const complete = isWhole && !readable.isCut;
  const estimate = stopped?.reason === 'deadline' || stopped?.reason === 'budget' ? restOf(account, nowMs) : undefined;
  return {
    complete,
    // Whoever leaves early had enough.
    stoppedBy: stopped?.reason ?? (isWhole ? (readable.isCut ? 'retention' : 'end') : 'limit'),
    covered: complete ? [query.window] : stretched(readable, covered),
    requests: reading?.spending.requests() ?? 0,
    fromStore: 0,
    eventsScanned: account.eventsScanned,
    ownReads: account.ownReads,
    ...(estimate === undefined ? {} : { estimate }),
    ...(stopped?.failure === undefined ? {} : { failure: stopped.failure }),
  };
}

/** Hours that nobody asked for do not cut in two what was read on both sides of them. */
function stretched({ kept, windows }: Readable, covered: readonly TimeWindow[]): TimeWindow[] {
  const joined = joinWindows([...covered, ...subtractWindows([kept], windows)]);
  return joined.filter((window) => intersectWindows([window], covered).length > 0);
}

/** From the density and the speed so far; undefined where nothing was read to go by. */
function restOf({ eventsScanned, readable, reading }: Account, nowMs: number): Coverage['estimate'] {
  if (reading === undefined || reading.pages === 0) return undefined;
  const laneMs = totalMs(readable.windows);
  const meanPerMs = eventsScanned / Math.max(1, laneMs * reading.lanes.length - reading.unreadMs);
  let requests = 0;
  // Lane by lane: a key of a few events a week is read whole long before one of thousands a day.
  for (const { parts, scanned } of reading.lanes) {
    const unread = parts.reduce((sum, part) => sum + unreadMs(part), 0);
    const open = parts.filter(({ state }) => state !== 'done').length;
    const perMs = unread < laneMs ? scanned / (laneMs - unread) : meanPerMs;
    requests += Math.max(open, Math.ceil((perMs * unread) / PAGE_EVENTS));
  }
  const secondsEach = (nowMs - reading.startedAtMs) / 1000 / Math.max(1, reading.spending.requests());
  return { requests, seconds: Math.ceil(requests * secondsEach) };
}

/** Tells the caller how far the read is. */
export function reportProgress({ readable, reading, events }: Account, { onProgress }: ReadOptions): void {
  if (onProgress === undefined || reading === undefined) return;
  const total = totalMs(readable.windows);
  const coveredMs = Math.floor(total - reading.unreadMs / Math.max(1, reading.lanes.length));
  onProgress({ coveredMs, totalMs: total, events });
}

/** Throws where a read that has ended must not look like an answer: cancelled, or failed before anything was read. */
export function throwIfVoid({ reading }: Account, { signal }: ReadOptions): void {
  if (reading?.stopped?.reason === 'cancelled') throw signal?.reason;
  if (reading?.stopped?.failure !== undefined && reading.pages === 0) throw reading.stopped.failure;
}
