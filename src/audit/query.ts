// Owns the question: a half-open window of whole seconds and the filters on it.
import { z } from 'zod';
import type { AuditEvent } from './event.ts';

const timeWindowSchema = z.object({ startMs: z.int(), endMs: z.int() });
const timeOfDaySchema = z.object({ fromMinute: z.int().min(0).max(1440), toMinute: z.int().min(0).max(1440) });

/** A question to the log; a schema, since cursors and export state carry it. */
export const auditQuerySchema = z
  .object({
    window: timeWindowSchema.readonly(),
    order: z.enum(['newest_first', 'oldest_first']),
    /** IANA zone; matters for `timeOfDay` only. */
    timeZone: z.string(),
    /** Absent: every key, unknown ones included. */
    eventKeys: z.array(z.string()).readonly().exactOptional(),
    actorId: z.string().exactOptional(),
    actorType: z.string().exactOptional(),
    entityId: z.string().exactOptional(),
    entityType: z.string().exactOptional(),
    /** The chat as entity or in the details. Filtered here: the API cannot. */
    chatId: z.string().exactOptional(),
    /** An address or a CIDR range. Filtered here. */
    ipAddress: z.string().exactOptional(),
    /** Only these hours are read. */
    timeOfDay: timeOfDaySchema.readonly().exactOptional(),
    /** Own reads: left out and counted, or kept and counted. */
    ownReads: z.enum(['exclude', 'keep']),
  })
  .readonly();
export type AuditQuery = z.output<typeof auditQuerySchema>;

/** Half-open [startMs, endMs) in milliseconds since the epoch, on whole seconds. */
export type TimeWindow = AuditQuery['window'];

/** Local hours of the day, half-open, minutes since midnight; `fromMinute` > `toMinute` wraps over midnight. */
export type TimeOfDay = NonNullable<AuditQuery['timeOfDay']>;

/** Tells our own reads of the log from everybody else's. */
export type IsOwnRead = (event: AuditEvent) => boolean;
