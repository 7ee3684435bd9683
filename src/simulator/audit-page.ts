// Owns one page of GET /audit_events: events newest first, and the cursors on both sides of them.
import { type Answer, errorsAnswer } from './answer.ts';
import type { AuditQuery } from './audit-query.ts';
import type { Cursor, CursorCodec } from './cursor.ts';
import type { EventLog } from './event-log.ts';
import type { PageFault } from './faults.ts';
import type { LogSlice, Position } from './log-columns.ts';

/**
 * `new`: all four fields, cursors never null. `old`: `next_page` alone, absent at the end. `old_until_empty`: `next_page`
 * alone and always there; the end is an empty page.
 */
export type PaginateForm = 'new' | 'old' | 'old_until_empty';

export interface PageParts {
  log: EventLog;
  cursors: CursorCodec;
  form: PaginateForm;
  fault?: PageFault;
  /** A number in [0, 1): how short a short page is, how many duplicates. */
  random: () => number;
}

/** A place before everything that the window holds. */
const startOf = (query: AuditQuery): Position => ({
  timeMs: Number.isFinite(query.filter.fromMs) ? query.filter.fromMs : 0,
  id: '',
});

function readSlice(query: AuditQuery, parts: PageParts, from: Cursor | undefined): LogSlice {
  const limit = parts.fault === 'short_page' ? Math.ceil(query.limit * parts.random()) || 1 : query.limit;
  return parts.log.slice(query.filter, from?.direction ?? 'older', limit, from);
}

/** Events of the page before come again, as when a page is cut by a number that has moved. The page keeps its size. */
function withDuplicates(query: AuditQuery, parts: PageParts, slice: LogSlice): LogSlice & { again: number[] } {
  const first = slice.slots[0];
  if (first === undefined || query.limit < 2) return { ...slice, again: [] };
  const count = Math.min(1 + Math.floor(parts.random() * 3), query.limit - 1);
  const start = { ...parts.log.position(first), inclusive: false };
  const again = parts.log.slice(query.filter, 'newer', count, start).slots;
  const slots = slice.slots.slice(0, query.limit - again.length);
  return { slots, again, hasNewer: slice.hasNewer, hasOlder: slice.hasOlder || slots.length < slice.slots.length };
}

interface Sides {
  next: Cursor;
  previous: Cursor;
}

/** Cursors before and after the page; a page without events keeps the place it was asked for. */
function sidesOf(query: AuditQuery, parts: PageParts, slots: readonly number[], from: Cursor | undefined): Sides {
  const step = (from?.step ?? 0) + 1;
  const newest = slots[0];
  const oldest = slots.at(-1);
  if (newest !== undefined && oldest !== undefined) {
    return {
      next: { ...parts.log.position(oldest), direction: 'older', inclusive: false, step },
      previous: { ...parts.log.position(newest), direction: 'newer', inclusive: false, step: 0 },
    };
  }
  if (from === undefined) {
    const start = startOf(query);
    return {
      next: { ...start, direction: 'older', inclusive: false, step },
      previous: { ...start, direction: 'newer', inclusive: true, step: 0 },
    };
  }
  const turned = { ...from, inclusive: !from.inclusive, step: 0 };
  return from.direction === 'older'
    ? { next: { ...from, step }, previous: { ...turned, direction: 'newer' } }
    : { next: { ...turned, direction: 'older' }, previous: from };
}

function paginate(query: AuditQuery, parts: PageParts, slice: LogSlice, sides: Sides, emptied: boolean): unknown {
  const next = parts.fault === 'repeated_cursor' && query.cursor !== undefined ? query.cursor : undefined;
  const nextPage = next ?? parts.cursors.encode(sides.next, query.identity);
  const hasNext = slice.hasOlder || emptied || next !== undefined;
  if (parts.form === 'old') return hasNext ? { paginate: { next_page: nextPage } } : undefined;
  if (parts.form === 'old_until_empty') return { paginate: { next_page: nextPage } };
  return {
    paginate: {
      next_page: nextPage,
      prev_page: parts.cursors.encode(sides.previous, query.identity),
      has_next: hasNext,
      has_prev: slice.hasNewer,
    },
  };
}

export function auditPage(query: AuditQuery, parts: PageParts): Answer {
  const from = query.cursor === undefined ? undefined : parts.cursors.decode(query.cursor, query.identity);
  if (query.cursor !== undefined && from === undefined) {
    return errorsAnswer(400, { key: 'cursor', value: query.cursor, message: 'Некорректный курсор', code: 'invalid' });
  }
  const read = readSlice(query, parts, from);
  const older = from === undefined || from.direction === 'older';
  const { again, ...slice } =
    parts.fault === 'duplicates' && older ? withDuplicates(query, parts, read) : { ...read, again: [] };
  // An empty page is the end in the old forms: it cannot stand in the middle there.
  const emptied =
    parts.fault === 'empty_page' && parts.form === 'new' && from?.direction === 'older' && slice.slots.length > 0;
  const slots = emptied ? [] : slice.slots;
  const meta = paginate(query, parts, slice, sidesOf(query, parts, slots, from), emptied);
  const data = [...again, ...slots].map((slot) => parts.log.json(slot)).join(',');
  return { status: 200, body: `{"data":[${data}]${meta === undefined ? '' : `,"meta":${JSON.stringify(meta)}`}}` };
}
