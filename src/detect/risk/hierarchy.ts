// Owns how surprising a value on several levels (network to host, system to device) is for a person in this company.
import { createFading } from './fading.ts';

const DAY_MS = 86_400_000;
/** A value that has faded below this is new again to the person. */
const FORGOTTEN = 0.04;
/** Branches that have faded below this are dropped. */
const PRUNED = 0.02;

/** Counts of one value, as `Fading` stores them. */
interface Node {
  /** Person: how often the value was used. Company: how many people came to it anew. */
  weight: number;
  /** Person: how many values below were new to it. Company: the sum of the weights below. */
  inner: number;
  /** What stands above it; the root has none. */
  readonly above: Node | undefined;
}

/** Nodes by value. A value tells its whole path, so one flat map holds the tree; the root has no value. */
type Tree = Map<string, Node>;
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

function nodeOf(tree: Tree, value: string, above?: Node): Node {
  const known = tree.get(value);
  if (known !== undefined) return known;
  const node = { weight: 0, inner: 0, above };
  tree.set(value, node);
  return node;
}

function treeOf(trees: Map<string, Tree>, key: string): Tree {
  const known = trees.get(key);
  if (known !== undefined) return known;
  const tree = new Map<string, Node>();
  trees.set(key, tree);
  return tree;
}

function pruneTree(tree: Tree, least: number): void {
  for (const [value, { weight, inner }] of tree) if (weight < least && inner < least) tree.delete(value);
}

/**
 * A hierarchical Pitman-Yor model: what a person will use next is what the person used, else what colleagues came to use,
 * else anything. The company counts people, not logins (a value that one person uses daily is still one person's).
 */
export function createHierarchy(params: HierarchyParams): Hierarchy {
  const { levels, discount } = params;
  const personal = createFading(params.halfLifeDays * DAY_MS);
  const common = createFading(params.companyHalfLifeDays * DAY_MS);
  const company = new Map<string, Tree>();
  const people = new Map<string, Map<string, Tree>>();

  function surprise(actorId: string, kind: string, path: readonly string[], nowMs: number): number {
    const personalFactor = personal.factorAt(nowMs);
    const commonFactor = common.factorAt(nowMs);
    const tree = people.get(actorId)?.get(kind);
    const companyTree = company.get(kind);
    let own = tree?.get(ROOT);
    let shared = companyTree?.get(ROOT);
    let ratio = 1;
    for (const [index, { attacker, person: a, company: b }] of levels.entries()) {
      const value = path[index] ?? '';
      const used = (own?.weight ?? 0) * personalFactor;
      const novel = (own?.inner ?? 0) * personalFactor;
      const arrivals = (shared?.inner ?? 0) * commonFactor;
      own = tree?.get(value);
      shared = companyTree?.get(value);
      const usedValue = (own?.weight ?? 0) * personalFactor;
      const arrivalsValue = (shared?.weight ?? 0) * commonFactor;
      const fromCompany = (arrivalsValue + b * attacker) / (arrivals + b);
      const fromOwn = usedValue - discount * Math.min(usedValue, 1);
      const chance = (fromOwn + (a + discount * novel) * fromCompany) / (used + a);
      ratio *= attacker / chance;
    }
    return Math.log(ratio);
  }

  function learn(actorId: string, kind: string, path: readonly string[], timeMs: number, logins: number): void {
    const amount = personal.amountAt(timeMs);
    const trees = people.get(actorId) ?? new Map<string, Tree>();
    if (trees.size === 0) people.set(actorId, trees);
    const tree = treeOf(trees, kind);
    const used = tree.get(path.at(-1) ?? ROOT);
    // The usual case, and the reason for `above`: what stands above a value that is not forgotten is not forgotten either.
    if (used !== undefined && used.weight >= FORGOTTEN * amount) {
      for (let node: Node | undefined = used; node !== undefined; node = node.above) node.weight += logins * amount;
      return;
    }
    let own = nodeOf(tree, ROOT);
    let above = ROOT;
    let isJoining = own.weight < params.establishedLogins * amount;
    own.weight += logins * amount;
    for (const value of path) {
      const node = nodeOf(tree, value, own);
      if (node.weight < FORGOTTEN * amount) {
        own.inner += amount;
        if (!isJoining) addArrival(treeOf(company, kind), above, value, common.amountAt(timeMs));
      }
      node.weight += logins * amount;
      // Below the widest level even the first logins tell how values spread.
      isJoining = false;
      own = node;
      above = value;
    }
  }

  return {
    surprise,
    learn,
    prune(nowMs) {
      const least = PRUNED * personal.amountAt(nowMs);
      for (const trees of people.values()) for (const tree of trees.values()) pruneTree(tree, least);
      for (const tree of company.values()) pruneTree(tree, PRUNED * common.amountAt(nowMs));
    },
  };
}

function addArrival(tree: Tree, above: string, value: string, amount: number): void {
  nodeOf(tree, above).inner += amount;
  nodeOf(tree, value).weight += amount;
}
