// Owns how the version of a client moved since the person last used it: updates are daily life, steps back are not.
import type { Client, ClientKind } from '../../text/user-agent.ts';
import { createPool, giveBack, takeRow } from '../flat.ts';
import { createDecayingCounts } from './decaying-counts.ts';
import type { Fading } from './fading.ts';

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

/** Where the last version that a person used is found, by client. */
export type Versions = Map<string, number>;

export interface ClientSteps {
  /** Log likelihood ratio, attacker to people, in nats; 0 where the person has no earlier version. */
  surprise(versions: Versions, client: Client, nowMs: number): number;
  /** Returns where the last version of the client is found, which holds until it is pruned. */
  learn(versions: Versions, client: Client, timeMs: number): number;
  /** The same for the last version found at `place`. */
  learnAgain(place: number, client: Client, timeMs: number): void;
  /** Forgets versions that nobody uses any more; true where there were some. */
  prune(versions: Versions, nowMs: number): boolean;
}

/** Of each client of each person: its last version, and when that was seen. */
const WIDTH = 2;

function stepFrom(last: number, { version }: Client): Step {
  if (version === last) return 'same';
  return version > last ? 'newer' : 'older';
}

/** Steps of versions, learned for each kind of client from the whole company. */
export function createClientSteps(fading: Fading): ClientSteps {
  const counts = createDecayingCounts(fading);
  const lasts = createPool(WIDTH);
  const versionAt = (place: number) => lasts.cells[WIDTH * place] ?? 0;

  function note(place: number, version: number, timeMs: number): void {
    lasts.cells[WIDTH * place] = version;
    lasts.cells[WIDTH * place + 1] = timeMs;
  }

  function learnAgain(place: number, client: Client, timeMs: number): void {
    const step = stepFrom(versionAt(place), client);
    counts.add(KEYS[client.kind][step], timeMs);
    // A second, older machine must not make every login of the newer one a step.
    if (step !== 'older') note(place, client.version, timeMs);
  }

  return {
    surprise(versions, client, nowMs) {
      const place = versions.get(client.name);
      if (place === undefined) return 0;
      const step = stepFrom(versionAt(place), client);
      const keys = KEYS[client.kind];
      const seen = counts.of(keys[step], nowMs) + FIRMNESS * PEOPLE[step];
      const all = STEPS.reduce((sum, other) => sum + counts.of(keys[other], nowMs), FIRMNESS);
      return Math.log((ATTACKER[step] * all) / seen);
    },
    learn(versions, client, timeMs) {
      let place = versions.get(client.name);
      if (place === undefined) {
        place = takeRow(lasts);
        versions.set(client.name, place);
        note(place, client.version, timeMs);
      } else learnAgain(place, client, timeMs);
      return place;
    },
    learnAgain,
    prune(versions, nowMs) {
      const before = versions.size;
      const oldestMs = nowMs - 3 * fading.halfLifeMs;
      for (const [name, place] of versions) {
        if ((lasts.cells[WIDTH * place + 1] ?? 0) >= oldestMs) continue;
        versions.delete(name);
        giveBack(lasts, place);
      }
      return versions.size < before;
    },
  };
}
