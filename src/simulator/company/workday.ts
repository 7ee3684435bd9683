// Owns the ordinary day of one person: when they log in, from where, and what they do until they stop.
import { act, type Moment, readEncrypted } from './activity.ts';
import { HOUR_MS } from './calendar.ts';
import { agentOn } from './agents.ts';
import { borrowed, isNewOn, type Slot } from './kit.ts';
import type { Person } from './person.ts';
import { isPresent } from './personnel.ts';
import { logIn, type Scene, sourceOf } from './scene.ts';
import type { Random } from '../random.ts';
import type { Place } from './whereabouts.ts';

const WEEKEND_SHARE = 0.07;
/** How many mistype their code before they get it right. */
const TYPO_CHANCE = 0.045;
/** How often a login comes from a borrowed computer or another browser. */
const BORROWS = {
  office: 0.003,
  home: 0.003,
  outside: 0,
  cafe: 0.01,
  visit: 0.04,
  trip: 0.03,
} as const satisfies Record<Place, number>;

function isWorking(scene: Scene, person: Person, day: number): boolean {
  if (!isPresent(person, day)) return false;
  if (person.nightShift) return Math.floor((day + person.user.id) / 2) % 2 === 0;
  return !scene.calendar.isWeekend(day) || person.random.chance(WEEKEND_SHARE);
}

const isGuest = (person: Person): boolean => person.user.role.endsWith('guest');
const typos = ({ random, twoFactor }: Person): number =>
  twoFactor && random.chance(TYPO_CHANCE) ? random.int(1, 2) : 0;

interface Login {
  slot: Slot;
  place: Place;
  /** How often it happens on a day; a new device is always logged in. */
  rate: number;
  /** After the beginning of work. */
  hours: readonly [number, number];
}

function logins(scene: Scene, person: Person, day: number, place: Place, beginMs: number): void {
  const { random, kit } = person;
  const rate = scene.rates.logins;
  const evening = place === 'trip' ? 'trip' : 'home';
  const usual: Login[] = [
    { slot: 'work', place, rate: rate * 0.68, hours: [0, 0.25] },
    { slot: 'work', place, rate: rate * 0.14, hours: [1, 7] },
    { slot: 'phone', place: random.chance(0.3) ? 'outside' : place, rate: rate * 0.24, hours: [-1.5, 12] },
    { slot: 'home', place: evening, rate: kit.home.length > 0 ? rate * 0.24 : 0, hours: [9.5, 13] },
  ];
  for (const [index, login] of usual.entries()) {
    const isFirst = index !== 1 && isNewOn(kit, login.slot, day);
    const times = isFirst ? Math.max(1, Math.floor(login.rate)) : timesOf(login.rate, random);
    for (let time = 0; time < times; time += 1) {
      const from = sourceOf(scene, person, login.slot, day, login.place);
      const isBorrowed = person.borrows && random.chance(BORROWS[login.place]);
      const agent = isBorrowed ? agentOn(borrowed(random), day, scene.world) : from.agent;
      logIn(scene, person, { ...from, agent }, beginMs + random.between(...login.hours) * HOUR_MS, typos(person));
    }
  }
}

function timesOf(rate: number, random: Random): number {
  const sure = Math.floor(rate);
  return sure + (random.chance(rate - sure) ? 1 : 0);
}

/** When things are done: mostly at work with the work computer, a little in the evening with what is at hand. */
function moments(scene: Scene, person: Person, day: number, place: Place, beginMs: number): Omit<Moment, 'written'>[] {
  const { random } = person;
  const share = isGuest(person) ? 0.35 : 1;
  return Array.from({ length: random.poisson(scene.rates.activity * share) }, () => {
    const evening = random.chance(0.1);
    const atMs = Math.round(beginMs + (evening ? random.between(9, 13) : random.between(0.1, 8.7)) * HOUR_MS);
    const slot = evening || random.chance(0.24) ? 'phone' : 'work';
    const where = evening ? (place === 'trip' ? 'trip' : random.chance(0.6) ? 'home' : 'outside') : place;
    return { scene, person, day, atMs, from: sourceOf(scene, person, slot, day, where) };
  }).sort((a, b) => a.atMs - b.atMs);
}

/** Everything that `person` does on `day`. Times may lie after the end of the data set; they are cut later. */
export function livePersonDay(scene: Scene, person: Person, day: number): void {
  if (!isWorking(scene, person, day)) return;
  const { random } = person;
  const place = scene.whereabouts.place(person, day);
  const beginMs = Math.round(scene.calendar.at(day, person.beginHour + random.gauss(0, 0.35), person.offsetHours));
  logins(scene, person, day, place, beginMs);
  const written: number[] = [];
  const doings = moments(scene, person, day, place, beginMs);
  for (const doing of doings) act({ ...doing, written });
  const [first] = doings;
  if (first !== undefined) {
    for (let left = random.poisson(1.3); left > 0; left -= 1) {
      readEncrypted({ ...first, atMs: Math.round(beginMs + random.between(0, 8) * HOUR_MS) });
    }
  }
  if (random.chance(0.09)) {
    const from = sourceOf(scene, person, 'work', day, place);
    const atMs = Math.round(beginMs + random.between(8.4, 9.5) * HOUR_MS);
    scene.recorder.record({ key: 'user_logout', actor: person.user.id, atMs, from });
  }
}
