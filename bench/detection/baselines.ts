// Owns the scores that ours must beat: Freeman's ratio, fixed points, and "new network and new client".
// They learn each login at once: a favour to them, since ours waits a day.
import type { Networks } from '../../src/text/networks.ts';
import type { Client } from '../../src/text/user-agent.ts';

export interface Login {
  readonly actorId: string;
  readonly networks: Networks | undefined;
  readonly client: Client | undefined;
}

export interface Rival {
  readonly name: string;
  score(login: Login): number;
  learn(login: Login): void;
}

type Features = readonly (readonly [value: string, weight: number])[];

/** Address levels stand in for IP, ASN and country; weights as published. */
function featuresOf({ networks, client }: Login): readonly [Features, Features] {
  return [
    [
      [networks?.host ?? '', 0.6],
      [networks?.site ?? '', 0.3],
      [networks?.net ?? '', 0.1],
    ],
    [
      [client?.full ?? '', 0.54],
      [client?.name ?? '', 0.27],
      [client?.os ?? '', 0.19],
      [client?.kind ?? '', 0.005],
    ],
  ];
}

function counter() {
  const counts = new Map<string, number>();
  return {
    of: (key: string) => counts.get(key) ?? 0,
    add: (key: string) => void counts.set(key, (counts.get(key) ?? 0) + 1),
  };
}

/** Freeman et al., NDSS 2016, equation 7 without per-member attack data. */
export function freeman(): Rival {
  const counts = counter();
  const actors = new Set<string>();
  return {
    name: 'Freeman ratio',
    score(login) {
      const all = counts.of('all');
      const own = counts.of(`u|${login.actorId}`);
      let ratio = Math.log(1 / Math.max(1, actors.size)) - Math.log((own + 1) / (all + actors.size + 1));
      for (const [index, features] of featuresOf(login).entries()) {
        const world = features.reduce((sum, [value, weight]) => {
          // One login's mass is kept for what nobody has shown yet.
          return sum + (weight * Math.max(1, counts.of(`${index}|${value}`))) / (all + 1);
        }, 0);
        const person = features.reduce((sum, [value, weight]) => {
          const seen = counts.of(`${index}|${value}|${login.actorId}`);
          return sum + (seen > 0 ? (weight * seen) / (own + 1) : 0);
        }, 0);
        ratio += Math.log(world) - Math.log(person > 0 ? person : world / 4);
      }
      return ratio;
    },
    learn(login) {
      actors.add(login.actorId);
      counts.add('all');
      counts.add(`u|${login.actorId}`);
      for (const [index, features] of featuresOf(login).entries()) {
        for (const [value] of features) {
          counts.add(`${index}|${value}`);
          counts.add(`${index}|${value}|${login.actorId}`);
        }
      }
    },
  };
}

/** Points for everything that is new for the person, as a SIEM rule would add them up. */
export function fixedPoints(): Rival {
  const seen = counter();
  const points = ({ networks, client }: Login): readonly (readonly [string | undefined, number])[] => [
    [networks?.host, 1],
    [networks?.site, 1],
    [networks?.net, 3],
    [client?.full, 1],
    [client?.name, 2],
    [client?.os, 3],
  ];
  return {
    name: 'fixed points',
    score: (login) =>
      points(login).reduce(
        (sum, [value, worth], index) =>
          value !== undefined && seen.of(`${login.actorId}|${index}|${value}`) === 0 ? sum + worth : sum,
        0,
      ),
    learn(login) {
      for (const [index, [value]] of points(login).entries()) seen.add(`${login.actorId}|${index}|${value ?? ''}`);
    },
  };
}

/** 1 where both the network and the client are new for the person, else 0. */
export function newNetworkAndNewClient(): Rival {
  const seen = counter();
  return {
    name: 'new net and client',
    score: ({ actorId, networks, client }) =>
      seen.of(`${actorId}|${networks?.net ?? ''}`) === 0 && seen.of(`${actorId}|${client?.name ?? ''}`) === 0 ? 1 : 0,
    learn({ actorId, networks, client }) {
      seen.add(`${actorId}|${networks?.net ?? ''}`);
      seen.add(`${actorId}|${client?.name ?? ''}`);
    },
  };
}
