// Owns how surprising a value on several levels (network to host, system to device) is for a person in this company.

const DAY_MS = 86_400_000;
/** Branches that have decayed below this are as good as forgotten. */
const FORGOTTEN = 0.02;

/** Counts of one value. They decay: `weight` and `inner` are as of `timeMs`. */
interface Node {
  /** Person: how often the value was used. Company: how many people came to it anew. */
  weight: number;
  /** Person: how many values below were new to it. Company: the sum of the weights below. */
  inner: number;
  timeMs: number;
  children: Map<string, Node> | undefined;
}

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
  /** Log likelihood ratio, attacker to person, in nats: one part for each level of `path`. `path[0]` is a class, not judged. */
  surprise(actorId: string, path: readonly string[], nowMs: number): number;
  learn(actorId: string, path: readonly string[], timeMs: number, logins: number): void;
  /** Forgets what has decayed away. */
  prune(nowMs: number): void;
}

function newNode(timeMs: number): Node {
  return { weight: 0, inner: 0, timeMs, children: undefined };
}

function childOf(node: Node, key: string, timeMs: number): Node {
  node.children ??= new Map();
  const known = node.children.get(key);
  if (known !== undefined) return known;
  const child = newNode(timeMs);
  node.children.set(key, child);
  return child;
}

function decayTo(node: Node, timeMs: number, halfLifeMs: number): void {
  if (timeMs <= node.timeMs) return;
  const factor = 2 ** ((node.timeMs - timeMs) / halfLifeMs);
  node.weight *= factor;
  node.inner *= factor;
  node.timeMs = timeMs;
}

function pruneNode(node: Node, nowMs: number, halfLifeMs: number): void {
  for (const [key, child] of node.children ?? []) {
    if (child.weight * 2 ** ((child.timeMs - nowMs) / halfLifeMs) < FORGOTTEN) node.children?.delete(key);
    else pruneNode(child, nowMs, halfLifeMs);
  }
  if (node.children?.size === 0) node.children = undefined;
}

/**
 * A hierarchical Pitman-Yor model: what a person will use next is what the person used, else what colleagues came to use,
 * else anything. The company counts people, not logins (a value that one person uses daily is still one person's).
 */
export function createHierarchy(params: HierarchyParams): Hierarchy {
  const personMs = params.halfLifeDays * DAY_MS;
  const companyMs = params.companyHalfLifeDays * DAY_MS;
  const company = newNode(0);
  const people = newNode(0);

  /** Counts of a node as of `nowMs`, without touching it: judging must leave no trace. */
  function read(node: Node | undefined, nowMs: number, halfLifeMs: number): readonly [number, number] {
    if (node === undefined) return [0, 0];
    const factor = nowMs > node.timeMs ? 2 ** ((node.timeMs - nowMs) / halfLifeMs) : 1;
    return [node.weight * factor, node.inner * factor];
  }

  function surprise(actorId: string, path: readonly string[], nowMs: number): number {
    let person = people.children?.get(actorId)?.children?.get(path[0] ?? '');
    let colleagues = company.children?.get(path[0] ?? '');
    let sum = 0;
    for (const [level, { attacker, person: a, company: b }] of params.levels.entries()) {
      const value = path[level + 1] ?? '';
      const [used, novel] = read(person, nowMs, personMs);
      const [, arrivals] = read(colleagues, nowMs, companyMs);
      person = person?.children?.get(value);
      colleagues = colleagues?.children?.get(value);
      const [usedValue] = read(person, nowMs, personMs);
      const [arrivalsValue] = read(colleagues, nowMs, companyMs);
      const fromCompany = (arrivalsValue + b * attacker) / (arrivals + b);
      const own = usedValue - params.discount * Math.min(usedValue, 1);
      const chance = (own + (a + params.discount * novel) * fromCompany) / (used + a);
      sum += Math.log(attacker / chance);
    }
    return sum;
  }

  function learn(actorId: string, path: readonly string[], timeMs: number, logins: number): void {
    let person = childOf(childOf(people, actorId, timeMs), path[0] ?? '', timeMs);
    let colleagues = childOf(company, path[0] ?? '', timeMs);
    decayTo(person, timeMs, personMs);
    let isJoining = person.weight < params.establishedLogins;
    person.weight += logins;
    decayTo(colleagues, timeMs, companyMs);
    for (const value of path.slice(1)) {
      const child = childOf(person, value, timeMs);
      const shared = childOf(colleagues, value, timeMs);
      decayTo(child, timeMs, personMs);
      decayTo(shared, timeMs, companyMs);
      if (child.weight < FORGOTTEN * 2) {
        person.inner += 1;
        if (!isJoining) {
          shared.weight += 1;
          colleagues.inner += 1;
        }
      }
      child.weight += logins;
      // Below the widest level even the first logins tell how values spread.
      isJoining = false;
      person = child;
      colleagues = shared;
    }
  }

  return {
    surprise,
    learn,
    prune(nowMs) {
      for (const actor of people.children?.values() ?? []) pruneNode(actor, nowMs, personMs);
      pruneCompany(company, nowMs, companyMs);
    },
  };
}

/** Company nodes of level 0 stand for classes and hold no weight of their own. */
function pruneCompany(company: Node, nowMs: number, halfLifeMs: number): void {
  for (const branch of company.children?.values() ?? []) pruneNode(branch, nowMs, halfLifeMs);
}
