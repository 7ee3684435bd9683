// Owns L4: one person's second factor is guessed from many networks at once.
import { defineDetector } from '../detector.ts';
import { createRecentOfActors } from '../recent.ts';

export const failed2faFromManyNetworks = defineDetector({
  rule: 'failed_2fa_from_many_networks',
  code: 'L4',
  severity: 'medium',
  eventKeys: ['user_2fa_fail'],
  baseline: 'none',
  techniques: ['T1110'],
  params: { networks: 3, failures: 6, windowMs: 30 * 60_000 },
  logic: {
    en: '{failures} or more failed second factors of one actor from {networks} or more networks (v4 /16, v6 /32) within {windowMs}.',
    ru: 'Не меньше {failures} неудач второго фактора одного сотрудника из {networks} или более сетей (v4 /16, v6 /32) за {windowMs}.',
  },
  blindSpots: {
    en: 'Slower guessing, and guessing through many addresses of one provider. Failures without an address do not count.',
    ru: 'Более медленный подбор и подбор через много адресов одного провайдера. Неудачи без адреса не считаются.',
  },
  start(params, context) {
    const failures = createRecentOfActors(params.windowMs);
    return {
      observe(seen) {
        const { actorId, networks } = seen;
        if (actorId === undefined || networks === undefined) return;
        const events = [...failures.of(seen.actor, seen.timeMs), seen];
        failures.add(seen.actor, seen);
        const nets = new Set(events.map((event) => event.networks?.net)).size;
        if (events.length < params.failures || nets < params.networks) return;
        context.emit({
          rule: 'failed_2fa_from_many_networks',
          severity: 'medium',
          events,
          facts: {
            actor: actorId,
            failures: failures.told(events.length, events),
            nets,
            minutes: params.windowMs / 60_000,
          },
        });
      },
    };
  },
});
