// Owns the stored log: ordered by time and id, indexed so that a page of a million events costs a binary search.
import {
  type Columns,
  compareTo,
  countBefore,
  createColumns,
  type LogFilter,
  type LogSlice,
  type Position,
  positionOf,
  type Start,
  store,
  valueAt,
  walk,
} from './log-columns.ts';
import type { SimEvent } from './model.ts';

export interface EventLog {
  readonly size: number;
  /** Adds one event wherever its time puts it. */
  insert(event: SimEvent): void;
  /** Up to `limit` events next to `from` (default: the end), going back in time (`older`) or forward (`newer`). */
  slice(filter: LogFilter, direction: 'older' | 'newer', limit: number, from?: Start): LogSlice;
  /** One event as JSON text. */
  json(slot: number): string;
  position(slot: number): Position;
  /** The whole log, oldest first, as it is served. */
  events(): SimEvent[];
}

type Index = Map<string, number[]>;
const NOTHING: readonly number[] = [];

function listOf(index: Index, key: string): number[] {
  const found = index.get(key);
  if (found !== undefined) return found;
  const created: number[] = [];
  index.set(key, created);
  return created;
}

function indexBy(column: readonly string[], slots: readonly number[]): Index {
  const index: Index = new Map();
  for (const slot of slots) listOf(index, valueAt(column, slot)).push(slot);
  return index;
}

function orderedSlots(columns: Columns): number[] {
  const slots = columns.id.map((_, slot) => slot);
  const inOrder = slots.every((slot) => slot === 0 || compareTo(columns, slot - 1, positionOf(columns, slot)) <= 0);
  return inOrder ? slots : slots.sort((a, b) => compareTo(columns, a, positionOf(columns, b)));
}

export function createEventLog(initial: Iterable<SimEvent>): EventLog {
  const columns = createColumns();
  for (const event of initial) store(columns, event);
  const all = orderedSlots(columns);
  const byKey = indexBy(columns.key, all);
  const byActor = indexBy(columns.actor, all);
  // Built when it is first asked for: nearly every message is an entity of its own.
  let byEntity: Index | undefined;

  const place = (slots: number[], slot: number): void => {
    const last = slots.at(-1);
    const position = positionOf(columns, slot);
    if (last === undefined || compareTo(columns, last, position) <= 0) slots.push(slot);
    else slots.splice(countBefore(columns, slots, position, true), 0, slot);
  };
  /** The shortest ordered list that holds every match. */
  const candidates = ({ eventKey, actorId, entityId }: LogFilter): readonly number[] => {
    const lists: (readonly number[])[] = [all];
    if (eventKey !== undefined) lists.push(byKey.get(eventKey) ?? NOTHING);
    if (actorId !== undefined) lists.push(byActor.get(actorId) ?? NOTHING);
    if (entityId !== undefined) lists.push((byEntity ??= indexBy(columns.entity, all)).get(entityId) ?? NOTHING);
    return lists.reduce((shortest, list) => (list.length < shortest.length ? list : shortest));
  };

  return {
    get size() {
      return all.length;
    },
    insert(event) {
      const slot = store(columns, event);
      place(all, slot);
      place(listOf(byKey, event.event_key), slot);
      place(listOf(byActor, event.actor_id), slot);
      if (byEntity !== undefined) place(listOf(byEntity, event.entity_id), slot);
    },
    slice: (filter, direction, limit, from) => walk(columns, candidates(filter), filter, direction, limit, from),
    json: (slot) => valueAt(columns.json, slot),
    position: (slot) => positionOf(columns, slot),
    events: () => all.map((slot) => JSON.parse(valueAt(columns.json, slot))),
  };
}
