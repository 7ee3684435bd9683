// Owns the counts of trees of values: flat, for there is a tree for everybody and it is walked at every login.
import { createPool, giveBack, takeRow, type Pool } from '../flat.ts';

/** Nodes by value. A value tells its whole path, so one flat map finds them; what stands above a node was added before it. */
export type Tree = Map<string, number>;

/** Of each node of all trees its weight, its inner weight and the node above, -1 at the top. */
export type Nodes = Pool;

const WIDTH = 3;
const INNER = 1;
const ABOVE = 2;

export const createNodes = (): Nodes => createPool(WIDTH);

/** -1 where it is not there; its counts are 0. */
export function findNode(tree: Tree | undefined, value: string): number {
  return tree?.get(value) ?? -1;
}

/** The node of `value`; a new one, without counts, stands below `above`. */
export function nodeOf(nodes: Nodes, tree: Tree, value: string, above: number): number {
  const known = tree.get(value);
  if (known !== undefined) return known;
  const node = takeRow(nodes);
  tree.set(value, node);
  nodes.cells.fill(0, WIDTH * node, WIDTH * node + ABOVE);
  nodes.cells[WIDTH * node + ABOVE] = above;
  return node;
}

export function weightOf({ cells }: Nodes, node: number): number {
  return node < 0 ? 0 : (cells[WIDTH * node] ?? 0);
}

export function innerOf({ cells }: Nodes, node: number): number {
  return node < 0 ? 0 : (cells[WIDTH * node + INNER] ?? 0);
}

export function addWeight({ cells }: Nodes, node: number, amount: number): void {
  cells[WIDTH * node] = (cells[WIDTH * node] ?? 0) + amount;
}

export function addInner({ cells }: Nodes, node: number, amount: number): void {
  cells[WIDTH * node + INNER] = (cells[WIDTH * node + INNER] ?? 0) + amount;
}

/** Adds to the node and to all that stand above it. */
export function addWeightUpwards(nodes: Nodes, node: number, amount: number): void {
  for (let at = node; at >= 0; at = nodes.cells[WIDTH * at + ABOVE] ?? -1) addWeight(nodes, at, amount);
}

/**
 * Drops nodes of which both counts are below `least`; true where there were some. What stands above a node must not count less than
 * it does.
 */
export function pruneTree(nodes: Nodes, tree: Tree, least: number): boolean {
  const before = tree.size;
  // A pair for each of so many nodes would have to be swept.
  tree.forEach((node, value) => {
    if (weightOf(nodes, node) >= least || innerOf(nodes, node) >= least) return;
    tree.delete(value);
    giveBack(nodes, node);
  });
  return tree.size < before;
}
