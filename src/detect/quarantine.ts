// Owns what happened too recently to be trusted: activities, in flat lists that are used round and round. A day of a whole company is
// in there; as objects, it would be carried along again and again by the collection of garbage.
import type { Networks } from '../text/networks.ts';
import type { Client } from '../text/user-agent.ts';
import type { SeenEvent, TrustedActivity } from './detector.ts';
import { floatsFor, intsFor } from './flat.ts';

const HOUR_MS = 3_600_000;
const FEWEST = 1024;

export interface Quarantine {
  /** Adds an event of an actor to the activity of its hour, source and client. */
  add(seen: SeenEvent): void;
  /** Takes out the oldest activity, once its last event is `beforeMs` or older. */
  take(beforeMs: number): TrustedActivity | undefined;
}

/** Activities by number, counted from the first; each stands in the place of its number modulo the length. No events: a day of them would be held. */
interface Columns {
  readonly length: number;
  readonly actor: Int32Array;
  readonly source: Int32Array;
  readonly device: Int32Array;
  readonly logins: Int32Array;
  readonly firstMs: Float64Array;
  readonly lastMs: Float64Array;
  /** The activity of the same actor and hour that began before it; -1 for none. */
  readonly before: Float64Array;
  readonly networks: (Networks | undefined)[];
  readonly client: (Client | undefined)[];
}

function createColumns(length: number): Columns {
  const ints = () => new Int32Array(length);
  const floats = () => new Float64Array(length);
  return {
    length,
    actor: ints(),
    source: ints(),
    device: ints(),
    logins: ints(),
    firstMs: floats(),
    lastMs: floats(),
    before: floats(),
    networks: Array.from({ length }, () => undefined),
    client: Array.from({ length }, () => undefined),
  };
}

/** The same activities, with room for twice as many. */
function enlarged(columns: Columns, first: number, end: number): Columns {
  const larger = createColumns(2 * columns.length);
  for (let number = first; number < end; number += 1) {
    const [from, to] = [number % columns.length, number % larger.length];
    for (const name of ['actor', 'source', 'device', 'logins', 'firstMs', 'lastMs', 'before'] as const) {
      larger[name][to] = columns[name][from] ?? 0;
    }
    larger.networks[to] = columns.networks[from];
    larger.client[to] = columns.client[from];
  }
  return larger;
}

/** Whether `seen` comes from the source and with the client of the activity at `place`. */
function isSameWay({ source, device, networks, client }: Columns, place: number, seen: SeenEvent): boolean {
  return (
    (source[place] === seen.source || networks[place]?.host === seen.networks?.host) &&
    (device[place] === seen.device || client[place]?.full === seen.client?.full)
  );
}

/** Begins an activity at `place`. `before`: the number of the one of the same actor and hour that began before it; -1 for none. */
function write(columns: Columns, place: number, seen: SeenEvent, before: number): void {
  columns.actor[place] = seen.actor;
  columns.source[place] = seen.source;
  columns.device[place] = seen.device;
  columns.logins[place] = seen.key === 'user_login' ? 1 : 0;
  columns.firstMs[place] = seen.timeMs;
  columns.lastMs[place] = seen.timeMs;
  columns.before[place] = before;
  columns.networks[place] = seen.networks;
  columns.client[place] = seen.client;
}

function read(columns: Columns, place: number, actorIds: readonly string[]): TrustedActivity {
  const actor = columns.actor[place] ?? -1;
  return {
    actorId: actorIds[actor] ?? '',
    actor,
    source: columns.source[place] ?? -1,
    device: columns.device[place] ?? -1,
    networks: columns.networks[place],
    client: columns.client[place],
    firstMs: columns.firstMs[place] ?? 0,
    lastMs: columns.lastMs[place] ?? 0,
    logins: columns.logins[place] ?? 0,
  };
}

/** Memory: an entry for each activity that was not taken out. */
export function createQuarantine(): Quarantine {
  let columns = createColumns(FEWEST);
  let first = 0;
  let end = 0;
  const actorIds: string[] = [];
  /** By the number of the actor: the hour of the last activity, and its number, one higher so that 0 is none. */
  let hours: Int32Array = new Int32Array(0);
  let newest: Float64Array = new Float64Array(0);

  /** The number of the newest activity of the actor within `hour`; -1 for none. */
  function newestOf(actor: number, hour: number): number {
    return hours[actor] === hour ? (newest[actor] ?? 0) - 1 : -1;
  }

  function begin(seen: SeenEvent, actorId: string, hour: number): void {
    if (end - first === columns.length) columns = enlarged(columns, first, end);
    const { actor } = seen;
    hours = intsFor(hours, actor + 1);
    newest = floatsFor(newest, actor + 1);
    write(columns, end % columns.length, seen, newestOf(actor, hour));
    actorIds[actor] = actorId;
    hours[actor] = hour;
    end += 1;
    newest[actor] = end;
  }

  return {
    add(seen) {
      if (seen.actorId === undefined) return;
      const hour = Math.floor(seen.timeMs / HOUR_MS);
      for (let number = newestOf(seen.actor, hour); number >= first;) {
        const place = number % columns.length;
        if (isSameWay(columns, place, seen)) {
          columns.lastMs[place] = seen.timeMs;
          if (seen.key === 'user_login') columns.logins[place] = (columns.logins[place] ?? 0) + 1;
          return;
        }
        number = columns.before[place] ?? -1;
      }
      begin(seen, seen.actorId, hour);
    },
    take(beforeMs) {
      const place = first % columns.length;
      if (first === end || (columns.lastMs[place] ?? 0) > beforeMs) return undefined;
      first += 1;
      return read(columns, place, actorIds);
    },
  };
}
