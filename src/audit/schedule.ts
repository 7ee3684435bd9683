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
  /** Pages that its budgets still allow. */
  readonly affordablePages: number;
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
export const ORDERED_PART_EVENTS = 16 * PAGE_EVENTS;
/** Who wants few of the oldest events gets them out of a part of about this many. */
const SMALLEST_ORDERED_PART_EVENTS = 2 * PAGE_EVENTS;

function mayFork(progress: Progress): boolean {
  return progress.wantedEvents >= LIST_EVENTS && isForkFair(progress);
}

/** Every fork may cost a request that one run would not: so many are fair after what was found. */
function isForkFair({ fullPages, forks, usefulForks }: Progress): boolean {
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
  const next = slowest(lanes, ({ state, run }) => state === 'idle' && run !== undefined) ?? firstIdle(lanes);
  if (next !== undefined || !mayFork(progress)) return next;
  const divided = slowest(lanes, (part) => part.state === 'busy' && isWorthDividing(part, progress));
  return divided === undefined ? undefined : divide(divided, true);
}

function firstIdle(lanes: readonly Lane[]): Part | undefined {
  for (const { parts } of lanes) {
    const idle = parts.find(({ state }) => state === 'idle');
    if (idle !== undefined) return idle;
  }
  return undefined;
}

/** Of the parts that `isMeant`, the first of those with most to read. Asked before every request: without lists of its own. */
function slowest(lanes: readonly Lane[], isMeant: (part: Part) => boolean): Part | undefined {
  let most: Part | undefined;
  let mostEvents = Number.NEGATIVE_INFINITY;
  for (const { parts } of lanes) {
    for (const part of parts) {
      if (!isMeant(part)) continue;
      const events = unreadEvents(part);
      if (most !== undefined && events <= mostEvents) continue;
      most = part;
      mostEvents = events;
    }
  }
  return most;
}

/** In order: the part whose turn comes first; what is read ahead of its turn is cut small and stays within the room. */
export function pickInOrder(lanes: readonly Lane[], order: AuditQuery['order'], progress: Progress): Part | undefined {
  return order === 'oldest_first' ? pickOldest(lanes, progress) : pickNewest(lanes, progress);
}

function pickNewest(lanes: readonly Lane[], progress: Progress): Part | undefined {
  const parts = unreadParts(lanes).sort((a, b) => b.completeMs - a.completeMs);
  const ahead =
    progress.hasRoom && sum(parts.filter(({ state }) => state === 'busy').map(nextPage)) < progress.wantedEvents;
  const next = nextInTurn(parts, progress, ahead, mayFork(progress));
  if (next !== undefined || !ahead || !mayFork(progress)) return next;
  const divided = parts.find((part) => part.state === 'busy' && isWorthDividing(part, progress));
  if (divided === undefined) return undefined;
  let piece = divide(divided, true);
  while (isDivisible(divided) && unreadEvents(divided) > ORDERED_PART_EVENTS) piece = divide(divided, true);
  return piece;
}

/** Runs go from new to old: only a part that was read whole can be handed on oldest first. So big ones are cut first. */
function pickOldest(lanes: readonly Lane[], progress: Progress): Part | undefined {
  const parts = unreadParts(lanes).sort((a, b) => a.startMs - b.startMs);
  // What was begun will be read to its end.
  const begun = parts.filter(({ run, state }) => run !== undefined || state === 'busy');
  const ahead = progress.hasRoom && sum(begun.map(unreadEvents)) < progress.wantedEvents;
  const next = nextInTurn(parts, progress, ahead, isForkFair(progress));
  if (next !== undefined) return isForkFair(progress) ? oldestPiece(next, progress) : next;
  if (!ahead || !isForkFair(progress)) return undefined;
  const divided = parts.find((part) => part.state === 'busy' && isWorthDividing(part, progress));
  return divided === undefined ? undefined : oldestPiece(divide(divided, true), progress);
}

/** Parts that are not read to their end. */
function unreadParts(lanes: readonly Lane[]): Part[] {
  return lanes.flatMap((lane) => lane.parts.filter(({ state }) => state !== 'done'));
}

/** Of `parts`, in the order of their turns, the first that may be read now. */
function nextInTurn(parts: readonly Part[], { hasRoom }: Progress, ahead: boolean, mayFork: boolean): Part | undefined {
  const [first] = parts;
  const lanes = new Set<Lane>();
  return parts.find((part) => {
    const isFront = !lanes.has(part.lane);
    lanes.add(part.lane);
    if (part.state !== 'idle') return false;
    // Until the first page of every key is there, nothing of the others can be handed on.
    if (part === first || (hasRoom && isFront && part.run === undefined)) return true;
    return ahead && (mayFork || !part.isFork || part.run !== undefined);
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Events that the next request for `part` will probably bring. */
function nextPage(part: Part): number {
  return Math.min(PAGE_EVENTS, unreadEvents(part) || PAGE_EVENTS);
}

function oldestPiece(part: Part, { wantedEvents, affordablePages }: Progress): Part {
  // What the budgets do not let read to its end gives nothing: half of them leaves room for a part that is denser than it looks.
  const useful = Math.min(wantedEvents, (affordablePages / 2) * PAGE_EVENTS);
  const most = Math.min(ORDERED_PART_EVENTS, Math.max(SMALLEST_ORDERED_PART_EVENTS, useful));
  let piece = part;
  while (isDivisible(piece) && unreadEvents(piece) > most) piece = divide(piece, true);
  return piece;
}
