// Owns the question: a half-open window of whole seconds and the filters on it.
import type { AuditEvent } from './event.ts';

/** Half-open [startMs, endMs) in milliseconds since the epoch, on whole seconds. */
export interface TimeWindow {
  readonly startMs: number;
  readonly endMs: number;
}

/** Local hours of the day, half-open, minutes since midnight; `from` > `to` wraps over midnight. */
export interface TimeOfDay {
  readonly fromMinute: number;
  readonly toMinute: number;
}

export interface AuditQuery {
  readonly window: TimeWindow;
  readonly order: 'newest_first' | 'oldest_first';
  /** IANA zone; matters for `timeOfDay` only. */
  readonly timeZone: string;
  /** Absent: every key, unknown ones included. */
  readonly eventKeys?: readonly string[];
  readonly actorId?: string;
  readonly actorType?: string;
  readonly entityId?: string;
  readonly entityType?: string;
  /** The chat as entity or in the details. Filtered here: the API cannot. */
  readonly chatId?: string;
  /** An address or a CIDR range. Filtered here. */
  readonly ipAddress?: string;
  /** Only these hours are read. */
  readonly timeOfDay?: TimeOfDay;
  /** Own reads: left out and counted, or kept and counted. */
  readonly ownReads: 'exclude' | 'keep';
}

/** Tells our own reads of the log from everybody else's. */
export type IsOwnRead = (event: AuditEvent) => boolean;
