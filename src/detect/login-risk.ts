// Owns the login risk score: how much better an attacker explains a login than the person does, in nats, part by part.
import type { SeenEvent, TrustedActivity } from './detector.ts';
import type { Networks } from '../text/networks.ts';
import type { Client, ClientKind } from '../text/user-agent.ts';
import { createClientSteps, type LastVersion, type Versions } from './risk/client-steps.ts';
import { createHierarchy, type LevelParams } from './risk/hierarchy.ts';
import { createHourCounts, createHours, type HourCounts } from './risk/hours.ts';
import { createPace, nowhereYet, type LastPlace } from './risk/pace.ts';
import { createTree, type Tree } from './risk/tree.ts';
import { forgetWays, keep, nothingByWay, recall, type ByWay } from './ways.ts';

const DAY_MS = 86_400_000;
/** Pruning walks through everything; what it drops weighs next to nothing. */
const PRUNE_EVERY_MS = 10 * DAY_MS;
/** Who has not logged in for so long, and of whom nothing else is left, is a stranger again. */
const FORGOTTEN_AFTER_MS = 180 * DAY_MS;
const HALF_LIFE_DAYS = 30;
/** Rollouts, rates and habits of a whole company change more slowly than a person's address. */
const COMPANY_HALF_LIFE_DAYS = 60;

/** Net, pool, site, host: a world of 20,000 networks, each halved again and again. */
const NETWORK_LEVELS: readonly LevelParams[] = [
  { attacker: 1 / 20_000, person: 0.5, company: 20 },
  { attacker: 1 / 16, person: 0.5, company: 5 },
  { attacker: 1 / 16, person: 0.5, company: 5 },
  { attacker: 1 / 128, person: 0.5, company: 5 },
];
/** System, family on system, model. */
const CLIENT_LEVELS: readonly LevelParams[] = [
  { attacker: 1 / 8, person: 1, company: 20 },
  { attacker: 1 / 6, person: 1, company: 5 },
  { attacker: 1 / 3, person: 1, company: 5 },
];
/** Relayed and stolen logins come through browsers and programs; few attackers run the vendor's own apps. Against 1/3 each. */
const ATTACKER_KINDS: Readonly<Record<ClientKind, number>> = { app: 0.1, browser: 0.65, script: 0.25, other: 0.25 };

/** All in nats; positive speaks for an attacker. */
export interface LoginRisk {
  readonly total: number;
  readonly parts: Readonly<Record<'network' | 'client' | 'pace' | 'hour', number>>;
}

export interface LoginRiskModel {
  /** Leaves no trace. */
  score(seen: SeenEvent): LoginRisk;
  /** Every login, trusted or not, after it was scored. */
  observe(seen: SeenEvent): void;
  /** Logins that left quarantine. */
  learn(activity: TrustedActivity): void;
}

const PLACES = ['phone', 'desk'] as const;
type Place = (typeof PLACES)[number];

/** Phones roam between providers and desks do not, so they are not held to one measure. */
function placeOf(client: Client | undefined): Place {
  return client?.os === 'iOS' || client?.os === 'Android' ? 'phone' : 'desk';
}

function networkPath({ net, pool, site, host }: Networks): readonly string[] {
  return [net, pool, site, host];
}

const clientPaths = new WeakMap<Client, readonly string[]>();
/** A level's value must not be another's: an unknown program is all three. */
function clientPath(client: Client): readonly string[] {
  const known = clientPaths.get(client);
  if (known !== undefined) return known;
  const { os, name, model } = client;
  const path = [os, name === os ? `${name} *` : name, model === name ? `${model} **` : model];
  clientPaths.set(client, path);
  return path;
}

/** Where what a person used by one way is remembered. */
interface Traces {
  network: number | undefined;
  client: number | undefined;
  version: LastVersion | undefined;
}

/** What is remembered of one person. */
interface Person {
  readonly last: LastPlace;
  readonly traces: ByWay<Traces>;
  readonly networks: Readonly<Record<Place, Tree>>;
  readonly clients: Tree;
  readonly versions: Versions;
  readonly hours: HourCounts;
}

function createPerson(): Person {
  return {
    networks: { phone: createTree(), desk: createTree() },
    clients: createTree(),
    versions: new Map(),
    hours: createHourCounts(),
    last: nowhereYet(),
    traces: nothingByWay(),
  };
}

/** The score over an ordered stream. Memory: what actors and the company used and has not faded. */
export function createLoginRisk(): LoginRiskModel {
  const shape = {
    halfLifeDays: HALF_LIFE_DAYS,
    companyHalfLifeDays: COMPANY_HALF_LIFE_DAYS,
    establishedLogins: 4,
  };
  const networks = createHierarchy({ ...shape, levels: NETWORK_LEVELS, discount: 0.3 });
  const clients = createHierarchy({ ...shape, levels: CLIENT_LEVELS, discount: 0 });
  const steps = createClientSteps(COMPANY_HALF_LIFE_DAYS);
  const pace = createPace(COMPANY_HALF_LIFE_DAYS);
  const hours = createHours(COMPANY_HALF_LIFE_DAYS);
  /** By the number of the actor. */
  const people: (Person | undefined)[] = [];
  const stranger = createPerson();
  let nextPruneMs = -Infinity;

  function prune(nowMs: number): void {
    if (nowMs < nextPruneMs) return;
    nextPruneMs = nowMs + PRUNE_EVERY_MS;
    networks.pruneCompany(nowMs);
    clients.pruneCompany(nowMs);
    for (const [actor, person] of people.entries()) {
      if (person === undefined) continue;
      for (const place of PLACES) networks.prune(person.networks[place], nowMs);
      clients.prune(person.clients, nowMs);
      steps.prune(person.versions, nowMs);
      forgetWays(person.traces);
      if (person.clients.nodes.size === 0 && person.last.timeMs < nowMs - FORGOTTEN_AFTER_MS) people[actor] = undefined;
    }
  }

  function clientPart(person: Person, client: Client | undefined, nowMs: number): number {
    if (client === undefined) return 0;
    return (
      clients.surprise(person.clients, 'any', clientPath(client), nowMs) +
      Math.log(ATTACKER_KINDS[client.kind] * 3) +
      steps.surprise(person.versions, client, nowMs)
    );
  }

  return {
    score({ actor, timeMs, networks: from, client }) {
      const person = people[actor] ?? stranger;
      const place = placeOf(client);
      const parts = {
        network: from ? networks.surprise(person.networks[place], place, networkPath(from), timeMs) : 0,
        client: clientPart(person, client, timeMs),
        pace: from ? pace.surprise(person.last, from.host, place, timeMs) : 0,
        hour: hours.surprise(person.hours, timeMs),
      };
      return { total: parts.network + parts.client + parts.pace + parts.hour, parts };
    },
    observe(seen) {
      if (seen.networks !== undefined && !seen.trial) {
        const { last } = (people[seen.actor] ??= createPerson());
        pace.observe(last, seen.networks.host, placeOf(seen.client), seen.timeMs);
      }
    },
    learn(activity) {
      const { actor, networks: from, client, firstMs, lastMs, logins } = activity;
      if (logins === 0) return;
      prune(lastMs);
      const person = (people[actor] ??= createPerson());
      let traces = recall(person.traces, activity);
      if (traces === undefined)
        keep(person.traces, activity, (traces = { network: undefined, client: undefined, version: undefined }));
      if (from !== undefined) {
        const place = placeOf(client);
        const tree = person.networks[place];
        if (!networks.learnAgain(tree, traces.network, lastMs, logins)) {
          traces.network = networks.learn(tree, place, networkPath(from), lastMs, logins);
        }
      }
      if (client !== undefined) {
        if (!clients.learnAgain(person.clients, traces.client, lastMs, logins)) {
          traces.client = clients.learn(person.clients, 'any', clientPath(client), lastMs, logins);
        }
        traces.version = steps.learn(person.versions, client, lastMs, traces.version);
      }
      hours.learn(person.hours, firstMs, logins);
    },
  };
}
