// Owns L9: a session at work in a place from which nobody logged in: it may have been carried there.
import { defineDetector, type SeenEvent } from '../detector.ts';
import { ACTIVITY_KEYS } from '../activity-keys.ts';
import { createLastTimes, forget, lastTimeOf, slotOf, touchSlot, type LastTimes } from '../last-times.ts';
import { forgetWays, keep, nothingByWay, recall, type ByWay } from '../ways.ts';

const DAY_MS = 86_400_000;
/** Of an actor; beyond it those that no longer count are dropped. */
const MAX_NETWORKS = 16;

/** When an actor last logged in from each network, and where that is found. */
interface Logins {
  readonly times: LastTimes;
  readonly slots: ByWay<number>;
}

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
    /** By the number of the actor. */
    const logins: Logins[] = [];

    function noteLogin(seen: SeenEvent, net: string): void {
      const { times, slots } = (logins[seen.actor] ??= { times: createLastTimes(), slots: nothingByWay() });
      let slot = recall(slots, seen);
      if (slot === undefined) keep(slots, seen, (slot = slotOf(times, net)));
      touchSlot(times, slot, seen.timeMs);
      if (times.times.length <= MAX_NETWORKS) return;
      forget(times, seen.timeMs - params.windowMs);
      forgetWays(slots);
    }

    return {
      observe(seen) {
        const { actorId, networks, client } = seen;
        if (actorId === undefined || networks === undefined) return;
        if (seen.key === 'user_login' || seen.key === 'user_2fa_success') {
          if (!seen.trial) noteLogin(seen, networks.net);
          return;
        }
        if (client === undefined) return;
        if (baseline.knowsNet(actorId, seen) || baseline.knowsClient(actorId, seen)) return;
        const times = logins[seen.actor]?.times;
        if (times && lastTimeOf(times, networks.net) >= seen.timeMs - params.windowMs) return;
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
