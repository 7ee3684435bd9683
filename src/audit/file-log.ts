// Owns the audit log that answers from an exported NDJSON file, plain or gzip, without loading it.
import type { Clock } from '../clock.ts';
import { AuditError } from '../errors.ts';
import { cleanText } from '../text/clean.ts';
import type { Text } from '../text/lang.ts';
import type { AuditLog } from './audit-log.ts';
import { compareEvents, eventTimeMs, isAuditEvent, type AuditEvent } from './event.ts';
import { readLines } from './file-lines.ts';
import type { AuditQuery, IsOwnRead, TimeWindow } from './query.ts';
import { createSortedLog } from './sorted-log.ts';

/** What is known of a file beside its events; from its manifest, where there is one. */
export interface FileScope {
  /** The parts of time that the file holds whole, for its filters. */
  readonly covered: readonly TimeWindow[];
  /** What the file was narrowed to. */
  readonly filters: Partial<AuditQuery>;
  /** Facts for answers: no manifest, or one that does not fit the file. */
  readonly notes: readonly Text[];
}

export interface FileLogOptions {
  readonly path: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly isOwnRead: IsOwnRead;
  /** Absent: the file is taken to be whole between its first and its last event. */
  readonly scope?: FileScope;
}

export interface FileLog extends AuditLog {
  readonly path: string;
  readonly events: number;
  /** From the first event's second to the end of the last one's; absent where the file is empty. */
  readonly span?: TimeWindow;
  readonly notes: readonly Text[];
}

/** Editors of another system put it in front. */
const BYTE_ORDER_MARK = /^\uFEFF/u;

const NO_MANIFEST: Text = {
  en: 'The file has no manifest: it is taken to be whole from its first to its last event, which nothing here can prove.',
  ru: 'У файла нет манифеста: считается, что он полон от первого до последнего события, но подтвердить это здесь нечем.',
};

/**
 * Opens the file with one look at every line. Throws `not_found` where it cannot be read, `invalid_input` naming the line that is
 * no event, or is older than the one before.
 */
export async function openFileLog({ path, clock, isOwnRead, scope }: FileLogOptions): Promise<FileLog> {
  const { events, span } = await inspect(path);
  const covered = scope?.covered ?? (span === undefined ? [] : [span]);
  const filters = scope?.filters ?? {};
  const log = createSortedLog({
    open: () => inOrder(eventsOf(path)),
    coveredFor: (query) => (isWithin(query, filters) ? covered : []),
    isOwnRead,
    clock,
  });
  return { ...log, path, events, ...(span === undefined ? {} : { span }), notes: scope?.notes ?? [NO_MANIFEST] };
}

async function inspect(path: string): Promise<{ events: number; span?: TimeWindow }> {
  let events = 0;
  let firstMs: number | undefined;
  let lastMs = Number.NEGATIVE_INFINITY;
  // Of the last moment alone: what comes twice comes at the same time.
  let ids = new Set<string>();
  for await (const batch of eventsOf(path)) {
    for (const event of batch) {
      events += 1;
      const timeMs = eventTimeMs(event);
      if (timeMs < lastMs) throw broken(path, events, 'is older than the line before: sort the file by created_at');
      if (timeMs > lastMs) ids = new Set();
      if (ids.has(event.id)) throw broken(path, events, 'is an event of a line before: each may be there once');
      ids.add(event.id);
      firstMs ??= timeMs;
      lastMs = timeMs;
    }
  }
  if (firstMs === undefined) return { events };
  const startMs = Math.floor(firstMs / 1000) * 1000;
  return { events, span: { startMs, endMs: (Math.floor(lastMs / 1000) + 1) * 1000 } };
}

function broken(path: string, line: number, what: string): AuditError {
  return new AuditError('invalid_input', `Line ${line} of ${path} ${what}.`, {
    hint: 'Give an NDJSON file of audit events as `export` writes it, oldest first.',
  });
}

function parseLine(path: string, text: string, number: number): AuditEvent {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw broken(path, number, `is not JSON: ${cleanText(text, 80)}`);
  }
  if (!isAuditEvent(value)) throw broken(path, number, 'is not an audit event: it needs id, created_at and event_key');
  return value;
}

async function* eventsOf(path: string): AsyncGenerator<readonly AuditEvent[]> {
  let number = 0;
  try {
    for await (const lines of readLines(path)) {
      yield lines.map((line) => {
        number += 1;
        return parseLine(path, number === 1 ? line.replace(BYTE_ORDER_MARK, '') : line, number);
      });
    }
  } catch (error) {
    if (error instanceof AuditError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AuditError('not_found', `${path} cannot be read: ${reason}.`, {
      hint: 'Give the path of an NDJSON file of audit events, plain or gzip, as `export` writes it.',
      cause: error,
    });
  }
}

/** Events of one millisecond by id, as every log gives them, however the file was sorted: the pages of a list go by time and id. */
async function* inOrder(batches: AsyncIterable<readonly AuditEvent[]>): AsyncGenerator<readonly AuditEvent[]> {
  let moment: AuditEvent[] = [];
  let momentMs = Number.NEGATIVE_INFINITY;
  for await (const batch of batches) {
    const passed: AuditEvent[] = [];
    for (const event of batch) {
      const timeMs = eventTimeMs(event);
      if (timeMs !== momentMs) {
        passed.push(...moment.sort(compareEvents));
        moment = [];
        momentMs = timeMs;
      }
      moment.push(event);
    }
    if (passed.length > 0) yield passed;
  }
  if (moment.length > 0) yield moment.sort(compareEvents);
}

/** Whether everything that `query` asks for passed the filters that the file was narrowed to. */
function isWithin(query: AuditQuery, { eventKeys, timeOfDay, ...exact }: Partial<AuditQuery>): boolean {
  const asked: Partial<AuditQuery> = query;
  const names = ['actorId', 'actorType', 'entityId', 'entityType', 'chatId', 'ipAddress'] as const;
  const isSame = names.every((name) => exact[name] === undefined || exact[name] === asked[name]);
  const hasKeys =
    eventKeys === undefined || query.eventKeys?.every((eventKey) => eventKeys.includes(eventKey)) === true;
  const hasHours =
    timeOfDay === undefined ||
    (query.timeOfDay?.fromMinute === timeOfDay.fromMinute &&
      query.timeOfDay.toMinute === timeOfDay.toMinute &&
      query.timeZone === exact.timeZone);
  return isSame && hasKeys && hasHours;
}
