// Owns how stories are told: who plays, from where, and what is kept as the truth about them.
import type { Draft, Source } from '../company/recorder.ts';
import { DEPARTMENTS } from '../company/names.ts';
import { createUser } from '../company/organisation.ts';
import { createPerson, hostIn, type Person } from '../company/person.ts';
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
  /** As many as `count` different ones; fewer where the company is small. */
  castMany(count: number, fits?: (person: Person) => boolean): Person[];
  /** A colleague more, with a history like everybody's, who is in this story only. For those who are removed or silent. */
  extra(): Person;
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

type Fits = (person: Person) => boolean;

/** Who may be struck: first those who have not been. */
function candidates(scene: Scene, fits: Fits): { all: Person[]; free: Person[] } {
  const extras = scene.extras;
  const all = scene.organisation.people
    .slice(9)
    .filter((person) => longHistory(person) && fits(person) && !extras.has(person.user.id));
  return { all, free: all.filter((person) => !scene.cast.has(person.user.id)) };
}

function castMany(scene: Scene, random: Random, count: number, fits: Fits): Person[] {
  const { all, free } = candidates(scene, fits);
  // A small company runs out of people: then somebody is struck twice.
  const people = free.length >= count ? random.sample(free, count) : random.sample(all, count);
  for (const person of people) scene.cast.add(person.user.id);
  return people;
}

function extra(scene: Scene, random: Random): Person {
  const id = scene.newId('user');
  const createdMs = scene.calendar.startMs - random.int(30, 700) * 86_400_000;
  const user = createUser(random, { id, role: 'user', department: random.pick(DEPARTMENTS), createdMs });
  const person = createPerson(user, random.fork(`extra ${id}`), {
    days: scene.calendar.days,
    travel: 'none',
    twoFactorShare: 0.7,
  });
  person.away = [];
  scene.organisation.people.push(person);
  scene.cast.add(id);
  scene.extras.add(id);
  return person;
}

export function createStage(scene: Scene, random: Random, day: number): Stage {
  return {
    scene,
    random,
    day,
    cast(fits = () => true) {
      const [person] = castMany(scene, random, 1, fits);
      if (person === undefined) throw new RangeError('nobody fits the part');
      return person;
    },
    castMany: (count, fits = () => true) => castMany(scene, random, count, fits),
    extra: () => extra(scene, random),
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
