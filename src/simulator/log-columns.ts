// Owns the columns of the stored log and the walk along one ordered list of it.
import type { SimEvent } from './model.ts';

/** A place in the order of the log, which is by time, then id. */
export interface Position {
  timeMs: number;
  id: string;
}

export interface LogFilter {
  /** Inclusive bounds, milliseconds. */
  fromMs: number;
  toMs: number;
  eventKey?: string;
  actorId?: string;
  actorType?: string;
  entityId?: string;
  entityType?: string;
}

export interface LogSlice {
  /** Newest first. */
  slots: number[];
  /** Whether something matching lies before (`hasOlder`) and after (`hasNewer`) what is in `slots`. */
  hasOlder: boolean;
  hasNewer: boolean;
}

/** A slot is an index into all columns and never changes. Events are kept as text: that is what a page is made of. */
export interface Columns {
  readonly json: string[];
  readonly id: string[];
  readonly timeMs: number[];
  readonly key: string[];
  readonly actor: string[];
  readonly actorType: string[];
  readonly entity: string[];
  readonly entityType: string[];
}

export function createColumns(): Columns {
  return { json: [], id: [], timeMs: [], key: [], actor: [], actorType: [], entity: [], entityType: [] };
}

/** Adds `event` and answers its slot. */
export function store(columns: Columns, event: SimEvent): number {
  columns.json.push(JSON.stringify(event));
  columns.id.push(event.id);
  columns.timeMs.push(Date.parse(event.created_at));
  columns.key.push(event.event_key);
  columns.actor.push(event.actor_id);
  columns.actorType.push(event.actor_type);
  columns.entity.push(event.entity_id);
  return columns.entityType.push(event.entity_type) - 1;
}

export function valueAt<T>(column: readonly T[], index: number): T {
  const found = column[index];
  if (found === undefined) throw new RangeError(`no slot ${index}`);
  return found;
}

export function positionOf(columns: Columns, slot: number): Position {
  return { timeMs: valueAt(columns.timeMs, slot), id: valueAt(columns.id, slot) };
}

export function compareTo(columns: Columns, slot: number, position: Position): number {
  const time = valueAt(columns.timeMs, slot) - position.timeMs;
  if (time !== 0) return time;
  const id = valueAt(columns.id, slot);
  return id < position.id ? -1 : id > position.id ? 1 : 0;
}

/** How many of the ordered `slots` lie before `position`; with `orAt`, before or at it. */
export function countBefore(columns: Columns, slots: readonly number[], position: Position, orAt = false): number {
  let low = 0;
  let high = slots.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compareTo(columns, valueAt(slots, middle), position);
    if (order < 0 || (orAt && order === 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where a walk starts: at an event's place, which belongs to the page or does not. */
export interface Start extends Position {
  inclusive: boolean;
}

/** Up to `limit` matches of the ordered `slots` inside the filter's bounds, next to `from`. */
export function walk(
  columns: Columns,
  slots: readonly number[],
  filter: LogFilter,
  direction: 'older' | 'newer',
  limit: number,
  from?: Start,
): LogSlice {
  const low = countBefore(columns, slots, { timeMs: filter.fromMs, id: '' });
  const high = countBefore(columns, slots, { timeMs: filter.toMs + 1, id: '' });
  const middle =
    from === undefined ? high : countBefore(columns, slots, from, (direction === 'newer') !== from.inclusive);
  const start = Math.min(Math.max(middle, low), high);
  const matches = matcher(columns, filter);
  const next = (index: number, step: 1 | -1): number => {
    for (let at = index; at >= low && at < high; at += step) if (matches(valueAt(slots, at))) return at;
    return -1;
  };
  const [step, first] = direction === 'older' ? [-1 as const, start - 1] : [1 as const, start];
  const found: number[] = [];
  let at = next(first, step);
  for (; at >= 0 && found.length < limit; at = next(at + step, step)) found.push(valueAt(slots, at));
  return direction === 'older'
    ? { slots: found, hasOlder: at >= 0, hasNewer: next(start, 1) >= 0 }
    : { slots: found.toReversed(), hasOlder: next(start - 1, -1) >= 0, hasNewer: at >= 0 };
}

function matcher(columns: Columns, filter: LogFilter): (slot: number) => boolean {
  const wanted: [readonly string[], string][] = [];
  const want = (column: readonly string[], text: string | undefined): void => {
    if (text !== undefined) wanted.push([column, text]);
  };
  want(columns.key, filter.eventKey);
  want(columns.actor, filter.actorId);
  want(columns.actorType, filter.actorType);
  want(columns.entity, filter.entityId);
  want(columns.entityType, filter.entityType);
  return (slot) => wanted.every(([column, text]) => column[slot] === text);
}
