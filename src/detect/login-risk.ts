// Owns the login risk score: how much better an attacker explains a login than the person does, in nats, part by part.
import type { SeenEvent, TrustedActivity } from './detector.ts';
import type { Networks } from '../text/networks.ts';
import type { Client, ClientKind } from '../text/user-agent.ts';
import { createClientSteps, type Versions } from './risk/client-steps.ts';
import { createFading } from './risk/fading.ts';
import { createHierarchy, type LevelParams } from './risk/hierarchy.ts';
import { createHours } from './risk/hours.ts';
import { createPace } from './risk/pace.ts';
import { CLIENT, createTraces, NETWORK, VERSION } from './risk/traces.ts';
import type { Tree } from './risk/tree.ts';

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
  score(seen: Pick<SeenEvent, 'actor' | 'timeMs' | 'networks' | 'client'>): LoginRisk;
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

/** Where to find what is remembered of one person. */
interface Person {
  readonly networks: Readonly<Record<Place, Tree>>;
  readonly clients: Tree;
  readonly versions: Versions;
}

const createPerson = (): Person => ({
  networks: { phone: new Map(), desk: new Map() },
  clients: new Map(),
  versions: new Map(),
});

function createMemory() {
  const personal = createFading(HALF_LIFE_DAYS * DAY_MS);
  const common = createFading(COMPANY_HALF_LIFE_DAYS * DAY_MS);
  const shape = { personal, common, establishedLogins: 4 };
  const networks = createHierarchy({ ...shape, levels: NETWORK_LEVELS, discount: 0.3 });
  const clients = createHierarchy({ ...shape, levels: CLIENT_LEVELS, discount: 0 });
  /** By the number of the actor; not asked where a way tells where to find what it asks for. */
  const people: (Person | undefined)[] = [];
  return {
    networks,
    clients,
    steps: createClientSteps(common),
    pace: createPace(common),
    hours: createHours(common),
    traces: createTraces(personal, networks, clients),
    people,
  };
}

type Memory = ReturnType<typeof createMemory>;

function personOf({ people }: Memory, actor: number): Person {
  return (people[actor] ??= createPerson());
}

function prunePerson({ networks, clients, steps, traces }: Memory, actor: number, person: Person, nowMs: number): void {
  traces.settle(actor);
  const pruned = [
    ...PLACES.map((place) => networks.prune(person.networks[place], nowMs)),
    clients.prune(person.clients, nowMs),
    steps.prune(person.versions, nowMs),
  ];
  if (pruned.includes(true)) traces.forget(actor);
}

function prune(memory: Memory, nowMs: number): void {
  const { networks, clients, pace, hours, traces, people } = memory;
  networks.pruneCompany(nowMs);
  clients.pruneCompany(nowMs);
  for (const [actor, person] of people.entries()) {
    if (person === undefined) continue;
    prunePerson(memory, actor, person, nowMs);
    if (person.clients.size > 0 || pace.lastMs(actor) >= nowMs - FORGOTTEN_AFTER_MS) continue;
    people[actor] = undefined;
    traces.forget(actor);
    hours.forget(actor);
    pace.forget(actor);
  }
}

function clientPart({ clients, steps }: Memory, person: Person, client: Client | undefined, nowMs: number): number {
  if (client === undefined) return 0;
  return (
    clients.surprise(person.clients, 'any', clientPath(client), nowMs) +
    Math.log(ATTACKER_KINDS[client.kind] * 3) +
    steps.surprise(person.versions, client, nowMs)
  );
}

/** Returns where the traces of the way are. */
function learnWay(memory: Memory, activity: TrustedActivity): number {
  const { networks, clients, traces } = memory;
  const known = traces.learnAgain(activity);
  if (known >= 0) return known;
  const { actor, networks: from, client, lastMs, logins } = activity;
  const at = traces.placeFor(activity);
  const person = personOf(memory, actor);
  if (from !== undefined) {
    const place = placeOf(client);
    const node = networks.learn(person.networks[place], place, networkPath(from), lastMs, logins);
    traces.note(at, NETWORK, node);
  }
  if (client !== undefined) {
    traces.note(at, CLIENT, clients.learn(person.clients, 'any', clientPath(client), lastMs, logins));
  }
  return at;
}

/** `at`: where the traces of the way are. */
function learnVersion(memory: Memory, at: number, client: Client, { actor, lastMs }: TrustedActivity): void {
  const { steps, traces } = memory;
  const version = traces.answer(at, VERSION);
  if (version < 0) traces.note(at, VERSION, steps.learn(personOf(memory, actor).versions, client, lastMs));
  else steps.learnAgain(version, client, lastMs);
}

/** The score over an ordered stream. Memory: what actors and the company used and has not faded. */
export function createLoginRisk(): LoginRiskModel {
  const memory = createMemory();
  const { networks, pace, hours, traces, people } = memory;
  const stranger = createPerson();
  let nextPruneMs = -Infinity;

  return {
    score({ actor, timeMs, networks: from, client }) {
      traces.settle(actor);
      const person = people[actor] ?? stranger;
      const place = placeOf(client);
      const parts = {
        network: from ? networks.surprise(person.networks[place], place, networkPath(from), timeMs) : 0,
        client: clientPart(memory, person, client, timeMs),
        pace: from ? pace.surprise(actor, from.host, place, timeMs) : 0,
        hour: hours.surprise(actor, timeMs),
      };
      return { total: parts.network + parts.client + parts.pace + parts.hour, parts };
    },
    observe({ actor, networks: from, client, timeMs, trial }) {
      if (from !== undefined && !trial) pace.observe(actor, from.host, placeOf(client), timeMs);
    },
    learn(activity) {
      const { actor, client, firstMs, lastMs, logins } = activity;
      if (logins === 0) return;
      if (lastMs >= nextPruneMs) {
        nextPruneMs = lastMs + PRUNE_EVERY_MS;
        prune(memory, lastMs);
      }
      const at = learnWay(memory, activity);
      if (client !== undefined) learnVersion(memory, at, client, activity);
      hours.learn(actor, firstMs, logins);
    },
  };
}
