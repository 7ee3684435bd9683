// Owns the reading half of an export: what the spool does not hold yet goes there, slice by slice.
import type { AuditLog, Coverage } from '../audit/audit-log.ts';
import { joinWindows } from '../audit/intervals.ts';
import type { AuditQuery } from '../audit/query.ts';
import { coveredBySlices } from '../audit/slice-cover.ts';
import type { Clock } from '../clock.ts';
import { createProgressMeter, type ExportProgress } from './progress.ts';
import type { Spool } from './spool.ts';

export interface ReadMissingOptions {
  readonly signal?: AbortSignal;
  /** Clock time (ms) at which reading ends with what it has; what was read is kept. */
  readonly deadlineAt?: number;
  readonly onProgress?: (progress: ExportProgress) => void;
}

/** `coverage` of one run, with what earlier runs read. */
function withEarlier(coverage: Coverage, query: AuditQuery, spool: Spool): Coverage {
  const covered = joinWindows([...coverage.covered, ...coveredBySlices(query, spool.have())]);
  return { ...coverage, covered: coverage.complete ? [query.window] : covered };
}

export function cancelled(coverage: Coverage): Coverage {
  return { ...coverage, complete: false, stoppedBy: 'cancelled' };
}

/**
 * Reads what is missing into the spool and commits it. Throws what the source throws (nothing was read then) and `no_space`; whatever
 * was read before stays in the spool in any case.
 */
export async function readMissing(
  parts: { auditLog: AuditLog; clock: Clock },
  query: AuditQuery,
  spool: Spool,
  { onProgress, ...limits }: ReadMissingOptions,
): Promise<Coverage> {
  let events = spool.tally.events;
  const meter = onProgress && createProgressMeter(parts.clock, () => events, onProgress);
  const read = parts.auditLog.readSlices(query, {
    ...limits,
    have: spool.have(),
    ...(meter === undefined ? {} : { onProgress: meter }),
  });
  try {
    for await (const slice of read.slices) {
      events += slice.events.length;
      await spool.add(slice, () => read.coverage().requests);
    }
  } catch (error) {
    if (limits.signal?.aborted !== true) {
      await keepPending(spool, read.coverage().requests);
      throw error;
    }
    await spool.flush(read.coverage().requests);
    return withEarlier(cancelled(read.coverage()), query, spool);
  }
  await spool.flush(read.coverage().requests);
  return withEarlier(read.coverage(), query, spool);
}

/** Commits what it can; the failure that ended the reading is the one to tell. */
async function keepPending(spool: Spool, requests: number): Promise<void> {
  try {
    await spool.flush(requests);
  } catch {
    // Most often the disk is full, which is what ended the reading.
  }
}
