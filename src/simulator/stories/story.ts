// Owns how stories are told: who plays, from where, and what is kept as the truth about them.
import type { Draft, Source } from '../company/recorder.ts';
import { hostIn, type Person } from '../company/person.ts';
import { HOSTING_PREFIXES, SAME_COUNTRY_PREFIXES, STRANGER_PREFIXES } from '../company/places.ts';
import { SCRIPT_AGENTS, STRANGER_AGENTS } from '../company/agents.ts';
import { type Scene, sourceOf } from '../company/scene.ts';
import type { Severity, SimEvent } from '../model.ts';
import type { Random } from '../random.ts';

/** What happened, once it has: the events of the story itself, in any order. */
export interface Told {
  events: SimEvent[];
  summary: string;
  severity?: Severity;
}

/** Stage of one story: a stream of chance of its own, and the company. */
export interface Stage {
  scene: Scene;
  random: Random;
  /** Day of the story; may be any day of the calendar. */
  day: number;
  /** Somebody with a long history and no part in another story. Insiders only, unless `fits` says otherwise. */
  cast(fits?: (person: Person) => boolean): Person;
  /** Writes one event. */
  readonly record: (draft: Draft) => SimEvent;
  /** Where `person` usually is at work on the day of the story, with the usual computer. */
  usual(person: Person): Source;
  /** A rented server, or a stranger's line abroad or at home; a new one each time. */
  attacker(where: 'hosting' | 'abroad' | 'same_country', client: 'browser' | 'script'): Source;
}

/** Prepares people before the days are lived; what it answers is called when they have been. */
export type Plan = (stage: Stage) => () => Told;

const longHistory = (person: Person): boolean =>
  !person.user.suspended &&
  !person.nightShift &&
  person.trips.length === 0 &&
  !person.user.role.endsWith('guest') &&
  person.employed.to === Number.POSITIVE_INFINITY &&
  person.user.role === 'user';

export function createStage(scene: Scene, random: Random, day: number): Stage {
  return {
    scene,
    random,
    day,
    cast(fits = () => true) {
      const candidates = scene.organisation.people.slice(9).filter((person) => longHistory(person) && fits(person));
      const free = candidates.filter((person) => !scene.cast.has(person.user.id));
      // A small company runs out of people: then somebody is struck twice.
      const person = random.pick(free.length > 0 ? free : candidates);
      scene.cast.add(person.user.id);
      return person;
    },
    record: (draft) => scene.recorder.record(draft),
    usual: (person) => sourceOf(scene, person, 'work', day, scene.whereabouts.place(person, day)),
    attacker(where, client) {
      const prefixes = { hosting: HOSTING_PREFIXES, abroad: STRANGER_PREFIXES, same_country: SAME_COUNTRY_PREFIXES };
      const agent = random.pick(client === 'script' ? SCRIPT_AGENTS : STRANGER_AGENTS);
      return { ip: hostIn(random.pick(prefixes[where]), random), agent };
    },
  };
}

/** Full name and nickname, as a person would write them in a report. */
export const named = ({ user }: Person): string => `${user.first_name} ${user.last_name} (@${user.nickname})`;

/** `count` moments from `startMs` on, with pauses of between `minMs` and `maxMs`. */
export function moments(random: Random, startMs: number, count: number, minMs: number, maxMs: number): number[] {
  let at = startMs;
  return Array.from({ length: count }, (_, index) => {
    if (index > 0) at += random.int(minMs, maxMs);
    return Math.round(at);
  });
}
