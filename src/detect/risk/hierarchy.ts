// Owns how surprising a value on several levels (network to host, system to device) is for a person in this company.
import { createFading } from './fading.ts';
import { createNodeStore, type NodeStore } from './node-store.ts';

const DAY_MS = 86_400_000;
/** A value that has faded below this is new again to the person. */
const FORGOTTEN = 0.04;
/** Branches that have faded below this are dropped. */
const PRUNED = 0.02;

/**
 * Nodes by value. A value tells its whole path, so one flat map holds the tree; the root has no value. Counts are kept as
 * `Fading` stores them. Person: `weight` is how often the value was used, `inner` how many values below were new to it.
 * Company: `weight` is how many people came to it anew, `inner` the sum of the weights below.
 */
type Tree = Map<string, number>;
const ROOT = '';

export interface LevelParams {
  /** Chance that an attacker has a value of this level, given the one above. */
  readonly attacker: number;
  /** How much a person is believed to be like the company (in logins). */
  readonly person: number;
  /** How much the company is believed to be like the world (in people). */
  readonly company: number;
}

export interface HierarchyParams {
  readonly levels: readonly LevelParams[];
  readonly halfLifeDays: number;
  readonly companyHalfLifeDays: number;
  /** Pitman-Yor discount: people who often bring something new are expected to do so again. */
  readonly discount: number;
  /** Logins after which something new of a person tells the company how its people change; the first ones tell who joined. */
  readonly establishedLogins: number;
}

export interface Hierarchy {
  /**
   * Log likelihood ratio, attacker to person, in nats, over all levels of `path`. People are compared within a `kind`.
   * A value tells what stands above it in the path (a host its network).
   */
  surprise(actorId: string, kind: string, path: readonly string[], nowMs: number): number;
  learn(actorId: string, kind: string, path: readonly string[], timeMs: number, logins: number): void;
  /** Forgets what has faded away. */
  prune(nowMs: number): void;
}

function nodeOf(nodes: NodeStore, tree: Tree, value: string, above: number): number {
  const known = tree.get(value);
  if (known !== undefined) return known;
  const node = nodes.add(above);
  tree.set(value, node);
  return node;
}

function treeOf(trees: Map<string, Tree>, key: string): Tree {
  const known = trees.get(key);
  if (known !== undefined) return known;
  const tree: Tree = new Map();
  trees.set(key, tree);
  return tree;
}

/** What stands above a node weighs no less than it does, so no node loses what is above it. */
function pruneTree(nodes: NodeStore, tree: Tree, least: number): void {
  for (const [value, node] of tree) {
    if (nodes.weight(node) >= least || nodes.inner(node) >= least) continue;
    nodes.remove(node);
    tree.delete(value);
  }
}

/**
 * A hierarchical Pitman-Yor model: what a person will use next is what the person used, else what colleagues came to use,
 * else anything. The company counts people, not logins (a value that one person uses daily is still one person's).
 */
export function createHierarchy(params: HierarchyParams): Hierarchy {
  const { levels, discount } = params;
  const personal = createFading(params.halfLifeDays * DAY_MS);
  const common = createFading(params.companyHalfLifeDays * DAY_MS);
  const nodes = createNodeStore();
  const company = new Map<string, Tree>();
  /** By kind, then by actor: there are few kinds, and they are always at hand. */
  const people = new Map<string, Map<string, Tree>>();

  function surprise(actorId: string, kind: string, path: readonly string[], nowMs: number): number {
    const personalFactor = personal.factorAt(nowMs);
    const commonFactor = common.factorAt(nowMs);
    const tree = people.get(kind)?.get(actorId);
    const companyTree = company.get(kind);
    let own = tree?.get(ROOT);
    let shared = companyTree?.get(ROOT);
    let ratio = 1;
    for (const [index, { attacker, person: a, company: b }] of levels.entries()) {
      // Where nobody knows what stands above, nobody knows this. Below the root, that is: joiners leave no trace there.
      if (index > 0 && own === undefined && shared === undefined) break;
      const value = path[index] ?? '';
      const used = nodes.weight(own) * personalFactor;
      const novel = nodes.inner(own) * personalFactor;
      const arrivals = nodes.inner(shared) * commonFactor;
      own = own === undefined ? undefined : tree?.get(value);
      shared = index > 0 && shared === undefined ? undefined : companyTree?.get(value);
      const usedValue = nodes.weight(own) * personalFactor;
      const arrivalsValue = nodes.weight(shared) * commonFactor;
      const fromCompany = (arrivalsValue + b * attacker) / (arrivals + b);
      const fromOwn = usedValue - discount * Math.min(usedValue, 1);
      const chance = (fromOwn + (a + discount * novel) * fromCompany) / (used + a);
      ratio *= attacker / chance;
    }
    return Math.log(ratio);
  }

  function learn(actorId: string, kind: string, path: readonly string[], timeMs: number, logins: number): void {
    const amount = personal.amountAt(timeMs);
    const trees = people.get(kind) ?? new Map<string, Tree>();
    if (trees.size === 0) people.set(kind, trees);
    const tree = treeOf(trees, actorId);
    const used = tree.get(path.at(-1) ?? ROOT);
    // The usual case: what stands above a value that is not forgotten is not forgotten either.
    if (used !== undefined && nodes.weight(used) >= FORGOTTEN * amount) {
      for (let node = used; node >= 0; node = nodes.above(node)) nodes.addWeight(node, logins * amount);
      return;
    }
    let own = nodeOf(nodes, tree, ROOT, -1);
    let above = ROOT;
    let isJoining = nodes.weight(own) < params.establishedLogins * amount;
    nodes.addWeight(own, logins * amount);
    for (const value of path) {
      const node = nodeOf(nodes, tree, value, own);
      if (nodes.weight(node) < FORGOTTEN * amount) {
        nodes.addInner(own, amount);
        if (!isJoining) addArrival(treeOf(company, kind), above, value, common.amountAt(timeMs));
      }
      nodes.addWeight(node, logins * amount);
      // Below the widest level even the first logins tell how values spread.
      isJoining = false;
      own = node;
      above = value;
    }
  }

  function addArrival(tree: Tree, above: string, value: string, amount: number): void {
    const node = nodeOf(nodes, tree, above, -1);
    nodes.addInner(node, amount);
    nodes.addWeight(nodeOf(nodes, tree, value, node), amount);
  }

  return {
    surprise,
    learn,
    prune(nowMs) {
      const least = PRUNED * personal.amountAt(nowMs);
      for (const trees of people.values()) for (const tree of trees.values()) pruneTree(nodes, tree, least);
      for (const tree of company.values()) pruneTree(nodes, tree, PRUNED * common.amountAt(nowMs));
    },
  };
}
