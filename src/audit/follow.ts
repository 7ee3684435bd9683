// Owns the position of a follower in a growing log: what it has seen, in a size that fits a cursor.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { eventTimeMs, type AuditEvent } from './event.ts';

/** How long after its time an event may still appear and be given once. */
const OVERLAP_MS = 90_000;
/** Ids remembered; where more fall into the overlap, it becomes shorter: whoever follows has to write the cursor out. */
const REMEMBERED_MAX = 64;
/** Two ids of one overlap are the same by chance once in 10^12. */
const ID_BYTES = 6;
const ID_LENGTH = 8;

export const followPositionSchema = z.object({
  /** Everything up to here was given, by time and then id. */
  doneMs: z.int(),
  doneId: z.string(),
  /** Ids behind `done` that were given, 8 characters each. */
  given: z.string(),
});
export type FollowPosition = z.output<typeof followPositionSchema>;

/**
 * How late an event may still appear and be given, milliseconds, where so much was new lately that it is less than usual; undefined
 * where it is not. `logNowMs`: the log's own time.
 */
export function shortOverlapMs({ doneMs, doneId }: FollowPosition, logNowMs: number): number | undefined {
  const overlapMs = Math.max(0, logNowMs - doneMs);
  // Only where ids had to be forgotten does a position end at an event.
  return doneId === '' || overlapMs >= OVERLAP_MS ? undefined : overlapMs;
}

function shortId(id: string): string {
  return createHash('sha256').update(id).digest().subarray(0, ID_BYTES).toString('base64url');
}

/** The position of a follower that starts at `startMs`: nothing at or after it was given. */
export function followFrom(startMs: number): FollowPosition {
  // Before any id of the first millisecond.
  return { doneMs: startMs, doneId: '', given: '' };
}

interface Given {
  readonly timeMs: number;
  readonly id: string;
  readonly short: string;
}

const isBehind = (a: Pick<Given, 'timeMs' | 'id'>, doneMs: number, doneId: string): boolean =>
  a.timeMs > doneMs || (a.timeMs === doneMs && a.id > doneId);

/** A follower at `position`, for one call. Events must come oldest first. */
export function createFollower(position: FollowPosition) {
  const remembered = new Set(position.given.match(new RegExp(`.{${ID_LENGTH}}`, 'gu')));
  const seen: Given[] = [];
  return {
    /** Those of `events` that were not given before. */
    fresh(events: readonly AuditEvent[]): AuditEvent[] {
      return events.filter((event) => {
        const timeMs = eventTimeMs(event);
        if (!isBehind({ timeMs, id: event.id }, position.doneMs, position.doneId)) return false;
        const short = shortId(event.id);
        if (!remembered.has(short)) return true;
        seen.push({ timeMs, id: event.id, short });
        return false;
      });
    },
    /** The position after `given` were given and the log was read to `readToMs`. */
    next(given: readonly AuditEvent[], readToMs: number): FollowPosition {
      const now = given.map((event) => ({ timeMs: eventTimeMs(event), id: event.id, short: shortId(event.id) }));
      const inOrder = [...seen, ...now].toSorted((a, b) => a.timeMs - b.timeMs || (a.id < b.id ? -1 : 1));
      // Given once, and not come to again: the read ended before them.
      const ahead = [...remembered].filter((short) => !seen.some((one) => one.short === short));
      const overlapFrom = readToMs - OVERLAP_MS;
      const recent = inOrder.filter(({ timeMs }) => timeMs >= overlapFrom);
      const kept = recent.slice(Math.max(0, recent.length - (REMEMBERED_MAX - ahead.length)));
      const forgotten = recent[recent.length - kept.length - 1];
      const done =
        forgotten === undefined
          ? // Never back: what is done stays done, however short the step.
            later(position, { doneMs: overlapFrom, doneId: '' })
          : later(position, { doneMs: forgotten.timeMs, doneId: forgotten.id });
      const behind = kept.filter((one) => isBehind(one, done.doneMs, done.doneId)).map(({ short }) => short);
      return { ...done, given: [...behind, ...ahead].join('') };
    },
  };
}

type Done = Pick<FollowPosition, 'doneMs' | 'doneId'>;

function later(a: Done, b: Done): Done {
  const { doneMs, doneId } = b.doneMs > a.doneMs || (b.doneMs === a.doneMs && b.doneId > a.doneId) ? b : a;
  return { doneMs, doneId };
}
