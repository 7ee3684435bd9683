// Owns the counts of all nodes of a hierarchy: flat arrays instead of an object each, for there are some for every address.

export interface NodeStore {
  /** A node without counts below `above`; -1: at the top. */
  add(above: number): number;
  remove(node: number): void;
  /** -1 at the top. */
  above(node: number): number;
  weight(node: number | undefined): number;
  inner(node: number | undefined): number;
  addWeight(node: number, amount: number): void;
  addInner(node: number, amount: number): void;
}

/** Counts of nodes by number; a node that is not there counts nothing. Numbers of removed nodes are used again. */
export function createNodeStore(): NodeStore {
  let weights = new Float64Array(1024);
  let inners = new Float64Array(1024);
  let aboves = new Int32Array(1024);
  let end = 0;
  const free: number[] = [];

  function grow(): void {
    const [oldWeights, oldInners, oldAboves] = [weights, inners, aboves];
    weights = new Float64Array(2 * end);
    inners = new Float64Array(2 * end);
    aboves = new Int32Array(2 * end);
    weights.set(oldWeights);
    inners.set(oldInners);
    aboves.set(oldAboves);
  }

  return {
    add(above) {
      if (free.length === 0 && end === weights.length) grow();
      const node = free.pop() ?? end++;
      weights[node] = 0;
      inners[node] = 0;
      aboves[node] = above;
      return node;
    },
    remove: (node) => void free.push(node),
    above: (node) => aboves[node] ?? -1,
    weight: (node) => (node === undefined ? 0 : (weights[node] ?? 0)),
    inner: (node) => (node === undefined ? 0 : (inners[node] ?? 0)),
    addWeight(node, amount) {
      weights[node] = (weights[node] ?? 0) + amount;
    },
    addInner(node, amount) {
      inners[node] = (inners[node] ?? 0) + amount;
    },
  };
}
