// Owns answering queries from events that lie in time order already: a file, an array. It holds one batch at a time.
import { toAuditError } from '../errors.ts';
import type { AuditLog, AuditRead, Coverage, ReadOptions, Slice, SliceOptions, SliceRead } from './audit-log.ts';
import type { AuditEvent } from './event.ts';
import { intersectWindows, joinWindows, subtractWindows, totalMs } from './intervals.ts';
import type { AuditQuery, TimeWindow } from './query.ts';
import { coveredBySlices } from './slice-cover.ts';
import { secondOf, startPass, type Pass, type SortedSource } from './sorted-pass.ts';

const BATCH_EVENTS = 500;
const SLICE_EVENTS = 1000;
/** Newest first from a source that only runs forwards: so many events are held, and each further block is a further pass. */
const BLOCK_EVENTS = 20_000;

export function createSortedLog(source: SortedSource): AuditLog {
  return {
    read(query, options = {}): AuditRead {
      const account = openAccount(source, query);
      const events = query.order === 'oldest_first' ? oldestFirst : newestFirst;
      return {
        batches: guarded(account, events(source, query, options, account)),
        coverage: () => ({ ...account.coverage }),
      };
    },
    readSlices(query, options = {}): SliceRead {
      const account = openAccount(source, query);
      return {
        slices: guarded(account, slices(source, query, options, account)),
        coverage: () => ({ ...account.coverage }),
      };
    },
  };
}

/** The account of one read, kept up as it goes. */
interface Account {
  readonly coverage: Coverage;
  /** The parts of the window that can be answered at all. */
  readonly readable: readonly TimeWindow[];
}

function openAccount(source: SortedSource, query: AuditQuery): Account {
  const coverage: Coverage = {
    complete: false,
    // What holds where a reader leaves early.
    stoppedBy: 'cancelled',
    covered: [],
    requests: 0,
    fromStore: 0,
    eventsScanned: 0,
    ownReads: 0,
  };
  return { coverage, readable: intersectWindows([query.window], source.coveredFor(query)) };
}

function close(account: Account, query: AuditQuery): void {
  const isWhole = totalMs(account.readable) === totalMs([query.window]);
  account.coverage.complete = isWhole;
  account.coverage.stoppedBy = isWhole ? 'end' : 'retention';
  account.coverage.covered = account.readable;
}

function stop(account: Account, stoppedBy: Coverage['stoppedBy'], startMs: number, endMs: number): void {
  account.coverage.stoppedBy = stoppedBy;
  account.coverage.covered = intersectWindows(account.readable, [{ startMs, endMs }]);
}

/** Runs `batches`; a failure after the first of them is a value, as the port says. */
async function* guarded<T>(account: Account, batches: AsyncIterable<T>): AsyncGenerator<T> {
  let isUnderWay = false;
  try {
    for await (const batch of batches) {
      isUnderWay = true;
      yield batch;
    }
  } catch (error) {
    if (!isUnderWay) throw error;
    account.coverage.stoppedBy = 'error';
    account.coverage.failure = toAuditError(error);
  }
}

async function* oldestFirst(source: SortedSource, query: AuditQuery, options: ReadOptions, account: Account) {
  const { startMs } = query.window;
  const pass = startPass(source, query, query.window, options, account.coverage);
  let room = options.maxEvents ?? Number.POSITIVE_INFINITY;
  for await (const batch of pass.batches) {
    const last = batch[Math.min(room, batch.length) - 1];
    // Whoever leaves now has it from here.
    if (last !== undefined) stop(account, 'cancelled', startMs, secondOf(last));
    if (room > 0) yield batch.slice(0, room);
    const next = batch[room];
    if (next !== undefined) {
      stop(account, 'limit', startMs, secondOf(next));
      return;
    }
    room -= batch.length;
  }
  if (pass.stoppedBy === undefined) close(account, query);
  else stop(account, pass.stoppedBy, startMs, pass.reachedMs);
}

/** The last `size` of the first `until` events of the pass, and how many came before them. */
async function lastOf(pass: Pass, size: number, until: number): Promise<{ events: AuditEvent[]; before: number }> {
  let events: AuditEvent[] = [];
  let seen = 0;
  for await (const batch of pass.batches) {
    events.push(...batch.slice(0, until - seen));
    seen += batch.length;
    if (events.length > 2 * size) events = events.slice(-size);
    if (seen >= until) break;
  }
  events = events.slice(-size);
  return { events, before: Math.min(seen, until) - events.length };
}

async function* newestFirst(source: SortedSource, query: AuditQuery, options: ReadOptions, account: Account) {
  const { startMs, endMs } = query.window;
  let room = options.maxEvents ?? Number.POSITIVE_INFINITY;
  let left = Number.POSITIVE_INFINITY;
  let reachedMs = endMs;
  let count: Coverage | undefined = account.coverage;
  do {
    const pass: Pass = startPass(source, query, { startMs, endMs: reachedMs }, options, count);
    const block = await lastOf(pass, Math.min(room + 1, BLOCK_EVENTS), left);
    if (pass.stoppedBy !== undefined) {
      stop(account, pass.stoppedBy, reachedMs, endMs);
      return;
    }
    const newest = block.events.toReversed();
    for (let at = 0; at < Math.min(newest.length, room); at += BATCH_EVENTS) {
      const batch = newest.slice(at, Math.min(at + BATCH_EVENTS, room));
      const last = batch.at(-1);
      if (last !== undefined) stop(account, 'cancelled', secondOf(last) + 1000, endMs);
      yield batch;
    }
    const next = newest[room];
    if (next !== undefined) {
      stop(account, 'limit', secondOf(next) + 1000, endMs);
      return;
    }
    room -= newest.length;
    left = block.before;
    const oldest = newest.at(-1);
    if (oldest !== undefined) reachedMs = secondOf(oldest) + 1000;
    count = undefined;
  } while (left > 0);
  close(account, query);
}

/** Slices hold all the keys of the query: one pass is cheaper than a pass for each. */
async function* slices(source: SortedSource, query: AuditQuery, options: SliceOptions, account: Account) {
  const had = intersectWindows(account.readable, coveredBySlices(query, options.have ?? []));
  const total = totalMs(account.readable);
  let covered = had;
  let events = 0;
  for (const part of subtractWindows(account.readable, had)) {
    const pass = startPass(source, query, part, options, account.coverage);
    for await (const slice of cut(pass, part)) {
      yield slice;
      events += slice.events.length;
      covered = joinWindows([...covered, slice.window]);
      account.coverage.covered = covered;
      options.onProgress?.({ coveredMs: totalMs(covered), totalMs: total, events });
    }
    if (pass.stoppedBy === undefined) continue;
    account.coverage.stoppedBy = pass.stoppedBy;
    return;
  }
  close(account, query);
}

/** The pass in slices on whole seconds; what follows the last whole second of a pass that ended early is left out. */
async function* cut(pass: Pass, { startMs, endMs }: TimeWindow): AsyncGenerator<Slice> {
  let fromMs = startMs;
  let events: AuditEvent[] = [];
  for await (const batch of pass.batches) {
    for (const event of batch) {
      const second = secondOf(event);
      if (events.length >= SLICE_EVENTS && second > fromMs && second > secondOf(events.at(-1) ?? event)) {
        yield { window: { startMs: fromMs, endMs: second }, events };
        [fromMs, events] = [second, []];
      }
      events.push(event);
    }
  }
  if (pass.stoppedBy === undefined) yield { window: { startMs: fromMs, endMs }, events };
}
