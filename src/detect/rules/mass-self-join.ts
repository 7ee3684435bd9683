// Owns W11: somebody walks into many chats without being invited.
import { chatOf, idIn } from '../../audit/event-details.ts';
import { defineDetector, type SeenEvent } from '../detector.ts';
import { createHabits } from '../habits.ts';
import { createRecent } from '../recent.ts';

const DAY_MS = 86_400_000;

export const massSelfJoin = defineDetector({
  rule: 'mass_self_join',
  code: 'W11',
  severity: 'medium',
  eventKeys: ['user_chat_join', 'user_created'],
  aboutKeys: ['user_created'],
  baseline: 'actor',
  techniques: ['T1213.005'],
  params: { chats: 10, windowMs: 30 * 60_000, habitDays: 3, newAccountMs: 7 * DAY_MS },
  logic: {
    en: 'An actor joins {chats} or more chats within {windowMs} without an inviter, and more than usual (own habit of {habitDays} days, 99.9th percentile of the company). Low for accounts younger than {newAccountMs}.',
    ru: 'Сотрудник без приглашения входит в {chats} или более чатов за {windowMs}, и больше обычного (своя привычка за {habitDays} дня, 99,9-й процентиль компании). Низкая для учётных записей моложе {newAccountMs}.',
  },
  blindSpots: {
    en: 'What is read in the chats is not logged. Onboarding bots look the same until they are a habit.',
    ru: 'Что прочитано в чатах, журнал не говорит. Боты для новичков выглядят так же, пока не стали привычкой.',
  },
  start(params, { emit, leaveOut }) {
    const joins = createRecent(params.windowMs, 1000);
    const accounts = createRecent(params.newAccountMs, 1);
    const habits = createHabits({ fixed: params.chats, habitDays: params.habitDays });

    function joined(seen: SeenEvent, actorId: string): void {
      const inviter = idIn(seen.event, 'inviter_id');
      if (chatOf(seen.event) === undefined || (inviter !== undefined && inviter !== actorId)) return;
      const events = [...joins.of(actorId, seen.timeMs), seen];
      joins.add(actorId, seen);
      const chats = new Set(events.map(({ event }) => chatOf(event))).size;
      const { over, usual, limit, knowsPast } = habits.judge(actorId, seen, chats);
      if (usual) leaveOut('usual_amount', seen);
      if (!over) return;
      const isNew = accounts.of(actorId, seen.timeMs).length > 0;
      emit({
        rule: 'mass_self_join',
        severity: isNew ? 'low' : 'medium',
        events,
        facts: { actor: actorId, chats: joins.told(chats, events), limit, minutes: params.windowMs / 60_000 },
        extras: isNew ? ['new_account'] : knowsPast ? [] : ['no_baseline'],
      });
    }

    return {
      observe(seen) {
        const accountId = seen.event.entity_id;
        if (seen.key === 'user_created' && accountId) accounts.add(accountId, seen);
        if (seen.key === 'user_chat_join' && seen.actorId !== undefined) joined(seen, seen.actorId);
      },
    };
  },
});
