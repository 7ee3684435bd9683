// Owns the port in the middle of the program: a query in, events and an honest account of what was read out.
import type { AuditEvent } from './event.ts';
import type { AuditQuery, TimeWindow } from './query.ts';
import type { AuditError } from '../errors.ts';
import type { Text } from '../text/lang.ts';

/** Why a read ended. `end`: everything asked for was read. */
export const STOP_REASONS = [
  'end',
  'limit',
  'deadline',
  'budget',
  'retention',
  'rate_limit',
  'cancelled',
  'error',
] as const;
export type StopReason = (typeof STOP_REASONS)[number];

export interface Coverage {
  /** True only where the whole window was read. */
  complete: boolean;
  stoppedBy: StopReason;
  /** Parts of the window that were read whole, oldest first; one part, the window, where complete. */
  covered: readonly TimeWindow[];
  /** HTTP requests spent on events, repeats included. */
  requests: number;
  /** Events that came from the local store. */
  fromStore: number;
  /** Events looked at, before local filters. */
  eventsScanned: number;
  /** Own reads seen (left out, or marked where asked for). */
  ownReads: number;
  /** What the rest would cost, where a deadline or a budget ended the read. */
  estimate?: { requests: number; seconds: number };
  /** The failure behind `error`, `rate_limit`. */
  failure?: AuditError;
  /** What else must be known of this read, such as damage of the local store; each one sentence. */
  notes?: readonly Text[];
}

export interface ReadOptions {
  signal?: AbortSignal;
  /** Clock time (ms) at which the read ends with what it has. */
  deadlineAt?: number;
  /** Most HTTP requests this read may spend. */
  maxRequests?: number;
  /** Most events wanted; the read ends with `limit` when there are more. */
  maxEvents?: number;
  /** Called as the read goes: milliseconds of the window that are read, and events so far. */
  onProgress?: (progress: { coveredMs: number; totalMs: number; events: number }) => void;
}

export interface AuditRead {
  /** Events in the order of the query, each id once, in batches. Leaving the loop early ends the read. */
  readonly batches: AsyncIterable<readonly AuditEvent[]>;
  /** What was read so far; final when `batches` has ended. */
  coverage(): Coverage;
}

/**
 * A piece of the window that was read whole: every matching event of `window` (and of `eventKey`, where the query names
 * keys), oldest first, each id once. Slices of one key never overlap, so no event is in two of them.
 */
export interface Slice {
  readonly window: TimeWindow;
  readonly eventKey?: string;
  readonly events: readonly AuditEvent[];
  /** Its events came from the local store. */
  readonly isStored?: true;
}

export interface SliceOptions extends ReadOptions {
  /** What the caller already has (slices of an earlier run); it is not read again. */
  readonly have?: readonly Pick<Slice, 'window' | 'eventKey'>[];
}

export interface SliceRead {
  /** Slices in the order in which they become ready: any order. Some dozens to some thousands of events each. */
  readonly slices: AsyncIterable<Slice>;
  coverage(): Coverage;
}

/**
 * A source of audit events: the API, the local store in front of it, or an exported file.
 *
 * A failure before anything was read is thrown from the iterable as an AuditError. A later one ends the read with
 * `stoppedBy: 'error'` and `failure`, so that what was read is not lost and the gap is said.
 */
export interface AuditLog {
  /** Ordered: for lists, counts and rules. */
  read(query: AuditQuery, options?: ReadOptions): AuditRead;
  /** As fast as the source allows, in any order: for exports and for filling the store. Ignores `query.order`. */
  readSlices(query: AuditQuery, options?: SliceOptions): SliceRead;
  /**
   * What a read of `query` would be answered from at this moment, where that is memory alone: of equal fingerprints in this process, events
   * and coverage are equal. Undefined: only a read can tell.
   */
  fingerprint?(query: AuditQuery): Promise<string | undefined>;
}
