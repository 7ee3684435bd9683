// Owns what everybody who writes events shares: the company, its calendar, the recorder, and numbers for new things.
import type { Random } from '../random.ts';
import type { Calendar } from './calendar.ts';
import { HOSTILE_CHAT_NAMES, HOSTILE_TAG_NAMES } from './hostile.ts';
import type { Bot, Chat, Organisation } from './organisation.ts';
import type { Slot } from './kit.ts';
import type { Person } from './person.ts';
import { DATA_CENTRE } from './places.ts';
import type { Recorder, Source } from './recorder.ts';
import type { Place, Whereabouts, WorldEvents } from './whereabouts.ts';

export interface Rates {
  /** Logins of one person on a workday. */
  logins: number;
  /** Messages, reactions and the like of one person on a workday. */
  activity: number;
}

export interface Scene {
  random: Random;
  calendar: Calendar;
  organisation: Organisation;
  recorder: Recorder;
  whereabouts: Whereabouts;
  world: WorldEvents;
  rates: Rates;
  /** Who has a part in a story: nothing else happens to them. */
  cast: Set<number>;
  /** Those of the cast who exist for one story only. */
  extras: Set<number>;
  /** Done at the beginning of a day, before people live it. */
  onDay(day: number, change: () => void): void;
  /** Every day once, in order. */
  begin(day: number): void;
  chatsOf(person: Person): readonly Chat[];
  /** Ids grow with time, as the real ones do. */
  messageId(atMs: number): number;
  newId(
    kind: 'chat' | 'tag' | 'thread' | 'reaction' | 'token' | 'room' | 'bot' | 'chat_name' | 'tag_name' | 'user',
  ): number;
}

const FIRST_IDS = {
  chat: 24_000,
  tag: 700,
  thread: 400_000,
  reaction: 8_000_000,
  token: 31_000,
  room: 66_000,
  bot: 9901,
  chat_name: 0,
  tag_name: 0,
  user: 0,
} as const;

export function createScene(
  parts: Omit<Scene, 'cast' | 'extras' | 'onDay' | 'begin' | 'chatsOf' | 'messageId' | 'newId'>,
): Scene {
  const { organisation, calendar } = parts;
  const counters = new Map<string, number>();
  const firstUser = Math.max(...organisation.people.map((person) => person.user.id)) + 1;
  // Whoever came later: the general chat, and whatever is open.
  const general = organisation.chats.slice(0, 1).concat(organisation.chats.filter((chat) => chat.open).slice(1, 4));
  const chats = new Map<number, Chat[]>();
  for (const chat of organisation.chats) {
    for (const id of chat.memberIds) chats.set(id, [...(chats.get(id) ?? []), chat]);
  }
  const changes = new Map<number, (() => void)[]>();
  return {
    ...parts,
    cast: new Set(),
    extras: new Set(),
    onDay: (day, change) => void changes.set(day, [...(changes.get(day) ?? []), change]),
    begin(day) {
      for (const change of changes.get(day) ?? []) change();
    },
    chatsOf: (person) => chats.get(person.user.id) ?? general,
    messageId: (atMs) => 200_000_000 + Math.floor((atMs - calendar.startMs) / 100),
    newId(kind) {
      const next = counters.get(kind) ?? (kind === 'user' ? firstUser : FIRST_IDS[kind]);
      counters.set(kind, next + 1);
      return next;
    },
  };
}

/** Every so often, and each of them in turn, somebody picks a hostile name; otherwise `name` is taken. */
export function chosenName(scene: Scene, of: 'chat_name' | 'tag_name', name: string): string {
  const hostile = of === 'chat_name' ? HOSTILE_CHAT_NAMES : HOSTILE_TAG_NAMES;
  const turn = scene.newId(of);
  return turn % 6 === 3 ? (hostile[Math.floor(turn / 6) % hostile.length] ?? name) : name;
}

export const botSource = (bot: Bot): Source => ({ ip: `${DATA_CENTRE}.${bot.host}`, agent: bot.agent });

/** What the server does by itself has neither address nor client. */
export const SERVER: Source = { ip: null, agent: null };

export function sourceOf(scene: Scene, person: Person, slot: Slot, day: number, place: Place): Source {
  return scene.whereabouts.from(person, slot, day, place);
}

/** Pushes, with 2FA where the person has it; failures come first. `at` is the moment of the login itself. */
export function logIn(scene: Scene, person: Person, from: Source, atMs: number, failures = 0): void {
  const actor = person.user.id;
  for (let left = failures; left > 0; left -= 1) {
    scene.recorder.record({
      key: 'user_2fa_fail',
      actor,
      atMs: atMs - 9000 - left * person.random.int(9000, 26_000),
      from,
    });
  }
  if (person.twoFactor) {
    scene.recorder.record({ key: 'user_2fa_success', actor, atMs: atMs - person.random.int(300, 2500), from });
  }
  scene.recorder.record({ key: 'user_login', actor, atMs, from });
}
