// Owns a call that reads in several stages: they share one budget of requests, and their accounts become one.
import type { Coverage } from '../audit/audit-log.ts';
import type { AuditEvent } from '../audit/event.ts';
import { intersectWindows } from '../audit/intervals.ts';
import type { AuditQuery } from '../audit/query.ts';
import { AuditError } from '../errors.ts';
import { distinctTexts, type Text } from '../text/lang.ts';
import { NOTE_WORDS } from './note-wording.ts';
import type { ToolContext } from './tool.ts';

export interface Stages {
  /** Requests of all stages so far. */
  requests(): number;
  /** What the reader must know of any of them, each sentence once. */
  notes(): readonly Text[];
  /**
   * Reads `query` in order with what is left of the budget and gives every batch away. The progress of the call goes from
   * `progress[0]` to `progress[1]` percent. `maxRequests` may be less than what is left. Throws as the log does.
   */
  read(
    query: AuditQuery,
    take: (batch: readonly AuditEvent[]) => void | Promise<void>,
    progress: readonly [from: number, to: number],
    maxRequests?: number,
  ): Promise<Coverage>;
  /** The same for a stage that the answer can do without: a failure is in its account. */
  tryRead(...stage: Parameters<Stages['read']>): Promise<Coverage>;
}

export function createStages(context: ToolContext): Stages {
  let requests = 0;
  let notes: readonly Text[] = [];
  let reached = -1;
  const read: Stages['read'] = async (query, take, [from, to], maxRequests = Number.POSITIVE_INFINITY) => {
    const reading = context.log.read(query, {
      signal: context.signal,
      deadlineAt: context.deadlineAt,
      maxRequests: Math.max(0, Math.min(maxRequests, context.settings.maxRequests - requests)),
      onProgress({ coveredMs, totalMs, events }) {
        const percent = from + ((to - from) * coveredMs) / totalMs;
        // A stage may be tried again: the bar waits until it gets further than it was.
        if (percent <= reached) return;
        reached = percent;
        context.progress(percent, 100, NOTE_WORDS[context.settings.lang].eventsRead(events));
      },
    });
    try {
      for await (const batch of reading.batches) await take(batch);
    } finally {
      const { requests: spent, notes: said = [] } = reading.coverage();
      requests += spent;
      notes = distinctTexts([...notes, ...said]);
    }
    return reading.coverage();
  };
  return {
    requests: () => requests,
    notes: () => notes,
    read,
    async tryRead(...stage) {
      try {
        return await read(...stage);
      } catch (error) {
        context.signal.throwIfAborted();
        if (!(error instanceof AuditError)) throw error;
        const nothing = { requests: 0, fromStore: 0, eventsScanned: 0, ownReads: 0 };
        return { complete: false, stoppedBy: 'error', covered: [], failure: error, ...nothing };
      }
    },
  };
}

/** One account of `stages` over one window: whole only where all are, and covered only where all are. */
export function joinCoverage([first, ...others]: readonly [Coverage, ...Coverage[]], requests: number): Coverage {
  const joined = others.reduce<Coverage>(
    (sum, one) => ({
      complete: sum.complete && one.complete,
      stoppedBy: sum.complete ? one.stoppedBy : sum.stoppedBy,
      covered: intersectWindows(sum.covered, one.covered),
      requests: 0,
      fromStore: sum.fromStore + one.fromStore,
      eventsScanned: sum.eventsScanned + one.eventsScanned,
      // They are of one key: stages either share all of them, or one of them has all.
      ownReads: Math.max(sum.ownReads, one.ownReads),
      ...estimateOf(sum, one),
      ...failureOf(sum, one),
      ...notesOf(sum, one),
    }),
    first,
  );
  return { ...joined, requests };
}

function estimateOf(a: Coverage, b: Coverage): Pick<Coverage, 'estimate'> {
  if (a.estimate === undefined || b.estimate === undefined) {
    const estimate = a.estimate ?? b.estimate;
    return estimate === undefined ? {} : { estimate };
  }
  const requests = a.estimate.requests + b.estimate.requests;
  return { estimate: { requests, seconds: a.estimate.seconds + b.estimate.seconds } };
}

function notesOf(a: Coverage, b: Coverage): Pick<Coverage, 'notes'> {
  const notes = distinctTexts([...(a.notes ?? []), ...(b.notes ?? [])]);
  return notes.length === 0 ? {} : { notes };
}

function failureOf(a: Coverage, b: Coverage): Pick<Coverage, 'failure'> {
  const failure = a.failure ?? b.failure;
  return failure === undefined ? {} : { failure };
}
