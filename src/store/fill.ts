// Owns filling the store on purpose: the nightly job, day by day, resumable because what is kept is not read again.
import type { StopReason } from '../audit/audit-log.ts';
import type { TimeWindow } from '../audit/query.ts';
import { AuditError, toAuditError } from '../errors.ts';
import type { DayState } from './keeper.ts';
import type { SegmentStore, StoreIndex } from './segments.ts';
import type { StoredLog } from './stored-log.ts';
import { dayWindow, daysIn } from './utc-days.ts';

export interface FillOptions {
  readonly log: StoredLog;
  /** Every UTC day that it touches is filled. */
  readonly window: TimeWindow;
  /** Absent: every key, unknown ones included. */
  readonly eventKeys?: readonly string[];
  readonly signal?: AbortSignal;
  readonly deadlineAt?: number;
  readonly maxRequests?: number;
  readonly onProgress?: (progress: FillProgress) => void;
}

export interface FillProgress {
  /** The day that was just read. */
  readonly day: string;
  readonly daysDone: number;
  readonly daysTotal: number;
  readonly events: number;
  readonly requests: number;
}

export interface FillResult {
  /** Whether every day of the window that is closed and not forgotten is kept now. */
  readonly complete: boolean;
  /** `not_kept`: what was read could not be written; the log's notices say why. */
  readonly stoppedBy: StopReason | 'not_kept';
  readonly failure?: AuditError;
  /** Days that were read and kept, in the order in which that happened. */
  readonly filled: readonly string[];
  /** Days that were kept before. */
  readonly alreadyKept: readonly string[];
  /** The newest kept day, where it was read again for late events; the log's notices say when there were some. */
  readonly rechecked?: string;
  /** Days that are not over for long enough. */
  readonly notClosed: readonly string[];
  /** Days that the log has forgotten, wholly or in part, or is about to. */
  readonly forgotten: readonly string[];
  /** Days that are older than the store keeps. */
  readonly retired: readonly string[];
  readonly events: number;
  readonly requests: number;
}

/** A kept day that was read this long ago is worth reading again, while it is the newest. */
const RECHECK_AFTER_MS = 12 * 3_600_000;
/** Two days side by side: while one reads its last pages, the other uses the rate limit. */
const DAYS_AT_ONCE = 2;

/** One fill under way. */
interface Fill {
  readonly options: FillOptions;
  readonly store: SegmentStore;
  readonly filled: string[];
  readonly forgotten: string[];
  daysDone: number;
  readonly daysTotal: number;
  events: number;
  requests: number;
  stoppedBy: FillResult['stoppedBy'] | undefined;
  failure: AuditError | undefined;
}

/**
 * Reads every closed day of the window that is not kept yet, the oldest first: it is the first to be forgotten. What could
 * not be read is in the result. Throws `not_configured` where there is no store.
 */
export async function fillStore(options: FillOptions): Promise<FillResult> {
  const { log, window, eventKeys } = options;
  const store = await log.segments();
  if (store === undefined) throw new AuditError('not_configured', 'There is no local store to fill.');
  await log.tidy();
  const index = await checkedIndex(store, window, eventKeys);
  const days = daysIn(window);
  const inState = (state: DayState): string[] => days.filter((day) => log.stateOf(day) === state);
  const isKept = (day: string): boolean => keysToRead(index, day, eventKeys) === 'none';
  const alreadyKept = days.filter(isKept);
  const open = inState('closed').filter((day) => !isKept(day));
  const recheck = await dayToRecheck(options, store, index, alreadyKept);
  const work = [...(recheck === undefined ? [] : [recheck]), ...open];

  const fill: Fill = {
    options,
    store,
    filled: [],
    forgotten: inState('fading').filter((day) => !isKept(day)),
    daysDone: 0,
    daysTotal: work.length,
    events: 0,
    requests: 0,
    stoppedBy: undefined,
    failure: undefined,
  };
  await fillDays(fill, index, work);
  const { stoppedBy = 'end', failure, filled, forgotten, events, requests } = fill;
  return {
    complete: stoppedBy === 'end',
    stoppedBy,
    ...(failure === undefined ? {} : { failure }),
    filled: filled.filter((day) => day !== recheck),
    alreadyKept,
    ...(recheck !== undefined && filled.includes(recheck) ? { rechecked: recheck } : {}),
    notClosed: inState('open').filter((day) => !isKept(day)),
    forgotten,
    retired: inState('retired'),
    events,
    requests,
  };
}

/** Reads `days` in their order: what is not kept of each; of one that lacks nothing, all again. */
async function fillDays(fill: Fill, index: StoreIndex, days: readonly string[]): Promise<void> {
  const { eventKeys, maxRequests } = fill.options;
  // What a day spends of a budget of requests is known when it ends.
  const workers = maxRequests === undefined ? DAYS_AT_ONCE : 1;
  const queue = days.values();
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (const day of queue) {
        if (fill.stoppedBy !== undefined) return;
        const keys = keysToRead(index, day, eventKeys);
        await fillDay(fill, day, keys === 'none' ? eventKeys : keys);
      }
    }),
  );
}

/** What is kept, after a look at every segment: those that are damaged are set aside now, and read again below. */
async function checkedIndex(
  store: SegmentStore,
  window: TimeWindow,
  eventKeys: readonly string[] | undefined,
): Promise<StoreIndex> {
  const index = await store.index(window);
  for (const day of daysIn(window)) {
    const keys = eventKeys ?? index.wholeDay(day)?.keys ?? [];
    for (const eventKey of keys) if (index.holds(eventKey, day) === 'segment') await store.load(eventKey, day);
  }
  return store.index(window);
}

/** What of `day` is to be read: undefined for all keys at once. */
function keysToRead(
  index: StoreIndex,
  day: string,
  eventKeys: readonly string[] | undefined,
): readonly string[] | undefined | 'none' {
  if (eventKeys === undefined) return index.wholeDay(day)?.lost.length === 0 ? 'none' : undefined;
  const missing = eventKeys.filter((eventKey) => index.holds(eventKey, day) === undefined);
  return missing.length === 0 ? 'none' : missing;
}

/** The newest of `kept`, where it was read so soon after it was over that more may have come since. */
async function dayToRecheck(
  { log, eventKeys }: FillOptions,
  store: SegmentStore,
  index: StoreIndex,
  kept: readonly string[],
): Promise<string | undefined> {
  const day = kept.at(-1);
  if (day === undefined || log.stateOf(day) !== 'closed') return undefined;
  const wholeAtMs = index.wholeDay(day)?.readAtMs;
  const segments = await Promise.all((eventKeys ?? []).map((eventKey) => store.load(eventKey, day)));
  const timesMs = eventKeys === undefined ? [wholeAtMs] : segments.map((segment) => segment?.head.read_at ?? wholeAtMs);
  const oldestMs = Math.min(...timesMs.map((timeMs) => timeMs ?? 0));
  return log.clock.now() - oldestMs >= RECHECK_AFTER_MS ? day : undefined;
}

async function fillDay(fill: Fill, day: string, eventKeys: readonly string[] | undefined): Promise<void> {
  const { options, store } = fill;
  const { log, signal, deadlineAt, maxRequests } = options;
  const window = dayWindow(day);
  const query = { window, order: 'oldest_first', timeZone: 'UTC', ownReads: 'keep' } as const;
  const before = fill.requests;
  const read = log.readAnew(
    { ...query, ...(eventKeys === undefined ? {} : { eventKeys }) },
    {
      ...(signal === undefined ? {} : { signal }),
      ...(deadlineAt === undefined ? {} : { deadlineAt }),
      ...(maxRequests === undefined ? {} : { maxRequests: maxRequests - before }),
    },
  );
  try {
    for await (const slice of read.slices) fill.events += slice.events.length;
  } catch (error) {
    fill.stoppedBy ??= signal?.aborted === true ? 'cancelled' : 'error';
    fill.failure ??= toAuditError(error);
  }
  const { stoppedBy, failure, requests } = read.coverage();
  fill.requests += requests;
  if (fill.stoppedBy !== undefined) return;
  if (stoppedBy === 'retention') fill.forgotten.push(day);
  else if (stoppedBy !== 'end') {
    fill.stoppedBy = stoppedBy;
    fill.failure = failure;
  } else if (keysToRead(await store.index(window), day, eventKeys) === 'none') fill.filled.push(day);
  else fill.stoppedBy = 'not_kept';
  fill.daysDone += 1;
  const { daysDone, daysTotal, events } = fill;
  options.onProgress?.({ day, daysDone, daysTotal, events, requests: fill.requests });
}
