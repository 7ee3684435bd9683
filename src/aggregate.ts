// Owns counting: events by one or two dimensions, with the people and addresses behind each group; pure.
import { chatOf, initiatorOf } from './audit/event-details.ts';
import { EVENT_KEY_TABLE, isEventKey } from './audit/event-keys.ts';
import { eventTimeMs, type AuditEvent } from './audit/event.ts';
import { formatTime } from './audit/time-input.ts';
import { openZone, type Zone } from './audit/zone.ts';
import { clientOf } from './text/user-agent.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/**
 * What events can be counted by. `entity` is "Type:id"; `chat` is the entity of type Chat, or `details.chat_id`; `initiator`
 * is `details.initiator_id`, else `details.inviter_id`, else the actor; `hour`, `day` and `hour_of_day` are local.
 */
export const DIMENSIONS = [
  'event_key',
  'event_group',
  'actor',
  'ip_address',
  'client',
  'entity',
  'chat',
  'initiator',
  'hour',
  'day',
  'hour_of_day',
] as const;
export type Dimension = (typeof DIMENSIONS)[number];

export interface AggregationOptions {
  readonly groupBy: readonly [Dimension] | readonly [Dimension, Dimension];
  /** IANA zone of hours and days. */
  readonly timeZone: string;
  /** Most groups that are told apart. Events of later ones are counted in `ungrouped_events`. Default 100,000. */
  readonly maxGroups?: number;
  /** Most actors and addresses kept to tell them apart, over all groups together. Default 1,000,000. */
  readonly maxDistinct?: number;
}

export interface Group {
  /** By dimension, in the order asked for; a dimension that the events of the group do not have is left out. */
  key: Partial<Record<Dimension, string | number>>;
  events: number;
  /** Distinct actors; at least so many where `distinct_exact` is false. */
  actors: number;
  ip_addresses: number;
  /** ISO-8601, in the zone of the aggregation. */
  first_at: string;
  last_at: string;
}

export interface AggregationResult {
  /** Most events first, then by key. */
  groups: Group[];
  /** Groups beyond `top`. */
  omitted_groups: number;
  /** All events, whatever their group. */
  total: number;
  /** Events whose group came after `maxGroups` others: they are in `total` and in no group. */
  ungrouped_events: number;
  /** False where `maxDistinct` was reached: `actors` and `ip_addresses` of all groups are then at-least counts. */
  distinct_exact: boolean;
}

export interface Aggregation {
  /** Events in any order, each once. */
  push(events: readonly AuditEvent[]): void;
  /** The `top` greatest groups of what was pushed so far. */
  result(top: number): AggregationResult;
}

/** The value of a dimension for an event; '' where the event has none. */
type Reader = (event: AuditEvent, timeMs: number) => string;

/** The start of the local hour, with its offset: where clocks are set back, two hours of one name are two. */
function createHourReader(zone: Zone): Reader {
  const names = new Map<number, string>();
  return (_event, timeMs) => {
    const offsetMs = zone.offsetMs(timeMs);
    // Where clocks are set in the middle of an hour, two hours of different names begin at one moment.
    const hour = Math.floor((timeMs + offsetMs) / HOUR_MS) * 10_000 + offsetMs / MINUTE_MS;
    // Made of the event's own time: a clock that is set by half an hour would show another offset at the start of the hour.
    const name = names.get(hour) ?? formatTime(timeMs, zone.timeZone).replace(/:\d\d:\d\d(?:\.\d+)?/u, ':00:00');
    names.set(hour, name);
    return name;
  };
}

const READERS = {
  event_key: () => (event) => event.event_key,
  event_group:
    () =>
    ({ event_key: key }) =>
      isEventKey(key) ? EVENT_KEY_TABLE[key].group : '',
  actor: () => (event) => event.actor_id ?? '',
  ip_address: () => (event) => event.ip_address ?? '',
  client: () => (event) => clientOf(event.user_agent)?.name ?? '',
  entity: () => (event) => (event.entity_id ? `${event.entity_type ?? ''}:${event.entity_id}` : ''),
  chat: () => (event) => chatOf(event) ?? '',
  initiator: () => (event) => initiatorOf(event) ?? '',
  hour: createHourReader,
  day: (zone) => (_event, timeMs) => zone.dayOf(timeMs),
  hour_of_day: (zone) => (_event, timeMs) => String(zone.hourOfDay(timeMs)),
} as const satisfies Record<Dimension, (zone: Zone) => Reader>;

interface Counts {
  readonly values: readonly string[];
  events: number;
  readonly actors: Set<string>;
  readonly addresses: Set<string>;
  firstMs: number;
  lastMs: number;
}

function newCounts(values: readonly string[], timeMs: number): Counts {
  return { values, events: 0, actors: new Set(), addresses: new Set(), firstMs: timeMs, lastMs: timeMs };
}

/** Numbers as numbers, so that 9 comes before 10. */
function compareValues(a: string, b: string, dimension: Dimension | undefined): number {
  if (a === b) return 0;
  if (dimension === 'hour_of_day') return Number(a) - Number(b);
  return a < b ? -1 : 1;
}

function compareGroups(a: Counts, b: Counts, groupBy: readonly Dimension[]): number {
  if (a.events !== b.events) return b.events - a.events;
  const [first, second] = groupBy;
  return (
    compareValues(a.values[0] ?? '', b.values[0] ?? '', first) ||
    compareValues(a.values[1] ?? '', b.values[1] ?? '', second)
  );
}

function groupOut(group: Counts, groupBy: readonly Dimension[], timeZone: string): Group {
  const key: Group['key'] = {};
  for (const [index, dimension] of groupBy.entries()) {
    const value = group.values[index] ?? '';
    if (value !== '') key[dimension] = dimension === 'hour_of_day' ? Number(value) : value;
  }
  return {
    key,
    events: group.events,
    actors: group.actors.size,
    ip_addresses: group.addresses.size,
    first_at: formatTime(group.firstMs, timeZone),
    last_at: formatTime(group.lastMs, timeZone),
  };
}

/** The groups of up to two dimensions; by first value, then by second, since joined texts would cost more than the counting. */
function createGroups({ groupBy, timeZone, maxGroups = 100_000 }: AggregationOptions) {
  const zone = openZone(timeZone);
  const readFirst = READERS[groupBy[0]](zone);
  const readSecond = groupBy[1] === undefined ? () => '' : READERS[groupBy[1]](zone);
  const rows = new Map<string, Map<string, Counts>>();
  let size = 0;
  return {
    all: () => [...rows.values()].flatMap((row) => [...row.values()]),
    /** The group of `event`; undefined where it would be one too many. */
    of(event: AuditEvent, timeMs: number): Counts | undefined {
      const first = readFirst(event, timeMs);
      const second = readSecond(event, timeMs);
      let row = rows.get(first);
      const known = row?.get(second);
      if (known !== undefined || size >= maxGroups) return known;
      if (row === undefined) {
        row = new Map();
        rows.set(first, row);
      }
      const counts = newCounts([first, second], timeMs);
      row.set(second, counts);
      size += 1;
      return counts;
    },
  };
}

/** Counts events as they come. Memory is bounded by `maxGroups` and `maxDistinct`, not by events. */
export function createAggregation(options: AggregationOptions): Aggregation {
  const { groupBy, timeZone, maxDistinct = 1_000_000 } = options;
  const groups = createGroups(options);
  const counted = { total: 0, ungrouped: 0, distinct: 0, isExact: true };

  function keep(set: Set<string>, value: string | null | undefined): void {
    if (!value || set.has(value)) return;
    if (counted.distinct >= maxDistinct) {
      counted.isExact = false;
      return;
    }
    set.add(value);
    counted.distinct += 1;
  }

  function count(event: AuditEvent): void {
    const timeMs = eventTimeMs(event);
    counted.total += 1;
    const group = groups.of(event, timeMs);
    if (group === undefined) {
      counted.ungrouped += 1;
      return;
    }
    group.events += 1;
    if (timeMs < group.firstMs) group.firstMs = timeMs;
    if (timeMs > group.lastMs) group.lastMs = timeMs;
    keep(group.actors, event.actor_id);
    keep(group.addresses, event.ip_address);
  }

  return {
    push(events) {
      for (const event of events) count(event);
    },
    result(top) {
      const sorted = groups.all().toSorted((a, b) => compareGroups(a, b, groupBy));
      return {
        groups: sorted.slice(0, top).map((group) => groupOut(group, groupBy, timeZone)),
        omitted_groups: Math.max(0, sorted.length - top),
        total: counted.total,
        ungrouped_events: counted.ungrouped,
        distinct_exact: counted.isExact,
      };
    },
  };
}
