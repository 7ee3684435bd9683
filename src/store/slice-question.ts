// Owns asking the log behind the store for the gaps of a read in slices, and keeping what it gives.
import { subtractWindows, totalMs } from '../audit/intervals.ts';
import type { Slice, SliceOptions } from '../audit/audit-log.ts';
import type { AuditQuery, TimeWindow } from '../audit/query.ts';
import { stopByError, type Account } from './account.ts';
import { narrowQuery, restOfBudget, type StoreContext } from './context.ts';
import type { Lane } from './drafts.ts';
import { gatherSlices } from './gather.ts';
import { createOwnReadFilter, isPlain } from './sift.ts';

/** One read in slices under way. */
export interface SlicedRead {
  readonly context: StoreContext;
  readonly query: AuditQuery;
  readonly options: SliceOptions;
  readonly account: Account;
  /** What is not read and not asked for yet, by lane. */
  readonly open: Map<Lane, readonly TimeWindow[]>;
  /** Events handed out. */
  delivered: number;
  /** Slices handed out; one without events tells something too. */
  slices: number;
  /** What the caller was last told is read. */
  reportedMs: number;
}

/** Tells the caller how far the read is; `askedMs` of time by lane are asked for and not read yet. */
export function reportSlices({ query, options, open, ...read }: SlicedRead, askedMs: number): number {
  const windowMs = totalMs([query.window]);
  const openMs = [...open.values()].reduce((sum, windows) => sum + totalMs(windows), askedMs);
  const coveredMs = Math.max(read.reportedMs, Math.round(windowMs - openMs / Math.max(1, open.size)));
  options.onProgress?.({ coveredMs, totalMs: windowMs, events: read.delivered });
  return coveredMs;
}

/** Slices of all that is open. A failure ends the read, and is thrown where nothing was read. */
export async function* askForSlices(read: SlicedRead): AsyncGenerator<Slice> {
  const groups = new Map<string, Lane[]>();
  // Lanes that lack the same are asked for together, so that a log may read them in one pass.
  for (const [lane, windows] of read.open) {
    if (windows.length === 0) continue;
    const id = windows.map(({ startMs, endMs }) => `${startMs}-${endMs}`).join(' ');
    groups.set(id, [...(groups.get(id) ?? []), lane]);
  }
  for (const lanes of groups.values()) {
    const gaps = read.open.get(lanes[0]) ?? [];
    for (const lane of lanes) read.open.set(lane, []);
    yield* askGroup(read, lanes, gaps);
    if (read.account.stopped() !== undefined) return;
  }
}

async function* askGroup(read: SlicedRead, lanes: readonly Lane[], gaps: readonly TimeWindow[]): AsyncGenerator<Slice> {
  const { context, query, options, account } = read;
  const [first, last] = [gaps[0], gaps.at(-1)];
  const budget = restOfBudget(options, account);
  if (first === undefined || last === undefined) return;
  if (budget === undefined) {
    account.addOpen(() => gaps);
    account.stop('budget');
    return;
  }
  const hull = { startMs: first.startMs, endMs: last.endMs };
  const isKept = isPlain(query);
  const keys = lanes.flatMap((lane) => lane ?? []);
  const question = narrowQuery(query, hull, query.eventKeys && keys, isKept ? 'keep' : query.ownReads);
  const had = lanes.flatMap((lane) => subtractWindows([hull], gaps).map((window) => sliceOf(window, lane)));
  const gathering = isKept
    ? gatherSlices(new Map(lanes.map((lane) => [lane, gaps])), await context.keeper())
    : undefined;
  const answer = context.inner.readSlices(question, {
    ...budget,
    have: had,
    ...(options.maxEvents === undefined ? {} : { maxEvents: Math.max(1, options.maxEvents - read.delivered) }),
    onProgress: ({ coveredMs, totalMs: ofMs }) => {
      const restMs = totalMs(gaps) * lanes.length * (1 - (ofMs === 0 ? 1 : coveredMs / ofMs));
      read.reportedMs = reportSlices(read, restMs);
    },
  });
  account.addAsked(gaps, () => answer.coverage());
  const filter = isKept ? createOwnReadFilter(query, context.isOwnRead) : undefined;
  let isComplete = false;
  try {
    for await (const slice of answer.slices) {
      for (const part of byLane(slice, query, keys)) {
        await gathering?.add(part);
        const events = filter === undefined ? part.events : filter(part.events);
        read.delivered += events.length;
        read.slices += 1;
        yield { ...part, events };
      }
    }
    const { complete, stoppedBy, failure } = answer.coverage();
    isComplete = complete;
    if (stoppedBy !== 'end' && stoppedBy !== 'retention') account.stop(stoppedBy, failure);
  } catch (error) {
    stopByError(error, options, account, read.slices);
  } finally {
    await gathering?.finish(isComplete);
  }
}

function sliceOf(window: TimeWindow, lane: Lane): Pick<Slice, 'window' | 'eventKey'> {
  return lane === undefined ? { window } : { window, eventKey: lane };
}

/** A slice without a key holds all the keys that were asked for; the caller may have asked for more than the log was. */
function byLane(slice: Slice, query: AuditQuery, keys: readonly string[]): Slice[] {
  if (query.eventKeys === undefined || slice.eventKey !== undefined) return [slice];
  return keys.map((eventKey) => ({
    window: slice.window,
    eventKey,
    events: slice.events.filter((event) => event.event_key === eventKey),
  }));
}
