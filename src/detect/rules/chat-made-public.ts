// Owns W8: a private chat is opened to everybody.
import { flagIn } from '../../audit/event-details.ts';
import { defineDetector, type SeenEvent } from '../detector.ts';
import { createRecent } from '../recent.ts';

const DAY_MS = 86_400_000;

export const chatMadePublic = defineDetector({
  rule: 'chat_made_public',
  code: 'W8',
  severity: 'high',
  eventKeys: ['chat_permission_changed', 'chat_created'],
  companyKeys: ['chat_permission_changed', 'chat_created'],
  baseline: 'none',
  techniques: ['T1213.005', 'T1222'],
  params: { windowMs: 60 * 60_000, chats: 3, newChatMs: DAY_MS },
  logic: {
    en: 'A chat becomes public. Critical when one actor opens {chats} or more within {windowMs}, or an opened chat is closed again within {windowMs}; low when the same actor created the chat within {newChatMs} before.',
    ru: 'Чат стал открытым. Критическая, если один сотрудник открыл {chats} или более за {windowMs} или открытый чат снова закрыт в течение {windowMs}; низкая, если он сам создал чат не раньше чем за {newChatMs} до этого.',
  },
  blindSpots: {
    en: 'The log does not say what a chat was before: a chat that was public all along looks the same unless its last change was read.',
    ru: 'Журнал не говорит, каким чат был раньше: давно открытый чат выглядит так же, если прошлое изменение не прочитано.',
  },
  start(params, { emit }) {
    /** Last known state of each chat; bounded by chats whose access changed. */
    const isPublic = new Map<string, boolean>();
    const openings = createRecent(params.windowMs);
    const openingOf = createRecent(params.windowMs, 1);
    const creations = createRecent(params.newChatMs, 1);

    function report(seen: SeenEvent, chat: string, events: readonly SeenEvent[], extra: string): void {
      // Who closes it again may be somebody else, who puts it right.
      const actor = (extra === 'closed_again' ? events[0]?.actorId : seen.actorId) ?? '';
      const critical = extra === 'many' || extra === 'closed_again';
      emit({
        rule: 'chat_made_public',
        severity: critical ? 'critical' : extra === 'new_chat' ? 'low' : 'high',
        events,
        ...(actor === '' ? {} : { actorIds: [actor] }),
        facts: { actor, chat, chats: openings.told(new Set(events.map(({ event }) => event.entity_id)).size, events) },
        extras: extra === '' ? [] : [extra],
      });
    }

    function opened(seen: SeenEvent, chat: string, actorId: string): void {
      const isNew = creations.of(chat, seen.timeMs).some((creation) => creation.actorId === actorId);
      if (isNew) return report(seen, chat, [seen], 'new_chat');
      openingOf.add(chat, seen);
      const events = [...openings.of(actorId, seen.timeMs), seen];
      openings.add(actorId, seen);
      const isMany = new Set(events.map(({ event }) => event.entity_id)).size >= params.chats;
      report(seen, chat, isMany ? events : [seen], isMany ? 'many' : '');
    }

    return {
      observe(seen) {
        const chat = seen.event.entity_id;
        if (!chat || seen.actorId === undefined) return;
        if (seen.key === 'chat_created') return creations.add(chat, seen);
        const now = flagIn(seen.event, 'public_access');
        if (now === undefined) return;
        const before = isPublic.get(chat);
        if (!seen.trial) isPublic.set(chat, now);
        if (now && before !== true) return opened(seen, chat, seen.actorId);
        const opening = now ? undefined : openingOf.of(chat, seen.timeMs).at(-1);
        if (opening === undefined || before === false) return;
        report(seen, chat, [opening, seen], 'closed_again');
      },
    };
  },
});
