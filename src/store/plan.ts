// Owns the split of a question's window into what is held here and what has to be asked for.
import type { TimeWindow } from '../audit/query.ts';
import type { KeptPiece } from './memory-cache.ts';
import type { StoreIndex } from './segments.ts';
import { dayWindow, daysIn } from './utc-days.ts';

/** Where the events of one key are held for a stretch of time. */
export type Held =
  | { readonly from: 'disk'; readonly eventKey: string; readonly day: string }
  | { readonly from: 'memory'; readonly eventKey: string; readonly piece: KeptPiece };

/** What has to be asked for: all keys in one, or some of them. */
export type Missing = 'nothing' | 'everything' | readonly string[];

/** A stretch within one UTC day for which every key is held in one place, or missing. */
export interface Step {
  readonly window: TimeWindow;
  readonly held: readonly Held[];
  readonly missing: Missing;
}

/** Steps in a row that lack the same. */
export interface Run {
  readonly window: TimeWindow;
  readonly missing: Missing;
  readonly steps: readonly Step[];
}

export interface Holdings {
  /** Absent: nothing on disk may be used. */
  readonly index?: StoreIndex;
  /** Pieces in memory, for a key or (undefined) for a question about all keys, the latest first. */
  pieces(lane: string | undefined, window: TimeWindow): readonly KeptPiece[];
}

/** The steps of `window`, oldest first, without gaps. `eventKeys` absent: all keys. */
export function planSteps(window: TimeWindow, eventKeys: readonly string[] | undefined, holdings: Holdings): Step[] {
  return daysIn(window).flatMap((day) => {
    const { startMs, endMs } = dayWindow(day);
    const part = { startMs: Math.max(startMs, window.startMs), endMs: Math.min(endMs, window.endMs) };
    return eventKeys === undefined ? planWhole(day, part, holdings) : planKeys(day, part, eventKeys, holdings);
  });
}

function planWhole(day: string, window: TimeWindow, holdings: Holdings): Step[] {
  const stored = holdings.index?.wholeDay(day);
  if (stored !== undefined) {
    const held = stored.keys.map((eventKey): Held => ({ from: 'disk', eventKey, day }));
    return [{ window, held, missing: stored.lost.length === 0 ? 'nothing' : stored.lost }];
  }
  const found = holdings.pieces(undefined, window);
  return cutAtPieces(window, found).map((part): Step => {
    const piece = found.find((candidate) => includes(candidate.window, part));
    if (piece === undefined) return { window: part, held: [], missing: 'everything' };
    const held = [...piece.blocks.keys()].map((eventKey): Held => ({ from: 'memory', eventKey, piece }));
    return { window: part, held, missing: 'nothing' };
  });
}

function planKeys(day: string, window: TimeWindow, eventKeys: readonly string[], holdings: Holdings): Step[] {
  const held: Held[] = [];
  const open = eventKeys.filter((eventKey) => {
    const stored = holdings.index?.holds(eventKey, day);
    if (stored === 'segment') held.push({ from: 'disk', eventKey, day });
    return stored === undefined;
  });
  const found = open.map((eventKey) => ({ eventKey, pieces: holdings.pieces(eventKey, window) }));
  const cuts = found.flatMap((entry) => entry.pieces);
  return cutAtPieces(window, cuts).map((part): Step => {
    const inMemory: Held[] = [];
    const missing: string[] = [];
    for (const { eventKey, pieces: candidates } of found) {
      const piece = candidates.find((candidate) => includes(candidate.window, part));
      if (piece === undefined) missing.push(eventKey);
      else if (piece.blocks.has(eventKey)) inMemory.push({ from: 'memory', eventKey, piece });
    }
    return { window: part, held: [...held, ...inMemory], missing: missing.length === 0 ? 'nothing' : missing };
  });
}

/** `window`, cut wherever a piece begins or ends, so that each part lies within a piece or outside of it. */
function cutAtPieces(window: TimeWindow, pieces: readonly KeptPiece[]): TimeWindow[] {
  const edges = pieces.flatMap((piece) => [piece.window.startMs, piece.window.endMs]);
  const inside = edges.filter((edge) => edge > window.startMs && edge < window.endMs);
  const cuts = [...new Set([window.startMs, ...inside, window.endMs])].sort((a, b) => a - b);
  return cuts.slice(1).map((endMs, index) => ({ startMs: cuts[index] ?? endMs, endMs }));
}

function includes(outer: TimeWindow, inner: TimeWindow): boolean {
  return outer.startMs <= inner.startMs && inner.endMs <= outer.endMs;
}

/**
 * What a question is answered from, as a text: while it is the same, so are the events. Undefined where something is missing, or lies on
 * disk, where another process may change it.
 */
export function fingerprintOf(steps: readonly Step[]): string | undefined {
  const parts: (string | number)[] = [];
  for (const { window, held, missing } of steps) {
    if (missing !== 'nothing') return undefined;
    parts.push(window.startMs, window.endMs);
    for (const place of held) {
      if (place.from === 'disk') return undefined;
      parts.push(place.piece.id, place.eventKey);
    }
  }
  return JSON.stringify(parts);
}

/** Steps that follow each other and lack the same, as runs: one question to the log each. */
export function groupRuns(steps: readonly Step[]): Run[] {
  const groups: Step[][] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if (last?.[0] !== undefined && missingId(last[0].missing) === missingId(step.missing)) last.push(step);
    else groups.push([step]);
  }
  return groups.flatMap((group) => {
    const [first, last] = [group[0], group.at(-1)];
    if (first === undefined || last === undefined) return [];
    return {
      window: { startMs: first.window.startMs, endMs: last.window.endMs },
      missing: first.missing,
      steps: group,
    };
  });
}

function missingId(missing: Missing): string {
  return typeof missing === 'string' ? missing : JSON.stringify(missing);
}
