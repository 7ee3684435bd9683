// Owns how surprising a value on several levels (network to host, system to device) is for a person in this company.
import type { Fading } from './fading.ts';
import {
  addInner,
  addWeight,
  addWeightUpwards,
  createNodes,
  findNode,
  innerOf,
  nodeOf,
  pruneTree,
  weightOf,
  type Nodes,
  type Tree,
} from './tree.ts';

/** A value that has faded below this is new again to the person. */
const FORGOTTEN = 0.04;
/** Branches that have faded below this are dropped. */
const PRUNED = 0.02;

/** The root has no value. */
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
  readonly personal: Fading;
  /** Of what is known of the company. */
  readonly common: Fading;
  /** Pitman-Yor discount: people who often bring something new are expected to do so again. */
  readonly discount: number;
  /** Logins after which something new of a person tells the company how its people change; the first ones tell who joined. */
  readonly establishedLogins: number;
}

export interface Hierarchy {
  /**
   * Log likelihood ratio, attacker to the person of `tree`, in nats, over all levels of `path`. People are compared within a
   * `kind`. A value tells what stands above it in the path (a host its network).
   */
  surprise(tree: Tree, kind: string, path: readonly string[], nowMs: number): number;
  /** Returns the node of the last value of `path`, which holds until it is pruned. */
  learn(tree: Tree, kind: string, path: readonly string[], timeMs: number, logins: number): number;
  /** Whether the value that was learned as `node` has not faded away; not for -1. `more` was added to it and is not counted yet. */
  isKnown(node: number, more: number, timeMs: number): boolean;
  /** What `learn` does for a value that is known: adds logins, as the personal `Fading` stores them. Nothing for -1. */
  add(node: number, amount: number): void;
  /** Forgets what of a person has faded away; true where there was something. */
  prune(tree: Tree, nowMs: number): boolean;
  /** The same for the company. */
  pruneCompany(nowMs: number): void;
}

/** The trees of the company, by kind. */
type Company = Map<string, Tree>;

function treeOf(company: Company, kind: string): Tree {
  const known = company.get(kind);
  if (known !== undefined) return known;
  const tree: Tree = new Map();
  company.set(kind, tree);
  return tree;
}

/** `Hierarchy.surprise` over what `nodes` count. */
function createSurprise(params: HierarchyParams, nodes: Nodes, company: Company): Hierarchy['surprise'] {
  const { levels, discount, personal, common } = params;
  return (tree, kind, path, nowMs) => {
    const personalFactor = personal.factorAt(nowMs);
    const commonFactor = common.factorAt(nowMs);
    const companyTree = company.get(kind);
    let own = findNode(tree, ROOT);
    let shared = findNode(companyTree, ROOT);
    let ratio = 1;
    let index = -1;
    for (const { attacker, person: a, company: b } of levels) {
      index += 1;
      // Where nobody knows what stands above, nobody knows this. Below the root, that is: joiners leave no trace there.
      if (index > 0 && own < 0 && shared < 0) break;
      const value = path[index] ?? '';
      const used = weightOf(nodes, own) * personalFactor;
      const novel = innerOf(nodes, own) * personalFactor;
      const arrivals = innerOf(nodes, shared) * commonFactor;
      own = own < 0 ? own : findNode(tree, value);
      shared = index > 0 && shared < 0 ? shared : findNode(companyTree, value);
      const usedValue = weightOf(nodes, own) * personalFactor;
      const arrivalsValue = weightOf(nodes, shared) * commonFactor;
      const fromCompany = (arrivalsValue + b * attacker) / (arrivals + b);
      const fromOwn = usedValue - discount * Math.min(usedValue, 1);
      const chance = (fromOwn + (a + discount * novel) * fromCompany) / (used + a);
      ratio *= attacker / chance;
    }
    return Math.log(ratio);
  };
}

function addArrival(
  nodes: Nodes,
  tree: Tree,
  { above, value, amount }: { above: string; value: string; amount: number },
): void {
  const node = nodeOf(nodes, tree, above, -1);
  addInner(nodes, node, amount);
  addWeight(nodes, nodeOf(nodes, tree, value, node), amount);
}

/**
 * A hierarchical Pitman-Yor model: what a person will use next is what the person used, else what colleagues came to use,
 * else anything. The company counts people, not logins (a value that one person uses daily is still one person's).
 * Counts are kept as `Fading` stores them. Person: `weight` is how often a value was used, `inner` how many values below were
 * new to it. Company: `weight` is how many people came to it anew, `inner` the sum of the weights below.
 */
export function createHierarchy(params: HierarchyParams): Hierarchy {
  const { personal, common } = params;
  const nodes = createNodes();
  const company: Company = new Map();

  /** What stands above a value that is not forgotten is not forgotten either. */
  function isKnown(node: number, more: number, timeMs: number): boolean {
    const least = FORGOTTEN * personal.amountAt(timeMs);
    return node >= 0 && (more >= least || more + weightOf(nodes, node) >= least);
  }

  function learn(tree: Tree, kind: string, path: readonly string[], timeMs: number, logins: number): number {
    const used = findNode(tree, path.at(-1) ?? ROOT);
    const amount = personal.amountAt(timeMs);
    if (isKnown(used, 0, timeMs)) {
      addWeightUpwards(nodes, used, logins * amount);
      return used;
    }
    let own = nodeOf(nodes, tree, ROOT, -1);
    let above = ROOT;
    let isJoining = weightOf(nodes, own) < params.establishedLogins * amount;
    addWeight(nodes, own, logins * amount);
    for (const value of path) {
      const node = nodeOf(nodes, tree, value, own);
      if (weightOf(nodes, node) < FORGOTTEN * amount) {
        addInner(nodes, own, amount);
        if (!isJoining) addArrival(nodes, treeOf(company, kind), { above, value, amount: common.amountAt(timeMs) });
      }
      addWeight(nodes, node, logins * amount);
      // Below the widest level even the first logins tell how values spread.
      isJoining = false;
      own = node;
      above = value;
    }
    return own;
  }

  return {
    surprise: createSurprise(params, nodes, company),
    learn,
    isKnown,
    add: (node, amount) => addWeightUpwards(nodes, node, amount),
    prune: (tree, nowMs) => pruneTree(nodes, tree, PRUNED * personal.amountAt(nowMs)),
    pruneCompany(nowMs) {
      for (const tree of company.values()) pruneTree(nodes, tree, PRUNED * common.amountAt(nowMs));
    },
  };
}
