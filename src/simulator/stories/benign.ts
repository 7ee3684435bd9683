// Owns what looks odd and is not: nothing above low may be said about these.
import { deviceOn } from '../company/kit.ts';
import type { Person } from '../company/person.ts';
import { type Calendar, HOUR_MS } from '../company/calendar.ts';
import { COLLECTOR_AGENT } from '../company/bots.ts';
import { dismiss, hire, isPresent } from '../company/personnel.ts';
import { COMPANY_VPN, TRIP_PREFIXES } from '../company/places.ts';
import { logIn, type Scene, sourceOf } from '../company/scene.ts';
import type { WorldEvents } from '../company/whereabouts.ts';
import type { SimEvent } from '../model.ts';
import { createStage, named, type Told } from './story.ts';

interface Benign {
  name: string;
  plan: (scene: Scene) => () => Told;
}

/** Days before the end. The last two weeks hold most of the demo's incidents; these lie before and among them. */
const MOVE = 24;
const UPDATE = 17;
const GATHERING = 20;
const HIRES = 13;
const OFFBOARDING = 15;
const LAPTOP = 7;
const TRAVELS = 27;

export function worldOf(calendar: Calendar): WorldEvents {
  return {
    officeMoveDay: calendar.workday(calendar.days - MOVE),
    gatheringDay: calendar.workday(calendar.days - GATHERING),
    forcedDesktopDay: calendar.workday(calendar.days - UPDATE),
  };
}

/** Events that `collect` causes. */
function eventsOf(scene: Scene, collect: () => void): SimEvent[] {
  const before = scene.recorder.events.length;
  collect();
  return scene.recorder.events.slice(before);
}

const atWork = (scene: Scene, day: number, fits: (person: Person) => boolean): Person[] =>
  scene.organisation.people.filter(
    (person) =>
      !person.nightShift &&
      isPresent(person, day) &&
      !person.trips.some(({ from, to }) => day >= from && day <= to) &&
      fits(person),
  );

/** Everybody of `people` logs in with the work computer in the morning, some after a slip or two. */
function morningLogins(scene: Scene, people: readonly Person[], day: number, slips: number): SimEvent[] {
  return eventsOf(scene, () => {
    for (const person of people) {
      const atMs = scene.calendar.at(day, 8.9 + scene.random.between(0, 1.1));
      const failures = person.twoFactor && scene.random.chance(slips) ? scene.random.int(1, 2) : 0;
      logIn(scene, person, sourceOf(scene, person, 'work', day, 'office'), atMs, failures);
    }
  });
}

const officeMove: Benign['plan'] = (scene) => () => {
  const day = scene.calendar.workday(scene.calendar.days - MOVE);
  const people = atWork(scene, day, (person) => person.office?.city === 'Москва');
  const events = morningLogins(scene, people, day, 0.03);
  return { events, summary: `the Moscow office moves: ${people.length} people log in from a new address` };
};

const appUpdate: Benign['plan'] = (scene) => () => {
  const day = scene.calendar.workday(scene.calendar.days - UPDATE);
  const people = atWork(
    scene,
    day,
    (person) => deviceOn(person.kit, 'work', day).product.startsWith('desktop') && person.office !== undefined,
  );
  const events = morningLogins(scene, people, day, 0.03);
  return {
    events,
    summary: `a new desktop version: ${people.length} people log in again with a client never seen before`,
  };
};

const sharedAddress: Benign['plan'] = (scene) => () => {
  const day = scene.calendar.workday(scene.calendar.days - GATHERING);
  const people = atWork(scene, day, () => true).slice(0, 300);
  const events = morningLogins(scene, people, day, 0.035);
  return { events, summary: `${people.length} people behind one address within the hour, some mistype their code` };
};

const salesman: Benign['plan'] = (scene) => {
  const firstDay = scene.calendar.days - TRAVELS;
  /** The usual laptop and phone are those of a month before, too. */
  const isUsual = ({ fromDay }: { fromDay: number }) => fromDay < firstDay - 30;
  const person = createStage(scene, scene.random.fork('salesman'), 0).cast(
    ({ kit }) => kit.home.length === 0 && kit.work.every(isUsual) && kit.phone.every(isUsual),
  );
  person.user.department = 'Продажи';
  person.away = [];
  person.borrows = false;
  const stops = TRIP_PREFIXES.slice(0, 9).map((prefix, index) => {
    const from = firstDay + index * 3;
    return { from, to: from + 1, prefix };
  });
  person.trips = stops;
  return () => {
    const events = eventsOf(scene, () => {
      for (const stop of stops) {
        const device = scene.random.chance(0.7) ? 'work' : 'phone';
        const atMs = scene.calendar.at(stop.from, scene.random.between(8, 21));
        logIn(scene, person, sourceOf(scene, person, device, stop.from, 'trip'), atMs);
      }
    });
    return {
      events,
      summary: `${named(person)} travels: ${stops.length} cities in four weeks, the usual laptop and phone`,
    };
  };
};

const newLaptop: Benign['plan'] = (scene) => {
  const day = scene.calendar.workday(scene.calendar.days - LAPTOP);
  const person = createStage(scene, scene.random.fork('laptop'), day).cast(
    ({ kit, office }) => deviceOn(kit, 'work', day).product.includes('windows') && office !== undefined,
  );
  person.kit.work.push({ fromDay: day, device: { product: 'desktop_mac', model: '', lagDays: 3 } });
  return () => {
    const from = sourceOf(scene, person, 'work', day, 'office');
    const events = eventsOf(scene, () => logIn(scene, person, from, scene.calendar.at(day, 11.3)));
    return { events, summary: `${named(person)} gets a Mac instead of a PC and logs in from the office` };
  };
};

const nightShift: Benign['plan'] = (scene) => () => {
  const ids = new Set(
    scene.organisation.people.filter((person) => person.nightShift).map(({ user }) => String(user.id)),
  );
  const from = new Date(scene.calendar.endMs - 30 * 24 * HOUR_MS).toISOString();
  const events = scene.recorder.events.filter(
    (event) => ids.has(event.actor_id) && event.created_at >= from && event.event_key.startsWith('user_'),
  );
  return { events, summary: `${ids.size} people work at night, every other night` };
};

const typos: Benign['plan'] = (scene) => () => {
  const events = [1, 2, 3, 5, 6, 8].flatMap((before, index) => {
    const day = scene.calendar.workday(scene.calendar.days - before);
    const candidates = atWork(
      scene,
      day,
      (person) => person.twoFactor && !scene.cast.has(person.user.id) && person.office !== undefined,
    );
    const person = scene.random.pick(candidates);
    const from = sourceOf(scene, person, 'work', day, 'office');
    return eventsOf(scene, () => logIn(scene, person, from, scene.calendar.at(day, 9.2 + index / 3), 1 + (index % 2)));
  });
  return { events, summary: 'one or two wrong codes, then a login with the usual computer from the usual place' };
};

const newHires: Benign['plan'] = (scene) => {
  const day = scene.calendar.workday(scene.calendar.days - HIRES);
  const events: SimEvent[] = [];
  scene.onDay(day, () => {
    for (let index = 0; index < 9; index += 1) events.push(...eventsOf(scene, () => hire(scene, day, 9.5 + index / 6)));
  });
  return () => ({ events, summary: 'nine people start on one day' });
};

/** Contracts that end together; somebody in personnel works through the list, one every three quarters of an hour. */
const offboarding: Benign['plan'] = (scene) => {
  const day = scene.calendar.workday(scene.calendar.days - OFFBOARDING);
  const stage = createStage(scene, scene.random.fork('offboarding'), day);
  const leavers = Array.from({ length: 9 }, () => stage.extra());
  const events: SimEvent[] = [];
  scene.onDay(day, () => {
    for (const [index, person] of leavers.entries()) {
      events.push(...eventsOf(scene, () => dismiss(scene, person, day, 10 + index * 0.8)));
    }
  });
  return () => ({ events, summary: `${leavers.length} contracts end on one day` });
};

/** Somebody's network at home fails: the company's VPN through the telephone, with the usual computer. */
const vpnDay: Benign['plan'] = (scene) => {
  const day = scene.calendar.workday(scene.calendar.days - 4);
  const person = createStage(scene, scene.random.fork('vpn'), day).cast();
  return () => {
    const from = { ...sourceOf(scene, person, 'work', day, 'home'), ip: COMPANY_VPN[0] };
    const events = eventsOf(scene, () => logIn(scene, person, from, scene.calendar.at(day, 14.1)));
    return { events, summary: `${named(person)} uses the company's VPN for the first time` };
  };
};

/** What a program does every day at the same hour, over the last week. */
const routine =
  (key: string, nickname: string | undefined, summary: string): Benign['plan'] =>
  (scene) =>
  () => {
    const bot = scene.organisation.bots.find(({ user }) => user.nickname === nickname);
    const actor = String(bot?.user.id ?? scene.organisation.owner.user.id);
    const from = new Date(scene.calendar.endMs - 7 * 24 * HOUR_MS).toISOString();
    const agent = bot?.agent ?? COLLECTOR_AGENT;
    const isRoutine = (event: SimEvent): boolean =>
      event.event_key === key && event.actor_id === actor && event.user_agent === agent && event.created_at >= from;
    return { events: scene.recorder.events.filter(isRoutine), summary };
  };

export const BENIGN: readonly Benign[] = [
  { name: 'office_move', plan: officeMove },
  { name: 'app_update', plan: appUpdate },
  { name: 'shared_address', plan: sharedAddress },
  { name: 'travelling_salesman', plan: salesman },
  { name: 'new_laptop', plan: newLaptop },
  { name: 'night_shift', plan: nightShift },
  { name: 'two_factor_typos', plan: typos },
  { name: 'new_hires', plan: newHires },
  { name: 'offboarding_day', plan: offboarding },
  { name: 'first_company_vpn', plan: vpnDay },
  {
    name: 'self_cleaning_bot',
    plan: routine('message_deleted', 'calendar_bot', 'the calendar takes its old reminders back'),
  },
  {
    name: 'directory_sync',
    plan: routine('search_users_api', 'hr_sync', 'the personnel system reads the directory at night'),
  },
  { name: 'log_collector', plan: routine('audit_events_accessed', undefined, 'a collector reads the log every hour') },
];
