// Owns how the version of a client moved since the person last used it: updates are daily life, steps back are not.
import type { Client, ClientKind } from '../../text/user-agent.ts';
import { createDecayingCounts } from './decaying-counts.ts';

const DAY_MS = 86_400_000;
const STEPS = ['same', 'newer', 'older'] as const;
type Step = (typeof STEPS)[number];

/** What an attacker's client would look like beside the person's own: no tie to its last version. */
const ATTACKER: Readonly<Record<Step, number>> = { same: 0.4, newer: 0.3, older: 0.3 };
/** What is believed of people before any were seen, and how firmly (in logins). */
const PEOPLE: Readonly<Record<Step, number>> = { same: 0.6, newer: 0.35, older: 0.05 };
const FIRMNESS = 5;
const keysOf = (kind: ClientKind): Readonly<Record<Step, string>> => ({
  same: `${kind}|same`,
  newer: `${kind}|newer`,
  older: `${kind}|older`,
});
/** Written out once: a login must not make texts. */
const KEYS: Readonly<Record<ClientKind, Readonly<Record<Step, string>>>> = {
  app: keysOf('app'),
  browser: keysOf('browser'),
  script: keysOf('script'),
  other: keysOf('other'),
};

export interface LastVersion {
  version: number;
  timeMs: number;
}

/** The last version that a person used, by client. */
export type Versions = Map<string, LastVersion>;

export interface ClientSteps {
  /** Log likelihood ratio, attacker to people, in nats; 0 where the person has no earlier version. */
  surprise(versions: Versions, client: Client, nowMs: number): number;
  /** `known`: the last version of the client, where that is at hand. Returns it. */
  learn(versions: Versions, client: Client, timeMs: number, known: LastVersion | undefined): LastVersion;
  prune(versions: Versions, nowMs: number): void;
}

function stepFrom(last: LastVersion | undefined, { version }: Client): Step | undefined {
  if (last === undefined) return undefined;
  if (version === last.version) return 'same';
  return version > last.version ? 'newer' : 'older';
}

/** Steps of versions, learned for each kind of client from the whole company. */
export function createClientSteps(halfLifeDays: number): ClientSteps {
  const counts = createDecayingCounts(halfLifeDays * DAY_MS);

  return {
    surprise(versions, client, nowMs) {
      const step = stepFrom(versions.get(client.name), client);
      if (step === undefined) return 0;
      const keys = KEYS[client.kind];
      const seen = counts.of(keys[step], nowMs) + FIRMNESS * PEOPLE[step];
      const all = STEPS.reduce((sum, other) => sum + counts.of(keys[other], nowMs), FIRMNESS);
      return Math.log((ATTACKER[step] * all) / seen);
    },
    learn(versions, client, timeMs, known) {
      const last = known ?? versions.get(client.name);
      const step = stepFrom(last, client);
      if (step !== undefined) counts.add(KEYS[client.kind][step], timeMs);
      if (last === undefined) {
        const first = { version: client.version, timeMs };
        versions.set(client.name, first);
        return first;
      }
      // A second, older machine must not make every login of the newer one a step.
      if (step !== 'older') {
        last.version = client.version;
        last.timeMs = timeMs;
      }
      return last;
    },
    prune(versions, nowMs) {
      const oldestMs = nowMs - 3 * halfLifeDays * DAY_MS;
      for (const [name, { timeMs }] of versions) if (timeMs < oldestMs) versions.delete(name);
    },
  };
}
