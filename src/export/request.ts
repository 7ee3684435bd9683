// Owns what an export is asked for, what makes two requests the same, and how a file is called by default.
import { createHash } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import type { AuditQuery } from '../audit/query.ts';
import { FORMATS, type FormatName } from './formats.ts';
import type { ExportSource, ManifestFilters } from './manifest.ts';
import type { Compression } from './to-file.ts';

export interface ExportRequest {
  /** `order` and `ownReads` do not matter: an export is whole and oldest first. */
  readonly query: AuditQuery;
  readonly format: FormatName;
  readonly compression: Compression;
  /** A plain name inside the export folder; absent: named after the window. */
  readonly fileName?: string;
  readonly overwrite: boolean;
}

/** Goes up when spooled events of an older version must not be mixed with newer ones. */
const SPOOL_VERSION = 2;

/** The filters of `query` by the contract's names; what is not set is left out. */
export function filtersOf(query: AuditQuery): ManifestFilters {
  const { eventKeys, actorId, actorType, entityId, entityType, chatId, ipAddress, timeOfDay } = query;
  return {
    ...(eventKeys === undefined ? {} : { event_keys: eventKeys.toSorted() }),
    ...(actorId === undefined ? {} : { actor_id: actorId }),
    ...(actorType === undefined ? {} : { actor_type: actorType }),
    ...(entityId === undefined ? {} : { entity_id: entityId }),
    ...(entityType === undefined ? {} : { entity_type: entityType }),
    ...(chatId === undefined ? {} : { chat_id: chatId }),
    ...(ipAddress === undefined ? {} : { ip_address: ipAddress }),
    ...(timeOfDay === undefined
      ? {}
      : { time_of_day: { from_minute: timeOfDay.fromMinute, to_minute: timeOfDay.toMinute } }),
  };
}

function sha256(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/**
 * The same for two requests that may share what was read: same log, window, filters, format and compression. One API serves many
 * logs: `logId` tells whose this is.
 */
export function digestOf({ query, format, compression }: ExportRequest, source: ExportSource, logId: string): string {
  const { startMs, endMs } = query.window;
  // The zone decides what is read only where hours of the day are asked for.
  const zone = query.timeOfDay === undefined ? null : query.timeZone;
  return sha256([SPOOL_VERSION, source, logId, startMs, endMs, zone, filtersOf(query), format, compression]).slice(
    0,
    24,
  );
}

/** Days as people say them: `2026-03-01_2026-03-10` for whole local days, else `20260301T103000_20260301T114500`, local too. */
function windowName({ window, timeZone }: AuditQuery): string {
  const local = (timeMs: number) => Temporal.Instant.fromEpochMilliseconds(timeMs).toZonedDateTimeISO(timeZone);
  const [start, end, last] = [local(window.startMs), local(window.endMs), local(window.endMs - 1)];
  const isWholeDays = [start, end].every((time) => time.epochMilliseconds === time.startOfDay().epochMilliseconds);
  if (isWholeDays) return `${start.toPlainDate().toString()}_${last.toPlainDate().toString()}`;
  const compact = (time: Temporal.ZonedDateTime) =>
    time.toPlainDateTime().toString({ smallestUnit: 'second' }).replaceAll(/[-:]/g, '');
  return `${compact(start)}_${compact(end)}`;
}

/** Requests that differ in their filters get different names; the window, the filters and the format say it all. */
export function defaultFileName({ query, format, compression }: ExportRequest): string {
  const filters = filtersOf(query);
  const mark = Object.keys(filters).length === 0 ? '' : `_${sha256(filters).slice(0, 8)}`;
  const ending = compression === 'gzip' ? '.gz' : '';
  return `pachca-audit_${windowName(query)}${mark}.${FORMATS[format].extension}${ending}`;
}
