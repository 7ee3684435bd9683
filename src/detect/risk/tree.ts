// Owns the counts of a tree of values: flat lists, for there is a tree for everybody and it is walked at every login.

/**
 * Nodes by value. A value tells its whole path, so one flat map finds them; what stands above a node was added before it.
 */
export interface Tree {
  readonly nodes: Map<string, number>;
  /** Of each node its weight, its inner weight and the node above, -1 at the top. One list: it is read at every login. */
  readonly cells: number[];
}

/** Cells of a node. */
const WIDTH = 3;
const INNER = 1;
const ABOVE = 2;

export function createTree(): Tree {
  return { nodes: new Map(), cells: [] };
}

/** Undefined where it is not there; so are its counts 0. */
export function findNode(tree: Tree | undefined, value: string): number | undefined {
  return tree?.nodes.get(value);
}

/** The node of `value`; a new one, without counts, stands below `above`. */
export function nodeOf({ nodes, cells }: Tree, value: string, above: number): number {
  const known = nodes.get(value);
  if (known !== undefined) return known;
  const node = cells.length / WIDTH;
  nodes.set(value, node);
  cells.push(0, 0, above);
  return node;
}

export function weightOf(tree: Tree | undefined, node: number | undefined): number {
  return tree === undefined || node === undefined ? 0 : (tree.cells[WIDTH * node] ?? 0);
}

export function innerOf(tree: Tree | undefined, node: number | undefined): number {
  return tree === undefined || node === undefined ? 0 : (tree.cells[WIDTH * node + INNER] ?? 0);
}

export function addWeight({ cells }: Tree, node: number, amount: number): void {
  cells[WIDTH * node] = (cells[WIDTH * node] ?? 0) + amount;
}

export function addInner({ cells }: Tree, node: number, amount: number): void {
  cells[WIDTH * node + INNER] = (cells[WIDTH * node + INNER] ?? 0) + amount;
}

/** Adds to the node and to all that stand above it. */
export function addWeightUpwards(tree: Tree, node: number, amount: number): void {
  for (let at = node; at >= 0; at = tree.cells[WIDTH * at + ABOVE] ?? -1) addWeight(tree, at, amount);
}

/** Drops nodes of which both counts are below `least`. What stands above a node must not count less than it does. */
export function pruneTree(tree: Tree, least: number): void {
  const { nodes, cells } = tree;
  const isFaded = (node: number) => weightOf(tree, node) < least && innerOf(tree, node) < least;
  let first = 0;
  while (first < nodes.size && !isFaded(first)) first += 1;
  if (first === nodes.size) return;
  /** Where each node has moved to. */
  const places: number[] = [];
  let kept = 0;
  // The map is in the order of the nodes, so what moves down never runs over what is still to be read.
  for (const [value, node] of nodes) {
    if (node >= first && isFaded(node)) {
      nodes.delete(value);
      places.push(-1);
      continue;
    }
    places.push(kept);
    if (node >= first) nodes.set(value, kept);
    cells[WIDTH * kept] = weightOf(tree, node);
    cells[WIDTH * kept + INNER] = innerOf(tree, node);
    cells[WIDTH * kept + ABOVE] = places[cells[WIDTH * node + ABOVE] ?? -1] ?? -1;
    kept += 1;
  }
  cells.length = WIDTH * kept;
}
