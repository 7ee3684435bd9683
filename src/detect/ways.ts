// Owns what is kept at hand of the few ways by which an actor comes (a source and a client): asking maps each time is slow.
import { intsFor } from './flat.ts';

/** Numbers of a source and a client; -1 for none. Equal ones mean the same, different ones say nothing. */
export interface Way {
  readonly source: number;
  readonly device: number;
}

/** Answers to the last four ways of each actor; people come from an office, a home and on the road. */
export interface Ways {
  /** Cells of a way: its source, its client, then the answers. */
  readonly width: number;
  cells: Int32Array;
}

export const KEPT = 4;
const KEY = 2;
/** Cells begin with 0, which no way may look like. */
const shifted = (source: number): number => source + 2;

/** `answers`: whole numbers that are kept for each way. */
export function createWays(answers: number): Ways {
  return { width: KEY + answers, cells: new Int32Array(0) };
}

/** Where in `cells` the answers to a way of the actor stand; -1 where none are kept: what is asked for has to be looked up. */
export function recall({ width, cells }: Ways, actor: number, { source, device }: Way): number {
  const first = actor * KEPT * width;
  const end = first + KEPT * width;
  if (end > cells.length) return -1;
  for (let at = first; at < end; at += width) {
    if (cells[at] === shifted(source) && cells[at + 1] === device) return at + KEY;
  }
  return -1;
}

/** The place for the answers to a way of which none are kept, -1 each; the oldest of the actor makes room. */
export function keep(ways: Ways, actor: number, { source, device }: Way): number {
  const { width } = ways;
  const first = actor * KEPT * width;
  const end = first + KEPT * width;
  const cells = intsFor(ways.cells, end);
  ways.cells = cells;
  cells.copyWithin(first + width, first, end - width);
  cells[first] = shifted(source);
  cells[first + 1] = device;
  cells.fill(-1, first + KEY, first + width);
  return first + KEY;
}

/** Which row the answers at `at` are in: `KEPT` for each actor. */
export function rowOf({ width }: Ways, at: number): number {
  return (at - KEY) / width;
}

/** Where the answers of a row are. */
export function answersIn({ width }: Ways, row: number): number {
  return row * width + KEY;
}

export function forgetWays({ width, cells }: Ways, actor: number): void {
  cells.fill(0, actor * KEPT * width, (actor + 1) * KEPT * width);
}
