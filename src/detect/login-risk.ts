// Owns the login risk score: how much better an attacker explains a login than the person does, in nats, part by part.
import type { SeenEvent, TrustedActivity } from './detector.ts';
import type { Networks } from '../text/networks.ts';
import type { Client, ClientKind } from '../text/user-agent.ts';
import { createClientSteps } from './risk/client-steps.ts';
import { createHierarchy, type LevelParams } from './risk/hierarchy.ts';
import { createHours } from './risk/hours.ts';
import { createPace } from './risk/pace.ts';

const DAY_MS = 86_400_000;
/** Pruning walks through everything; what it drops weighs next to nothing. */
const PRUNE_EVERY_MS = 10 * DAY_MS;
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
  score(actorId: string, seen: SeenEvent): LoginRisk;
  /** Every login, trusted or not, after it was scored. */
  observe(actorId: string, seen: SeenEvent): void;
  /** Logins that left quarantine. */
  learn(activity: TrustedActivity): void;
}

/** Phones roam between providers and desks do not, so they are not held to one measure. */
function placeOf(client: Client | undefined): string {
  return client?.os === 'iOS' || client?.os === 'Android' ? 'phone' : 'desk';
}

function networkPath({ net, pool, site, host }: Networks): readonly string[] {
  return [net, pool, site, host];
}

/** A level's value must not be another's: an unknown program is all three. */
function clientPath({ os, name, model }: Client): readonly string[] {
  return [os, name === os ? `${name} *` : name, model === name ? `${model} **` : model];
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
  let nextPruneMs = -Infinity;

  function prune(nowMs: number): void {
    if (nowMs < nextPruneMs) return;
    nextPruneMs = nowMs + PRUNE_EVERY_MS;
    for (const part of [networks, clients, steps, pace, hours]) part.prune(nowMs);
  }

  function clientPart(actorId: string, client: Client | undefined, nowMs: number): number {
    if (client === undefined) return 0;
    return (
      clients.surprise(actorId, 'any', clientPath(client), nowMs) +
      Math.log(ATTACKER_KINDS[client.kind] * 3) +
      steps.surprise(actorId, client, nowMs)
    );
  }

  return {
    score(actorId, seen) {
      const { timeMs } = seen;
      const place = placeOf(seen.client);
      const parts = {
        network: seen.networks ? networks.surprise(actorId, place, networkPath(seen.networks), timeMs) : 0,
        client: clientPart(actorId, seen.client, timeMs),
        pace: seen.networks === undefined ? 0 : pace.surprise(actorId, seen.networks.host, timeMs),
        hour: hours.surprise(actorId, timeMs),
      };
      return { total: parts.network + parts.client + parts.pace + parts.hour, parts };
    },
    observe(actorId, seen) {
      if (seen.networks !== undefined && !seen.trial) pace.observe(actorId, seen.networks.host, seen.timeMs);
    },
    learn({ actorId, networks: from, client, firstMs, lastMs, logins }) {
      if (logins === 0) return;
      prune(lastMs);
      if (from !== undefined) networks.learn(actorId, placeOf(client), networkPath(from), lastMs, logins);
      if (client !== undefined) {
        clients.learn(actorId, 'any', clientPath(client), lastMs, logins);
        steps.learn(actorId, client, lastMs);
      }
      hours.learn(actorId, firstMs, logins);
    },
  };
}
