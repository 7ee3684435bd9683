// Owns what people do in chats on an ordinary day, how often, and what the log says about it.
import type { Chat } from './organisation.ts';
import type { Person } from './person.ts';
import { HOSTILE_AGENTS } from './hostile.ts';
import { PROJECTS } from './names.ts';
import { somebody } from './personnel.ts';
import type { Source } from './recorder.ts';
import { chosenName, type Scene, SERVER } from './scene.ts';

export interface Moment {
  scene: Scene;
  person: Person;
  day: number;
  atMs: number;
  from: Source;
  /** Messages that this person wrote today, oldest first. */
  written: number[];
}

type Act = (moment: Moment) => void;

/** A chat of the person, the livelier ones more often. */
function someChat({ scene, person }: Moment): Chat {
  const chats = scene.chatsOf(person);
  return person.random.pick(chats.slice(0, 1 + Math.floor(chats.length * person.random.next())));
}

function writeMessage(moment: Moment): void {
  const { scene, person, atMs, from, written } = moment;
  const { random, user } = person;
  const chat = someChat(moment);
  const actor = user.id;
  const message = scene.messageId(atMs);
  written.push(message);
  // Partners bring their own clients, and some of those have something to say.
  const odd = user.role.endsWith('guest') && random.chance(0.02);
  const agent = odd ? random.pick(HOSTILE_AGENTS) : from.agent;
  scene.recorder.record({ key: 'message_created', actor, atMs, from: { ...from, agent }, entity: message });
  if (chat.encrypted) {
    const details = { chat_id: chat.id, message_id: message, reason: 'message_created' };
    scene.recorder.record({ key: 'kms_encrypt', actor, atMs: atMs + 40, from, entity: message, details });
  }
}

/** A message of one's own is changed or taken back; nobody changes what was not written. */
function revise(key: 'message_updated' | 'message_deleted'): Act {
  return ({ scene, person, atMs, from, written }) => {
    const entity = key === 'message_deleted' ? written.pop() : written.at(-1);
    if (entity !== undefined) scene.recorder.record({ key, actor: person.user.id, atMs, from, entity });
  };
}

function join(moment: Moment): void {
  const { scene, person, atMs, from } = moment;
  const { chats, people } = scene.organisation;
  const { random, user } = person;
  const inviter = random.chance(0.6) ? random.pick(people).user.id : random.chance(0.5) ? user.id : null;
  const details = { inviter_id: inviter };
  scene.recorder.record({ key: 'user_chat_join', actor: user.id, atMs, from, entity: random.pick(chats).id, details });
}

function createChat({ scene, person, day, atMs, from }: Moment): void {
  const actor = person.user.id;
  const chat = scene.newId('chat');
  scene.recorder.record({ key: 'chat_created', actor, atMs, from, entity: chat });
  for (let index = person.random.int(1, 4); index > 0; index -= 1) {
    const details = { inviter_id: actor };
    const invited = somebody(scene, day).user.id;
    scene.recorder.record({
      key: 'user_chat_join',
      actor: invited,
      atMs: atMs + 900 + index * 40,
      from,
      entity: chat,
      details,
    });
  }
}

function rename({ scene, person, atMs, from }: Moment): void {
  const chat = person.random.pick(scene.organisation.chats.slice(12));
  const topic = person.random.pick(['запуск', 'сопровождение', 'аналитика', 'архив']);
  const name = chosenName(scene, 'chat_name', `${person.random.pick(PROJECTS)}: ${topic}`);
  const details = { old_name: chat.name, new_name: name };
  scene.recorder.record({ key: 'chat_renamed', actor: person.user.id, atMs, from, entity: chat.id, details });
}

/** A call with somebody: the server ends it and makes the recording. */
function call({ scene, person, atMs, from }: Moment): void {
  const { random, user } = person;
  const chat = random.pick(scene.chatsOf(person));
  const entity = scene.newId('room');
  const about = { chat_id: chat.id, started_message_id: random.chance(0.9) ? scene.messageId(atMs) : null };
  const seconds = Math.round(Math.max(60, random.gauss(1800, 900)));
  const endMs = atMs + seconds * 1000;
  const finished = { ...about, duration: seconds, max_members_count: random.int(2, 12) };
  const record = scene.recorder.record;
  record({ key: 'video_call_started', actor: user.id, atMs, from, entity, details: about });
  const ended = random.chance(0.3) ? SERVER : from;
  record({ key: 'video_call_finished', actor: user.id, atMs: endMs, from: ended, entity, details: finished });
  if (random.chance(0.25)) {
    const ids = { recording_id: entity + 1_000_000, file_id: entity + 2_000_000 };
    const details = { ...about, ...ids, duration: seconds, size: seconds * 92_000 };
    record({ key: 'video_call_recording_ready', actor: user.id, atMs: endMs + 95_000, from: SERVER, entity, details });
  }
}

const simple =
  (key: 'reaction_created' | 'reaction_deleted' | 'thread_created'): Act =>
  ({ scene, person, atMs, from }) => {
    const entity = scene.newId(key === 'thread_created' ? 'thread' : 'reaction');
    scene.recorder.record({ key, actor: person.user.id, atMs, from, entity });
  };

const leave: Act = ({ scene, person, atMs, from }) => {
  const chat = person.random.pick(scene.chatsOf(person));
  const details = { initiator_id: person.user.id };
  scene.recorder.record({ key: 'user_chat_leave', actor: person.user.id, atMs, from, entity: chat.id, details });
};

const updateProfile: Act = ({ scene, person, atMs, from }) => {
  const changed_attrs = person.random.pick([['title'], ['avatar'], ['time_zone'], ['phone_number'], ['status']]);
  const sso = person.user.sso && person.random.chance(0.5);
  const details = { changed_attrs, ...(sso && { context: 'sso_login' }) };
  scene.recorder.record({ key: 'user_updated', actor: person.user.id, atMs, from, details });
};

const closeChat: Act = ({ scene, person, atMs, from }) => {
  const chat = person.random.pick(scene.chatsOf(person));
  const details = { public_access: false };
  scene.recorder.record({
    key: 'chat_permission_changed',
    actor: person.user.id,
    atMs,
    from,
    entity: chat.id,
    details,
  });
};

const ACTS: readonly (readonly [Act, number])[] = [
  [writeMessage, 100],
  [simple('reaction_created'), 33],
  [simple('reaction_deleted'), 1.4],
  [simple('thread_created'), 5],
  [revise('message_updated'), 7],
  [revise('message_deleted'), 2.4],
  [join, 2.6],
  [leave, 0.9],
  [createChat, 0.5],
  [rename, 0.35],
  [closeChat, 0.1],
  [updateProfile, 0.9],
  [call, 2.2],
];

/** One thing that somebody does. */
export function act(moment: Moment): void {
  moment.person.random.weighted(ACTS)(moment);
}

/** Opening an encrypted chat: every message on the screen is decrypted. */
export function readEncrypted({ scene, person, atMs, from }: Omit<Moment, 'written'>): void {
  const chat = scene.chatsOf(person).find((candidate) => candidate.encrypted);
  if (chat === undefined) return;
  for (let index = person.random.int(1, 5); index > 0; index -= 1) {
    const message = scene.messageId(atMs - index * 900_000);
    const details = { chat_id: chat.id, message_id: message, reason: 'message_read' };
    const at = atMs + 5 * index;
    scene.recorder.record({ key: 'kms_decrypt', actor: person.user.id, atMs: at, from, entity: message, details });
  }
}
