// Owns which part of a window is read next. Pure: looks at the parts, divides them, sends nothing.
import { PAGE_EVENTS } from './client.ts';
import { divide, isDivisible, unreadEvents, unreadPages, type Lane, type Part } from './parts.ts';
import type { AuditQuery } from './query.ts';

/** How far a read has come, as far as the next step depends on it. */
export interface Progress {
  /** Pages that brought events; empty ones are no reason to read more side by side. */
  readonly fullPages: number;
  /** Parts that were made to read side by side, and begun. */
  readonly forks: number;
  /** Those of them that turned out to hold more than a page. */
  readonly usefulForks: number;
  /** Whether there is room for events that cannot be handed on yet. */
  readonly hasRoom: boolean;
  /** Events that the caller has still use for, at most. */
  readonly wantedEvents: number;
}

/** Parts smaller than this are not worth the request that dividing them may cost. */
const SMALLEST_SHARE_PAGES = 4;
/** A question of few pages costs one request more than a single run, at the most: so its second half is not divided again. */
const FEW_PAGES = 8;
const FORKS_OF_FEW = 1;
/** A fork that found a lot is a good reason for two more: so many requests in flight are reached in a few rounds. */
const FORKS_AFTER_USEFUL = 2;
/** Who wants no more than this is served page by page. */
const LIST_EVENTS = 20 * PAGE_EVENTS;
/** Where order matters, parts are cut to about this many events: what is read ahead of its turn stays in memory. */
const ORDERED_PART_EVENTS = 16 * PAGE_EVENTS;

/** Every fork may cost a request that one run would not: so many are fair after what was found. */
function mayFork({ fullPages, forks, usefulForks, wantedEvents }: Progress): boolean {
  if (wantedEvents < LIST_EVENTS) return false;
  return forks < FORKS_OF_FEW + FORKS_AFTER_USEFUL * usefulForks + Math.max(0, fullPages - FEW_PAGES);
}

function isWorthDividing(part: Part, { fullPages, forks }: Progress): boolean {
  const isAboutFew = fullPages < FEW_PAGES && forks >= FORKS_OF_FEW;
  // Before its first page a part is only believed to be as dense as others are.
  if (part.density === undefined || !isDivisible(part)) return false;
  return unreadPages(part) >= (isAboutFew ? FEW_PAGES : SMALLEST_SHARE_PAGES);
}

/** Any order: what was begun goes on; who is idle takes the older half of what the slowest part has still to read. */
export function pickAnywhere(lanes: readonly Lane[], progress: Progress): Part | undefined {
  if (!progress.hasRoom) return undefined;
  const parts = lanes.flatMap((lane) => lane.parts);
  const idle = parts.filter(({ state }) => state === 'idle');
  const next = slowest(idle.filter(({ run }) => run !== undefined)) ?? idle[0];
  if (next !== undefined || !mayFork(progress)) return next;
  const divided = slowest(parts.filter((part) => part.state === 'busy' && isWorthDividing(part, progress)));
  return divided === undefined ? undefined : divide(divided, true);
}

function slowest(parts: readonly Part[]): Part | undefined {
  return parts.reduce<Part | undefined>(
    (most, part) => (most === undefined || unreadEvents(part) > unreadEvents(most) ? part : most),
    undefined,
  );
}

/** In order: the part whose turn comes first; what is read ahead of its turn is cut small and stays within the room. */
export function pickInOrder(lanes: readonly Lane[], order: AuditQuery['order'], progress: Progress): Part | undefined {
  const parts = inTurn(lanes, order);
  const [first] = parts;
  const ahead = progress.hasRoom && comingEvents(parts) < progress.wantedEvents;
  for (const part of parts) {
    if (part.state !== 'idle') continue;
    const isUnreadFork = part.isFork && part.run === undefined;
    // Until the first page of every key is there, nothing of the others can be handed on.
    const isNeeded = part === first || (progress.hasRoom && isUntouchedFront(part, order));
    if (!isNeeded && (!ahead || (isUnreadFork && !mayFork(progress)))) continue;
    return order === 'oldest_first' ? oldestPiece(part, progress) : part;
  }
  if (!ahead || !mayFork(progress)) return undefined;
  const divided = parts.find((part) => part.state === 'busy' && isWorthDividing(part, progress));
  return divided === undefined ? undefined : pieceInTurn(divided, order);
}

/** Events that the requests in flight will probably bring. */
function comingEvents(parts: readonly Part[]): number {
  return parts
    .filter(({ state }) => state === 'busy')
    .reduce((sum, part) => sum + Math.min(PAGE_EVENTS, unreadEvents(part) || PAGE_EVENTS), 0);
}

/** Parts that are not read, the one whose events come first in front. */
function inTurn(lanes: readonly Lane[], order: AuditQuery['order']): Part[] {
  const parts = lanes.flatMap((lane) => lane.parts.filter(({ state }) => state !== 'done'));
  return order === 'oldest_first'
    ? parts.sort((a, b) => a.startMs - b.startMs)
    : parts.sort((a, b) => b.completeMs - a.completeMs);
}

function isUntouchedFront(part: Part, order: AuditQuery['order']): boolean {
  const { parts } = part.lane;
  return part.run === undefined && part === (order === 'oldest_first' ? parts[0] : parts.at(-1));
}

/** Runs go from new to old: only a part that was read whole can be handed on oldest first. So big ones are cut first. */
function oldestPiece(part: Part, progress: Progress): Part {
  let piece = part;
  if (!mayFork(progress)) return piece;
  while (isDivisible(piece) && unreadEvents(piece) > ORDERED_PART_EVENTS) piece = divide(piece, true);
  return piece;
}

/** Divides `part`, which is being read: the piece of it whose turn comes next, or before it. */
function pieceInTurn(part: Part, order: AuditQuery['order']): Part {
  let piece = divide(part, true);
  if (order === 'oldest_first') {
    while (isDivisible(piece) && unreadEvents(piece) > ORDERED_PART_EVENTS) piece = divide(piece, true);
    return piece;
  }
  while (isDivisible(part) && unreadEvents(part) > ORDERED_PART_EVENTS) piece = divide(part, true);
  return piece;
}
