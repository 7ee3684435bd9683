// Owns the account of one read: what of the window is covered, by the store and by the log behind it, and why it ended.
import { joinWindows, subtractWindows, totalMs } from '../audit/intervals.ts';
import type { Coverage, ReadOptions, StopReason } from '../audit/audit-log.ts';
import type { TimeWindow } from '../audit/query.ts';
import { toAuditError, type AuditError } from '../errors.ts';
import type { Text } from '../text/lang.ts';
import type { SiftCount } from './sift.ts';

interface Asked {
  readonly windows: readonly TimeWindow[];
  readonly coverage: () => Coverage;
}

export interface Account {
  /** Windows that are not read yet, asked again each time; what several say is added up. */
  addOpen(windows: () => readonly TimeWindow[]): void;
  /** A question to the log behind the store, for `windows`; what it does not cover is not covered. */
  addAsked(windows: readonly TimeWindow[], coverage: () => Coverage): void;
  /** Events of the store that were looked at. */
  countScanned(count: SiftCount): void;
  /** Events of the store that were handed out. */
  countStored(events: number): void;
  /** Why the read ends early; the first reason stays. */
  stop(reason: StopReason, failure?: AuditError): void;
  stopped(): StopReason | undefined;
  /** HTTP requests spent so far. */
  requests(): number;
  coverage(): Coverage;
}

/** `notes`: what the store had to say since the read began. */
export function createAccount(window: TimeWindow, notes: () => readonly Text[] = () => []): Account {
  const open: (() => readonly TimeWindow[])[] = [];
  const asked: Asked[] = [];
  const stored = { delivered: 0, scanned: 0, ownReads: 0 };
  let stopped: { reason: StopReason; failure: AuditError | undefined } | undefined;

  const coveredWindows = (): TimeWindow[] => {
    const uncovered = asked.flatMap(({ windows, coverage }) => subtractWindows(windows, coverage().covered));
    return subtractWindows([window], [...open.flatMap((windows) => windows()), ...uncovered]);
  };
  const sum = (pick: (coverage: Coverage) => number): number =>
    asked.reduce((total, { coverage }) => total + pick(coverage()), 0);

  return {
    addOpen: (windows) => void open.push(windows),
    addAsked: (windows, coverage) => void asked.push({ windows: joinWindows(windows), coverage }),
    countStored(events) {
      stored.delivered += events;
    },
    countScanned({ scanned, ownReads }) {
      stored.scanned += scanned;
      stored.ownReads += ownReads;
    },
    stop: (reason, failure) => void (stopped ??= { reason, failure }),
    stopped: () => stopped?.reason,
    requests: () => sum(({ requests }) => requests),
    coverage() {
      const covered = coveredWindows();
      const complete = stopped === undefined && totalMs(covered) === totalMs([window]);
      const broken = asked.map(({ coverage }) => coverage()).find(({ stoppedBy }) => stoppedBy !== 'end');
      const failure = stopped === undefined ? broken?.failure : (stopped.failure ?? broken?.failure);
      const estimate = complete ? undefined : estimateRest(window, covered, asked);
      return {
        complete,
        // Not complete, and nothing broke off: it is still going, or the reader left.
        stoppedBy: complete ? 'end' : (stopped?.reason ?? broken?.stoppedBy ?? 'cancelled'),
        covered,
        requests: sum(({ requests }) => requests),
        fromStore: stored.delivered + sum(({ fromStore }) => fromStore),
        eventsScanned: stored.scanned + sum(({ eventsScanned }) => eventsScanned),
        ownReads: stored.ownReads + sum(({ ownReads }) => ownReads),
        ...(estimate === undefined ? {} : { estimate }),
        ...(failure === undefined ? {} : { failure }),
        ...(notes().length === 0 ? {} : { notes: notes() }),
      };
    },
  };
}

/**
 * What the rest would cost, from what the log said of its own rest: by time, for what it was not asked yet. Too much where
 * the store covers some of that.
 */
function estimateRest(
  window: TimeWindow,
  covered: readonly TimeWindow[],
  asked: readonly Asked[],
): Coverage['estimate'] {
  for (const { windows, coverage } of asked) {
    const { estimate, covered: read } = coverage();
    if (estimate === undefined) continue;
    const estimatedMs = totalMs(subtractWindows(windows, read));
    const restMs = totalMs(subtractWindows([window], covered));
    const factor = estimatedMs === 0 ? 1 : Math.max(1, restMs / estimatedMs);
    return { requests: Math.ceil(estimate.requests * factor), seconds: Math.ceil(estimate.seconds * factor) };
  }
  return undefined;
}

/**
 * Ends a read that `error` broke. Throws it where it must not look like an answer: cancelled, or nothing was read before. `delivered`: what
 * the caller has got so far, events or slices.
 */
export function stopByError(error: unknown, { signal }: ReadOptions, account: Account, delivered: number): void {
  if (signal?.aborted === true || (delivered === 0 && account.coverage().covered.length === 0)) throw error;
  const failure = toAuditError(error);
  account.stop(failure.code === 'rate_limited' ? 'rate_limit' : 'error', failure);
}
