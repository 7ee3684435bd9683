// Owns W12: one account, or one tag, is let into many chats at once.
import { chatOf, idIn, initiatorOf } from '../../audit/event-details.ts';
import { defineDetector, type SeenEvent } from '../detector.ts';
import { familiarity } from '../familiarity.ts';
import { createHabits } from '../habits.ts';
import { createRecent } from '../recent.ts';
import { roleChangeOf } from '../roles.ts';

const DAY_MS = 86_400_000;

interface Addition {
  readonly inviterId: string;
  /** The member or tag. */
  readonly addedId: string;
  readonly isTag: boolean;
}

/** Who was added by whom; undefined where somebody came by themselves. */
function additionOf(seen: SeenEvent): Addition | undefined {
  if (chatOf(seen.event) === undefined || seen.actorId === undefined) return undefined;
  if (seen.key === 'tag_added_to_chat') {
    const addedId = seen.event.entity_type === 'GroupTag' ? seen.event.entity_id : idIn(seen.event, 'tag_name');
    return addedId ? { inviterId: initiatorOf(seen.event) ?? seen.actorId, addedId, isTag: true } : undefined;
  }
  if (seen.key !== 'user_chat_join') return undefined;
  const inviterId = idIn(seen.event, 'inviter_id');
  if (inviterId === undefined || inviterId === seen.actorId) return undefined;
  return { inviterId, addedId: seen.actorId, isTag: false };
}

export const massAdd = defineDetector({
  rule: 'mass_add',
  code: 'W12',
  severity: 'medium',
  eventKeys: ['user_chat_join', 'tag_added_to_chat', 'user_created', 'user_role_changed', 'user_login'],
  aboutKeys: ['user_created', 'user_role_changed'],
  baseline: 'actor',
  techniques: ['T1098'],
  params: { chats: 10, windowMs: 10 * 60_000, newAccountMs: DAY_MS, habitDays: 3 },
  logic: {
    en: 'One inviter adds one person or tag to {chats} or more chats within {windowMs}, and more than usual (habit of the inviter of {habitDays} days, 99.9th percentile of the company). High when the person is a guest or their account is younger than {newAccountMs}; low when the inviter created that account and acts from a known network and client: a new colleague.',
    ru: 'Один сотрудник добавляет одного человека или тег в {chats} или более чатов за {windowMs}, и больше обычного (своя привычка за {habitDays} дня, 99,9-й процентиль компании). Высокая, если это гость или учётная запись моложе {newAccountMs}; низкая, если пригласивший сам её создал и действует из известной сети и клиента: новый коллега.',
  },
  blindSpots: {
    en: 'Who is a guest is known only from changes of role that were read. Adding many people to one chat is not looked at.',
    ru: 'Кто гость, известно лишь из прочитанных смен роли. Добавление многих людей в один чат не рассматривается.',
  },
  start(params, { baseline, emit, leaveOut }) {
    const additions = createRecent(params.windowMs, 1000);
    const creations = createRecent(params.newAccountMs, 1);
    const guests = new Set<string>();
    const habits = createHabits({ fixed: params.chats, habitDays: params.habitDays });

    function judgeTarget(seen: SeenEvent, { inviterId, addedId, isTag }: Addition) {
      if (isTag) return { severity: 'medium', extra: 'tag' } as const;
      if (guests.has(addedId)) return { severity: 'high', extra: 'guest' } as const;
      const creation = creations.of(addedId, seen.timeMs).at(-1);
      if (creation === undefined) return { severity: 'medium', extra: undefined } as const;
      const isWelcome =
        initiatorOf(creation.event) === inviterId && familiarity(baseline, inviterId, seen) === 'familiar';
      return { severity: isWelcome ? 'low' : 'high', extra: 'new_account' } as const;
    }

    function added(seen: SeenEvent, addition: Addition): void {
      const { inviterId, addedId } = addition;
      const key = `${inviterId}|${seen.key}|${addedId}`;
      const events = [...additions.of(key, seen.timeMs), seen];
      additions.add(key, seen);
      const chats = new Set(events.map(({ event }) => chatOf(event))).size;
      const { over, usual, limit } = habits.judge(inviterId, seen, chats);
      if (!over) return usual ? leaveOut('usual_amount', seen) : undefined;
      const told = additions.told(chats, events);
      const { severity, extra } = judgeTarget(seen, addition);
      emit({
        rule: 'mass_add',
        severity,
        events,
        actorIds: addition.isTag ? [inviterId] : [inviterId, addedId],
        facts: { inviter: inviterId, added: addedId, chats: told, limit, minutes: params.windowMs / 60_000 },
        extras: extra === undefined ? [] : [extra],
      });
    }

    return {
      observe(seen) {
        const accountId = seen.event.entity_id;
        if (seen.key === 'user_created' && accountId) creations.add(accountId, seen);
        const change = roleChangeOf(seen);
        if (change !== undefined && !seen.trial) {
          if (change.toGuest) guests.add(change.targetId);
          else guests.delete(change.targetId);
        }
        const addition = additionOf(seen);
        if (addition !== undefined) added(seen, addition);
      },
    };
  },
});
