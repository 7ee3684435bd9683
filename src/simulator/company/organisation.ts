// Owns who is in the company and what they have in common: people, bots, chats, tags, tokens.
import type { SimRole, SimUser } from '../model.ts';
import type { Random } from '../random.ts';
import type { Calendar } from './calendar.ts';
import {
  BOTS,
  DEPARTMENTS,
  FEMALE_NAMES,
  femaleSurname,
  latin,
  MALE_NAMES,
  PROJECTS,
  SURNAMES,
  TAGS,
} from './names.ts';
import { createPerson, type Person, type TravelLevel } from './person.ts';

export interface Chat {
  id: number;
  name: string;
  open: boolean;
  /** Messages are kept under the company's own keys: every writing and reading is an event. */
  encrypted: boolean;
  memberIds: number[];
}

export interface Tag {
  id: number;
  name: string;
}

export interface Bot {
  user: SimUser;
  agent: string;
  /** Address inside the data centre, last two numbers. */
  host: string;
  perDay: number;
}

export interface Organisation {
  people: Person[];
  owner: Person;
  /** Administrators without the owner; the first does personnel, the second integrations. */
  admins: Person[];
  bots: Bot[];
  chats: Chat[];
  tags: Tag[];
}

export interface OrganisationOptions {
  people: number;
  travel: TravelLevel;
  twoFactorShare: number;
}

const FIRST_ID = 1000;
const FIRST_BOT_ID = 9001;
const ADMINS = 4;

export interface NewUser {
  id: number;
  role: SimRole;
  department: { name: string; titles: readonly string[] };
  createdMs: number;
  /** Instead of a drawn one. */
  name?: { first: string; last: string };
}

export function createUser(random: Random, { id, role, department, createdMs, name }: NewUser): SimUser {
  const woman = random.chance(0.48);
  const surname = random.pick(SURNAMES);
  const first = name?.first ?? random.pick(woman ? FEMALE_NAMES : MALE_NAMES);
  const last = name?.last ?? (woman ? femaleSurname(surname) : surname);
  const handle = `${latin(first).slice(0, 1)}.${latin(last)}${random.chance(0.35) ? random.int(2, 99) : ''}`;
  const guest = role === 'guest' || role === 'multi_guest';
  return {
    id,
    first_name: first,
    last_name: last,
    nickname: handle.replace('.', '_'),
    email: guest ? `${handle}@partner.example` : `${handle}@lastochka.example`,
    phone_number: `+79${String(random.int(0, 999_999_999)).padStart(9, '0')}`,
    department: guest ? 'Партнёры' : department.name,
    title: guest ? 'Подрядчик' : random.pick(department.titles),
    role,
    suspended: false,
    invite_status: 'confirmed',
    list_tags: random.sample(TAGS, random.int(0, 2)),
    bot: false,
    sso: random.chance(0.3),
    created_at: new Date(createdMs).toISOString(),
    last_activity_at: new Date(createdMs).toISOString(),
    time_zone: 'Europe/Moscow',
  };
}

function roleOf(index: number, random: Random): SimRole {
  if (index === 0) return 'owner';
  if (index <= ADMINS) return 'admin';
  // Even a small company has a guest of each sort.
  if (index === 9) return 'guest';
  if (index === 10) return 'multi_guest';
  return random.weighted([
    ['user', 93],
    ['guest', 5],
    ['multi_guest', 2],
  ] as const);
}

function createPeople(random: Random, calendar: Calendar, options: OrganisationOptions): Person[] {
  const weighted = DEPARTMENTS.map((department) => [department, department.weight] as const);
  const personOptions = { days: calendar.days, travel: options.travel, twoFactorShare: options.twoFactorShare };
  return Array.from({ length: options.people }, (_, index) => {
    const own = random.fork(`person ${index}`);
    const department = index <= ADMINS ? DEPARTMENTS[8] : own.weighted(weighted);
    const createdMs = calendar.startMs - own.int(10, 900) * 86_400_000;
    const namesake = index === 7 || index === 8;
    const user = createUser(own, {
      id: FIRST_ID + index,
      role: roleOf(index, own),
      department,
      createdMs,
      ...(namesake && { name: { first: 'Иван', last: 'Петров' } }),
    });
    const person = createPerson(user, own, personOptions);
    user.time_zone = person.offsetHours === 5 ? 'Asia/Yekaterinburg' : 'Europe/Moscow';
    return person;
  });
}

/** Some have left before the data set begins, and some leave while it runs. */
function suspendSome(people: readonly Person[], random: Random, calendar: Calendar): void {
  for (const person of random.sample(people.slice(ADMINS + 6), Math.ceil(people.length * 0.03))) {
    person.user.suspended = true;
    person.employed = { from: Number.NEGATIVE_INFINITY, to: random.int(-30, calendar.days - 20) };
  }
}

function putOnNightShift(people: readonly Person[], random: Random): void {
  const support = people.filter((person) => ['Поддержка', 'ИТ'].includes(person.user.department)).slice(1);
  const pool = support.length > 1 ? support : people;
  for (const person of random.sample(pool, Math.max(2, Math.round(people.length * 0.02)))) {
    person.nightShift = true;
    person.beginHour = 21.5 + random.between(-0.3, 0.6);
    person.trips = [];
  }
}

function createBots(calendar: Calendar): Bot[] {
  return BOTS.map(({ name, nickname, agent, host, perDay }, index) => ({
    user: {
      id: FIRST_BOT_ID + index,
      first_name: name,
      last_name: '',
      nickname,
      email: '',
      phone_number: '',
      department: '',
      title: 'Бот',
      role: 'user',
      suspended: false,
      invite_status: 'confirmed',
      list_tags: [],
      bot: true,
      sso: false,
      created_at: new Date(calendar.startMs - 300 * 86_400_000).toISOString(),
      last_activity_at: new Date(calendar.endMs).toISOString(),
      time_zone: 'Europe/Moscow',
    },
    agent,
    host,
    perDay,
  }));
}

function createChats(people: readonly Person[], random: Random): Chat[] {
  const chat = (id: number, name: string, members: readonly Person[], open: boolean, encrypted: boolean): Chat => ({
    id,
    name,
    open,
    encrypted,
    memberIds: members.map((person) => person.user.id),
  });
  const insiders = people.filter((person) => !person.user.role.endsWith('guest'));
  const departments = DEPARTMENTS.map(({ name }, index) => {
    const members = people.filter((person) => person.user.department === name);
    return chat(20_001 + index, name, members, false, ['Финансы', 'Юристы'].includes(name));
  });
  const projects = Array.from({ length: Math.max(12, Math.round(people.length / 4)) }, (_, index) => {
    const name = `${PROJECTS[index % PROJECTS.length] ?? 'Проект'}${index < PROJECTS.length ? '' : ` ${Math.floor(index / PROJECTS.length) + 1}`}`;
    const members = random.sample(people, random.int(4, Math.min(30, people.length)));
    return chat(20_101 + index, name, members, random.chance(0.5), false);
  });
  return [
    chat(20_000, 'Общий', people, true, false),
    ...departments,
    chat(20_050, 'Совет директоров', random.sample(insiders, 9), false, true),
    chat(20_051, 'Безопасность', insiders.slice(0, ADMINS + 1), false, true),
    ...projects,
  ];
}

export function createOrganisation(random: Random, calendar: Calendar, options: OrganisationOptions): Organisation {
  const people = createPeople(random.fork('people'), calendar, options);
  const [owner, ...others] = people;
  if (owner === undefined || people.length < 40) throw new RangeError('a company has at least 40 people');
  suspendSome(people, random.fork('suspended'), calendar);
  putOnNightShift(people.slice(ADMINS + 6), random.fork('night'));
  return {
    people,
    owner,
    admins: others.slice(0, ADMINS),
    bots: createBots(calendar),
    chats: createChats(people, random.fork('chats')),
    tags: TAGS.map((name, index) => ({ id: 600 + index, name })),
  };
}
