// Owns L6: a login from a network and with a client that the person has not used for a month.
import { defineDetector } from '../detector.ts';

export const newNetworkAndClient = defineDetector({
  rule: 'new_network_and_client',
  code: 'L6',
  severity: 'low',
  eventKeys: ['user_login'],
  baseline: 'actor',
  techniques: ['T1078.004'],
  params: { minLogins: 10 },
  logic: {
    en: 'A login of a person with {minLogins} or more earlier logins from a network (v4 /16, v6 /32) and with a client (family and system) that were both not seen in the last 30 days.',
    ru: 'Вход сотрудника, у которого не меньше {minLogins} прежних входов, из сети (v4 /16, v6 /32) и с клиента (семейство и система), которых за последние 30 дней у него не было.',
  },
  blindSpots: {
    en: 'A new laptop on a journey looks the same. An attacker with the same provider or the same kind of client is not seen.',
    ru: 'Новый ноутбук в поездке выглядит так же. Злоумышленник с тем же провайдером или тем же видом клиента не виден.',
  },
  start: (params, { baseline, emit, leaveOut }) => ({
    observe(seen) {
      const { actorId, networks, client } = seen;
      if (actorId === undefined || networks === undefined || client === undefined) return;
      if (baseline.knowsNet(actorId, seen) || baseline.knowsClient(actorId, seen)) return;
      const logins = baseline.logins(actorId);
      if (logins < params.minLogins) return leaveOut('short_history', seen);
      if (baseline.isShared(seen)) return leaveOut('shared_address', seen);
      emit({
        rule: 'new_network_and_client',
        severity: 'low',
        events: [seen],
        facts: { actor: actorId, net: networks.net, client: client.name, logins },
      });
    },
  }),
});
