// Owns lists of numbers that grow. What is remembered of thousands of people is read several times as fast where it lies side by
// side: an object for each of them is somewhere else in the memory, and so is each of its parts.

const FEWEST = 1024;

/** `cells`, or a longer copy where they are fewer than `length`; new ones are 0. */
export function floatsFor(cells: Float64Array, length: number): Float64Array {
  if (length <= cells.length) return cells;
  const longer = new Float64Array(Math.max(FEWEST, 2 * length));
  longer.set(cells);
  return longer;
}

/** The same for whole numbers of 32 bits. */
export function intsFor(cells: Int32Array, length: number): Int32Array {
  if (length <= cells.length) return cells;
  const longer = new Int32Array(Math.max(FEWEST, 2 * length));
  longer.set(cells);
  return longer;
}

/** Rows of numbers that are given out and come back. */
export interface Pool {
  readonly width: number;
  /** Row after row. */
  cells: Float64Array;
  /** Rows that were ever given out. */
  rows: number;
  readonly free: number[];
}

export function createPool(width: number): Pool {
  return { width, cells: new Float64Array(0), rows: 0, free: [] };
}

/** The number of a row that nobody has, with whatever stood in it. */
export function takeRow(pool: Pool): number {
  const row = pool.free.pop() ?? pool.rows++;
  pool.cells = floatsFor(pool.cells, (row + 1) * pool.width);
  return row;
}

export function giveBack({ free }: Pool, row: number): void {
  free.push(row);
}
