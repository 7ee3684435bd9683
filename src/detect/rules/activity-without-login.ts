// Owns L9: a session at work in a place from which nobody logged in: it may have been carried there.
import { isActorsOwn } from '../../audit/event-details.ts';
import { defineDetector, type SeenEvent } from '../detector.ts';
import { ACTIVITY_KEYS } from '../activity-keys.ts';
import { createTimes, forget, lastTimeOf, slotOf, touchSlot, type Slots } from '../last-times.ts';
import { createWays, forgetWays, keep, recall } from '../ways.ts';

const DAY_MS = 86_400_000;
/** Of an actor; beyond it those that no longer count are dropped. */
const MAX_NETWORKS = 16;

export const activityWithoutLogin = defineDetector({
  rule: 'activity_without_login',
  code: 'L9',
  severity: 'medium',
  eventKeys: ['user_login', 'user_2fa_success', ...ACTIVITY_KEYS],
  baseline: 'actor',
  techniques: ['T1539', 'T1550.004'],
  params: { windowMs: DAY_MS, minLogins: 10 },
  logic: {
    en: 'A telling action (tokens, roles, chats, searches, deletions, …) of a person with {minLogins} or more earlier logins from a network and a client both not seen for the person in 30 days, with no login from that network in {windowMs}. High for a program.',
    ru: 'Значимое действие (токены, роли, чаты, поиск, удаления, …) сотрудника, у которого не меньше {minLogins} прежних входов, из сети и с клиента, которых у него не было 30 дней, без входа из этой сети за {windowMs}. Высокая, если это программа.',
  },
  blindSpots: {
    en: 'Sessions live long: a person who opens a sleeping laptop in a new place has no login there either, but a known client. A thief with the same kind of client is not seen. Sending and reading messages are not looked at.',
    ru: 'Сессии живут долго: человек, открывший ноутбук в новом месте, тоже там не входил, но клиент у него известный. Вор с тем же видом клиента не виден. Отправка и чтение сообщений не рассматриваются.',
  },
  start(params, { baseline, emit, leaveOut }) {
    /** When an actor last logged in from each network; by the number of the actor. */
    const logins: (Slots | undefined)[] = [];
    const times = createTimes();
    /** Where the time of a way's network is found. */
    const ways = createWays(1);

    function noteLogin(seen: SeenEvent, net: string): void {
      const { actor, timeMs } = seen;
      const at = recall(ways, actor, seen);
      if (at >= 0) return touchSlot(times, ways.cells[at] ?? -1, timeMs);
      const slots = (logins[actor] ??= new Map());
      const slot = slotOf(times, slots, net);
      touchSlot(times, slot, timeMs);
      const kept = keep(ways, actor, seen);
      ways.cells[kept] = slot;
      if (slots.size > MAX_NETWORKS && forget(times, slots, timeMs - params.windowMs)) forgetWays(ways, actor);
    }

    return {
      observe(seen) {
        const { actorId, networks, client } = seen;
        if (actorId === undefined || networks === undefined) return;
        if (seen.key === 'user_login' || seen.key === 'user_2fa_success') {
          if (!seen.trial) noteLogin(seen, networks.net);
          return;
        }
        if (client === undefined || !isActorsOwn(seen.event)) return;
        if (baseline.knowsNet(actorId, seen) || baseline.knowsClient(actorId, seen)) return;
        const slots = logins[seen.actor];
        if (slots && lastTimeOf(times, slots, networks.net) >= seen.timeMs - params.windowMs) return;
        if (baseline.isShared(seen)) return leaveOut('shared_address', seen);
        const known = baseline.logins(actorId);
        if (known < params.minLogins) return leaveOut('short_history', seen);
        emit({
          rule: 'activity_without_login',
          severity: client.kind === 'script' ? 'high' : 'medium',
          events: [seen],
          facts: { actor: actorId, net: networks.net, client: client.name, hours: params.windowMs / 3_600_000 },
        });
      },
    };
  },
});
