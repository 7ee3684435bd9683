// Owns L8: one person at work in two places at once.
import { defineDetector, type SeenEvent } from '../detector.ts';
import { createRecentOfActors } from '../recent.ts';

const isPhone = ({ client }: SeenEvent) => client?.os === 'iOS' || client?.os === 'Android';

export const networkSwitch = defineDetector({
  rule: 'network_switch',
  code: 'L8',
  severity: 'medium',
  eventKeys: ['user_login', 'user_2fa_success', 'user_logout'],
  baseline: 'actor',
  techniques: ['T1078.004', 'T1550.004'],
  params: { windowMs: 15 * 60_000, minLogins: 3 },
  logic: {
    en: 'Two signs of one actor within {windowMs} from different networks and different systems, neither from a shared address, where the network of one is new for the person and its client is no phone (beside a phone: nor a client that the person is known to use). Silent below {minLogins} earlier logins.',
    ru: 'Два события одного сотрудника за {windowMs} из разных сетей и разных систем, оба не с общих адресов, причём сеть одного из них для человека новая и его клиент не телефон (а рядом с телефоном ещё и не известный клиент человека). Молчит, если прежних входов меньше {minLogins}.',
  },
  blindSpots: {
    en: 'There is no geography: two near networks count like two far ones. An attacker with the same system is left to the score; a VPN that is switched on looks the same.',
    ru: 'Географии нет: близкие сети считаются так же, как далёкие. Злоумышленника с той же системой видит только оценка риска; включение VPN выглядит так же.',
  },
  start(params, { baseline, emit, leaveOut }) {
    const recent = createRecentOfActors(params.windowMs, 20);

    /** A phone on a new carrier beside a desk is daily life, and so is the own laptop in a café beside the phone. */
    const isStrange = (actorId: string, seen: SeenEvent, other: SeenEvent) =>
      !baseline.knowsNet(actorId, seen) && !isPhone(seen) && !(isPhone(other) && baseline.knowsClient(actorId, seen));

    function lastElsewhere(events: readonly SeenEvent[], actorId: string, seen: SeenEvent): SeenEvent | undefined {
      return events.findLast(
        (other) =>
          other.networks?.net !== seen.networks?.net &&
          other.client?.os !== seen.client?.os &&
          (isStrange(actorId, other, seen) || isStrange(actorId, seen, other)),
      );
    }

    return {
      observe(seen) {
        const { actorId, networks, client } = seen;
        if (actorId === undefined || networks === undefined || client === undefined) return;
        const lately = recent.of(seen.actor, seen.timeMs);
        const before = lately.length === 0 ? undefined : lastElsewhere(lately, actorId, seen);
        recent.add(seen.actor, seen);
        if (before === undefined) return;
        if (baseline.isShared(seen) || baseline.isShared(before)) return leaveOut('shared_address', seen);
        if (baseline.logins(actorId) < params.minLogins) return leaveOut('short_history', seen);
        emit({
          rule: 'network_switch',
          severity: 'medium',
          events: [before, seen],
          facts: {
            actor: actorId,
            from: before.networks?.net ?? 'unknown',
            from_os: before.client?.os ?? 'unknown',
            to: networks.net,
            to_os: client.os,
            seconds: (seen.timeMs - before.timeMs) / 1000,
          },
        });
      },
    };
  },
});
