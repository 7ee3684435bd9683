// Owns the counts of a tree of values: flat lists, for there is a tree for everybody and it is walked at every login.

/**
 * Nodes by value. A value tells its whole path, so one flat map finds them; what stands above a node was added before it.
 */
export interface Tree {
  readonly nodes: Map<string, number>;
  /** Of each node its weight and, behind it, its inner weight. */
  counts: number[];
  /** -1 at the top. */
  above: number[];
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
  const { counts, above } = tree;
  tree.counts = [];
  tree.above = [];
  const places = new Map<number, number>();
  // The map is in the order of the nodes.
  for (const [value, node] of tree.nodes) {
    const [weight = 0, inner = 0] = [counts[2 * node], counts[2 * node + 1]];
    if (weight < least && inner < least) {
      tree.nodes.delete(value);
      continue;
    }
    places.set(node, tree.above.length);
    tree.nodes.set(value, tree.above.length);
    tree.above.push(places.get(above[node] ?? -1) ?? -1);
    tree.counts.push(weight, inner);
  }
}
