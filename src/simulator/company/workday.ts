// Owns the ordinary day of one person: when they log in, from where, and what they do until they stop.
import { act, type Moment, readEncrypted } from './activity.ts';
import { HOUR_MS } from './calendar.ts';
import type { Device } from './agents.ts';
import type { Person } from './person.ts';
import { logIn, type Scene, sourceOf } from './scene.ts';
import type { Place } from './whereabouts.ts';

const WEEKEND_SHARE = 0.07;
/** How many mistype their code before they get it right. */
const TYPO_CHANCE = 0.045;

function isWorking(scene: Scene, person: Person, day: number): boolean {
  if (day < person.employed.from || day > person.employed.to) return false;
  if (person.away.some(({ from, to }) => day >= from && day <= to)) return false;
  if (person.nightShift) return Math.floor((day + person.user.id) / 2) % 2 === 0;
  return !scene.calendar.isWeekend(day) || person.random.chance(WEEKEND_SHARE);
}

const isGuest = (person: Person): boolean => person.user.role.endsWith('guest');
const typos = ({ random, twoFactor }: Person): number =>
  twoFactor && random.chance(TYPO_CHANCE) ? random.int(1, 2) : 0;

function logins(scene: Scene, person: Person, day: number, place: Place, beginMs: number): void {
  const { random } = person;
  const at = (device: Device, where: Place, atMs: number): void =>
    logIn(scene, person, sourceOf(scene, person, device, day, where), atMs, typos(person));
  const rate = scene.rates.logins;
  if (random.chance(rate * 0.72)) at(person.work, place, beginMs + random.int(0, 900_000));
  if (random.chance(rate * 0.14)) at(person.work, place, beginMs + random.between(1, 7) * HOUR_MS);
  if (random.chance(rate * 0.16)) at(person.phone, place, beginMs + random.between(-1.5, 12) * HOUR_MS);
  if (person.homeDevice !== undefined && random.chance(rate * 0.22)) {
    at(person.homeDevice, place === 'trip' ? 'trip' : 'home', beginMs + random.between(9.5, 13) * HOUR_MS);
  }
}

/** When things are done: mostly at work with the work computer, a little in the evening with what is at hand. */
function moments(scene: Scene, person: Person, day: number, place: Place, beginMs: number): Omit<Moment, 'written'>[] {
  const { random } = person;
  const share = isGuest(person) ? 0.35 : 1;
  return Array.from({ length: random.poisson(scene.rates.activity * share) }, () => {
    const evening = random.chance(0.1);
    const atMs = Math.round(beginMs + (evening ? random.between(9, 13) : random.between(0.1, 8.7)) * HOUR_MS);
    const device = evening || random.chance(0.24) ? person.phone : person.work;
    const where = evening ? (place === 'trip' ? 'trip' : random.chance(0.6) ? 'home' : 'outside') : place;
    return { scene, person, atMs, from: sourceOf(scene, person, device, day, where) };
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
    const from = sourceOf(scene, person, person.work, day, place);
    const atMs = Math.round(beginMs + random.between(8.4, 9.5) * HOUR_MS);
    scene.recorder.record({ key: 'user_logout', actor: person.user.id, atMs, from });
  }
}
