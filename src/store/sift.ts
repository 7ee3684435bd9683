// Owns applying a query to events that are held here: filters, own reads, and counting both.
import type { AuditEvent } from '../audit/event.ts';
import { localFilter, readFilter } from '../audit/local-filters.ts';
import type { AuditQuery, IsOwnRead } from '../audit/query.ts';

/** The events of a batch that the query asks for. Window and keys are cut before. */
export type Sift = (events: readonly AuditEvent[]) => readonly AuditEvent[];

export interface SiftCount {
  readonly scanned: number;
  readonly ownReads: number;
}

/** For events from the store: filters them, and tells `count` of each batch, as if the API had given them. */
export function createSift(query: AuditQuery, isOwnRead: IsOwnRead, count: (batch: SiftCount) => void): Sift {
  const isAsked = readFilter(query);
  const passes = localFilter(query);
  const isUnfiltered = isPlain(query);
  return (events) => {
    const read = isUnfiltered ? events : events.filter(isAsked);
    let ownReads = 0;
    const matching = read.filter((event) => {
      if (!passes(event)) return false;
      if (!isOwnRead(event)) return true;
      ownReads += 1;
      return query.ownReads === 'keep';
    });
    count({ scanned: read.length, ownReads });
    return matching;
  };
}

/** For events that the log gave for keeping, own reads with them: drops these where the query does not want them. */
export function createOwnReadFilter(query: AuditQuery, isOwnRead: IsOwnRead): Sift {
  return (events) => (query.ownReads === 'keep' ? events : events.filter((event) => !isOwnRead(event)));
}

/** Whether what `query` brings is all that the log has for its keys and window, own reads aside: only that may be kept. */
export function isPlain(query: AuditQuery): boolean {
  const { actorId, actorType, entityId, entityType, chatId, ipAddress, timeOfDay } = query;
  const filters = [actorId, actorType, entityId, entityType, chatId, ipAddress, timeOfDay];
  return filters.every((filter) => filter === undefined);
}
