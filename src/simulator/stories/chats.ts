// Owns misuse inside chats: joining everywhere, letting somebody in everywhere, destroying.
import { MINUTE_MS } from '../company/calendar.ts';
import type { Source } from '../company/recorder.ts';
import type { SimEvent } from '../model.ts';
import { moments, named, type Plan } from './story.ts';

/** A tour of every open room. */
export const massSelfJoin: Plan = (stage) => {
  const { random, scene, day } = stage;
  const person = stage.cast();
  return () => {
    const chats = random.sample(scene.organisation.chats, random.int(18, 32));
    const times = moments(random, scene.calendar.at(day, random.between(9, 22)), chats.length, 6000, 45_000);
    const from = stage.usual(person);
    const actor = person.user.id;
    const details = { inviter_id: random.chance(0.5) ? actor : null };
    const events = chats.map((chat, index) =>
      stage.record({ key: 'user_chat_join', actor, atMs: times[index] ?? 0, from, entity: chat.id, details }),
    );
    return { events, summary: `${named(person)} joins ${chats.length} chats within minutes, uninvited` };
  };
};

/** One guest is brought into everything. */
export const massAdd: Plan = (stage) => {
  const { random, scene, day } = stage;
  const inviter = stage.cast();
  return () => {
    const guest = random.pick(scene.organisation.people.filter((person) => person.user.role.endsWith('guest')));
    const chats = random.sample(scene.organisation.chats, random.int(13, 20));
    const times = moments(random, scene.calendar.at(day, random.between(10, 20)), chats.length, 8000, 28_000);
    const from = stage.usual(inviter);
    const details = { inviter_id: inviter.user.id };
    const events = chats.map((chat, index) =>
      stage.record({
        key: 'user_chat_join',
        actor: guest.user.id,
        atMs: times[index] ?? 0,
        from,
        entity: chat.id,
        details,
      }),
    );
    return { events, summary: `${named(inviter)} brings guest ${named(guest)} into ${chats.length} chats` };
  };
};

/** Old messages go, dozens at a time; sometimes the tags too. */
export const destructionBurst: Plan = (stage) => {
  const { random, scene, day } = stage;
  const person = stage.cast();
  return () => {
    const from: Source = stage.usual(person);
    const actor = person.user.id;
    const startMs = scene.calendar.at(day, random.between(17, 22));
    const messages = moments(random, startMs, random.int(45, 110), 2000, 18_000).map((atMs, index): SimEvent => {
      const entity = scene.messageId(atMs) - (index + 3) * 400_000;
      return stage.record({ key: 'message_deleted', actor, atMs, from, entity });
    });
    const tags = random.chance(0.4) ? random.sample(scene.organisation.tags, 6) : [];
    const tagEvents = tags.map((tag, index) =>
      stage.record({
        key: 'tag_deleted',
        actor,
        atMs: startMs + index * MINUTE_MS,
        from,
        entity: tag.id,
        details: { name: tag.name },
      }),
    );
    const events = [...messages, ...tagEvents];
    return {
      events,
      summary: `${named(person)} deletes ${messages.length} old messages${tags.length > 0 ? ` and ${tags.length} tags` : ''} in an evening`,
    };
  };
};
