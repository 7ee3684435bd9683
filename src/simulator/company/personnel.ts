// Owns the coming and going of people: accounts, tags, first chats, last days.
import { MINUTE_MS } from './calendar.ts';
import { DEPARTMENTS } from './names.ts';
import { createUser } from './organisation.ts';
import { createPerson, type Person } from './person.ts';
import type { Source } from './recorder.ts';
import { logIn, type Scene, sourceOf } from './scene.ts';

/** An administrator at the desk, some time on `day`. */
export function atDesk(scene: Scene, person: Person, day: number): Source {
  return sourceOf(scene, person, 'work', day, scene.whereabouts.place(person, day));
}

export function personnelAdmin(scene: Scene): Person {
  return scene.organisation.admins[0] ?? scene.organisation.owner;
}
export function integrationAdmin(scene: Scene): Person {
  return scene.organisation.admins[1] ?? scene.organisation.owner;
}

/** Somebody new: the account, the tags and chats that go with it, and a first login. The person then works like all others. */
export function hire(scene: Scene, day: number, hour: number): Person {
  const admin = personnelAdmin(scene);
  const from = atDesk(scene, admin, day);
  const id = scene.newId('user');
  const random = scene.random.fork(`hire ${id}`);
  const department = random.pick(DEPARTMENTS);
  const atMs = scene.calendar.at(day, hour);
  const user = createUser(random, { id, role: 'user', department, createdMs: atMs });
  const person = createPerson(user, random, { days: scene.calendar.days, travel: 'none', twoFactorShare: 0.7 });
  person.away = [];
  person.employed = { from: day + 1, to: Number.POSITIVE_INFINITY };
  scene.organisation.people.push(person);
  const actor = admin.user.id;
  const record = scene.recorder.record;
  record({ key: 'user_created', actor, atMs, from, entity: id });
  const details = { initiator_id: actor };
  const tag = random.pick(scene.organisation.tags);
  record({ key: 'user_added_to_tag', actor: id, atMs: atMs + MINUTE_MS, from, entity: tag.id, details });
  for (const [index, chat] of random.sample(scene.organisation.chats.slice(0, 10), random.int(3, 5)).entries()) {
    const invited = { inviter_id: actor };
    const joinedMs = atMs + (2 + index) * MINUTE_MS;
    record({ key: 'user_chat_join', actor: id, atMs: joinedMs, from, entity: chat.id, details: invited });
  }
  logIn(scene, person, sourceOf(scene, person, 'work', day, 'office'), atMs + random.int(20, 200) * MINUTE_MS);
  return person;
}

/** Somebody goes: out of tags and chats, then the account. */
export function dismiss(scene: Scene, person: Person, day: number, hour: number): void {
  const admin = personnelAdmin(scene);
  const from = atDesk(scene, admin, day);
  const atMs = scene.calendar.at(day, hour);
  const details = { initiator_id: admin.user.id };
  const id = person.user.id;
  const tag = scene.random.pick(scene.organisation.tags);
  const record = scene.recorder.record;
  record({ key: 'user_removed_from_tag', actor: id, atMs: atMs - 4 * MINUTE_MS, from, entity: tag.id, details });
  const chat = scene.random.pick(scene.chatsOf(person));
  record({ key: 'user_chat_leave', actor: id, atMs: atMs - 2 * MINUTE_MS, from, entity: chat.id, details });
  record({ key: 'user_deleted', actor: admin.user.id, atMs, from, entity: id });
  person.employed = { ...person.employed, to: day - 1 };
  scene.organisation.people.splice(scene.organisation.people.indexOf(person), 1);
}

/** Whether `person` works here, and is not on holiday, on `day`. */
export function isPresent({ employed, away }: Person, day: number): boolean {
  return day >= employed.from && day <= employed.to && !away.some(({ from, to }) => day >= from && day <= to);
}

/** Somebody at work who has no part in a story and no office to hold. */
export function somebody(scene: Scene, day: number): Person {
  const { people } = scene.organisation;
  return scene.random.pick(
    people.slice(14).filter((person) => !scene.cast.has(person.user.id) && isPresent(person, day)),
  );
}
