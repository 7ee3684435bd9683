// Owns asking the log behind the store for what is missing, in order, and keeping what it gives.
import type { Coverage, ReadOptions } from '../audit/audit-log.ts';
import type { AuditEvent } from '../audit/event.ts';
import { totalMs } from '../audit/intervals.ts';
import type { AuditQuery, TimeWindow } from '../audit/query.ts';
import { stopByError, type Account } from './account.ts';
import { narrowQuery, restOfBudget, type StoreContext } from './context.ts';
import { gatherOrdered } from './gather.ts';
import { createOwnReadFilter, isPlain } from './sift.ts';

/** Without a request left, nothing of the window is covered. */
const NOTHING_ASKED: Coverage = {
  complete: false,
  stoppedBy: 'budget',
  covered: [],
  requests: 0,
  fromStore: 0,
  eventsScanned: 0,
  ownReads: 0,
};

/** One ordered read under way. */
export interface OrderedRead {
  readonly context: StoreContext;
  readonly query: AuditQuery;
  readonly options: ReadOptions;
  readonly account: Account;
  /** How many more events the caller wants. */
  left: number;
  /** Events handed out. */
  delivered: number;
  /** Events that the log gave; absent as long as it was not asked. */
  fromLog: WeakSet<AuditEvent> | undefined;
  /** What of the window is behind us. */
  passed: readonly TimeWindow[];
  /** What the caller was last told is read. */
  reportedMs: number;
}

/** Tells the caller how far the read is: what is behind it, and `currentMs` more. */
export function reportProgress(read: OrderedRead, currentMs: number): void {
  const coveredMs = totalMs(read.passed) + currentMs;
  read.reportedMs = Math.max(read.reportedMs, coveredMs);
  const window = totalMs([read.query.window]);
  read.options.onProgress?.({ coveredMs: read.reportedMs, totalMs: window, events: read.delivered });
}

/** Events of `window` from the log; of `eventKeys`, or of all keys. A failure ends the read, and is thrown where nothing was read. */
export async function* askInOrder(
  read: OrderedRead,
  window: TimeWindow,
  eventKeys: readonly string[] | undefined,
): AsyncGenerator<readonly AuditEvent[]> {
  const { context, query, options, account } = read;
  const budget = restOfBudget(options, account);
  if (budget === undefined) {
    account.addAsked([window], () => NOTHING_ASKED);
    account.stop('budget');
    return;
  }
  const { isKept, lanes, question, wanted } = shapeQuestion(read, window, eventKeys);
  const keeper = isKept ? await context.keeper() : undefined;
  const answer = context.inner.read(question, {
    ...budget,
    onProgress: ({ coveredMs }) => reportProgress(read, coveredMs),
    // With nothing left to hand out, one event tells whether there is more.
    ...(options.maxEvents === undefined ? {} : { maxEvents: Math.max(1, read.left) }),
  });
  const seesOwnReads = wanted?.has('audit_events_accessed') ?? true;
  // Own reads that were not asked for were not left out either.
  account.addAsked([window], () => (seesOwnReads ? answer.coverage() : { ...answer.coverage(), ownReads: 0 }));
  const covered = (): readonly TimeWindow[] => answer.coverage().covered;
  const gathering =
    keeper && gatherOrdered({ lanes: lanes ?? [undefined], window, order: query.order, covered, keeper });
  const filter = isKept ? createOwnReadFilter(query, context.isOwnRead) : undefined;
  const fromLog = (read.fromLog ??= new WeakSet());
  let hasEnded = false;
  try {
    for await (const batch of answer.batches) {
      for (const event of batch) fromLog.add(event);
      await gathering?.add(batch);
      const asked = wanted === undefined ? batch : batch.filter((event) => wanted.has(event.event_key));
      yield filter === undefined ? asked : filter(asked);
    }
    hasEnded = true;
    const { stoppedBy, failure } = answer.coverage();
    // What the log has forgotten is a hole; what comes after it may be read.
    if (stoppedBy !== 'end' && stoppedBy !== 'retention') account.stop(stoppedBy, failure);
  } catch (error) {
    stopByError(error, options, account, read.delivered);
  } finally {
    await gathering?.finish(hasEnded);
  }
}

/** A read of one key is a request at least: in so short a stretch, all keys in one request cost less than these many. */
const SHORT_MS = 5 * 60_000;
const MANY_KEYS = 4;

interface Question {
  /** Whether the answer is gathered for the keeper. */
  readonly isKept: boolean;
  /** Keys that the log is asked for; undefined: all. */
  readonly lanes: readonly string[] | undefined;
  readonly question: AuditQuery;
  /** Keys to pick from the answer; undefined: all that is in it. */
  readonly wanted: ReadonlySet<string> | undefined;
}

/** What to ask the log for events of `eventKeys`. */
function shapeQuestion(
  { query, options }: OrderedRead,
  window: TimeWindow,
  eventKeys: readonly string[] | undefined,
): Question {
  // A read that wants few events would be made to bring more if it had to bring own reads for keeping.
  const isKept = isPlain(query) && options.maxEvents === undefined;
  const isShort = totalMs([window]) <= SHORT_MS && (eventKeys?.length ?? 0) >= MANY_KEYS;
  const lanes = isKept && isShort ? undefined : eventKeys;
  return {
    isKept,
    lanes,
    question: narrowQuery(query, window, lanes, isKept ? 'keep' : query.ownReads),
    wanted: lanes === eventKeys ? undefined : new Set(eventKeys),
  };
}
