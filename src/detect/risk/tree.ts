// Owns the counts of a tree of values: flat lists, for there is a tree for everybody and it is walked at every login.

/**
 * Nodes by value. A value tells its whole path, so one flat map finds them; what stands above a node was added before it.
 */
export interface Tree {
  readonly nodes: Map<string, number>;
  /** Of each node its weight and, behind it, its inner weight. */
  readonly counts: number[];
  /** -1 at the top. */
  readonly above: number[];
}

export function createTree(): Tree {
  return { nodes: new Map(), counts: [], above: [] };
}

/** Undefined where it is not there; so are its counts 0. */
export function findNode(tree: Tree | undefined, value: string): number | undefined {
  return tree?.nodes.get(value);
}

/** The node of `value`; a new one, without counts, stands below `above`. */
export function nodeOf(tree: Tree, value: string, above: number): number {
  const known = tree.nodes.get(value);
  if (known !== undefined) return known;
  const node = tree.above.length;
  tree.nodes.set(value, node);
  tree.above.push(above);
  tree.counts.push(0, 0);
  return node;
}

export function weightOf(tree: Tree | undefined, node: number | undefined): number {
  return tree === undefined || node === undefined ? 0 : (tree.counts[2 * node] ?? 0);
}

export function innerOf(tree: Tree | undefined, node: number | undefined): number {
  return tree === undefined || node === undefined ? 0 : (tree.counts[2 * node + 1] ?? 0);
}

export function addWeight({ counts }: Tree, node: number, amount: number): void {
  counts[2 * node] = (counts[2 * node] ?? 0) + amount;
}

export function addInner({ counts }: Tree, node: number, amount: number): void {
  counts[2 * node + 1] = (counts[2 * node + 1] ?? 0) + amount;
}

/** Adds to the node and to all that stand above it. */
export function addWeightUpwards(tree: Tree, node: number, amount: number): void {
  for (let at = node; at >= 0; at = tree.above[at] ?? -1) addWeight(tree, at, amount);
}

/** Drops nodes of which both counts are below `least`. What stands above a node must not count less than it does. */
export function pruneTree(tree: Tree, least: number): void {
  const { nodes, counts, above } = tree;
  const isFaded = (node: number) => (counts[2 * node] ?? 0) < least && (counts[2 * node + 1] ?? 0) < least;
  const first = above.findIndex((_, node) => isFaded(node));
  if (first < 0) return;
  /** Where each node has moved to. */
  const places = new Int32Array(above.length).fill(-1);
  let kept = 0;
  // The map is in the order of the nodes, so what moves down never runs over what is still to be read.
  for (const [value, node] of nodes) {
    if (node >= first && isFaded(node)) {
      nodes.delete(value);
      continue;
    }
    places[node] = kept;
    if (node >= first) nodes.set(value, kept);
    above[kept] = places[above[node] ?? -1] ?? -1;
    counts[2 * kept] = counts[2 * node] ?? 0;
    counts[2 * kept + 1] = counts[2 * node + 1] ?? 0;
    kept += 1;
  }
  above.length = kept;
  counts.length = 2 * kept;
}
