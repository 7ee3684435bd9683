// Owns L11: a source that the company has never seen logs in to several accounts.
import { defineDetector, type SeenEvent } from '../detector.ts';
import { createRecentOfSources } from '../recent.ts';

/** How many people there are, and how many of them are strange by their last login. */
function countPeople(logins: readonly SeenEvent[], isStrange: (login: SeenEvent) => boolean) {
  const people = new Set<number>();
  let strangers = 0;
  for (const login of logins.toReversed()) {
    if (people.has(login.actor)) continue;
    people.add(login.actor);
    if (isStrange(login)) strangers += 1;
  }
  return { actors: people.size, strangers };
}

export const oneSourceManyAccounts = defineDetector({
  rule: 'one_source_many_accounts',
  code: 'L11',
  severity: 'high',
  eventKeys: ['user_login'],
  baseline: 'tenant',
  techniques: ['T1110.004', 'T1078'],
  params: { actors: 3, windowMs: 60 * 60_000, minLogins: 3, strangerShare: 0.5, minStrangers: 2 },
  logic: {
    en: 'Logins of {actors} or more people (each with {minLogins} or more earlier logins) within {windowMs} from one source that nobody in the company used in 30 days, where at least {minStrangers} and at least {strangerShare} of them use a client new for them. People who bring their own clients are taken for a new office.',
    ru: 'Входы {actors} или более сотрудников (у каждого не меньше {minLogins} прежних входов) за {windowMs} с одного адреса, которым в компании 30 дней никто не пользовался, причём не меньше {minStrangers} из них и доля не ниже {strangerShare} с новым для себя клиентом. Люди со своими клиентами принимаются за новый офис.',
  },
  blindSpots: {
    en: 'An attacker who shows each account its own kind of client is taken for a new office or VPN exit. Accounts without a history do not count.',
    ru: 'Злоумышленник, который показывает каждой учётной записи её привычный клиент, принимается за новый офис или выход VPN. Учётные записи без истории не считаются.',
  },
  start(params, { baseline, emit, leaveOut }) {
    const logins = createRecentOfSources(params.windowMs, 500);
    const isStrange = (login: SeenEvent): boolean =>
      login.client !== undefined && !baseline.knowsClient(login.actorId ?? '', login);
    return {
      observe(seen) {
        const { actorId, networks } = seen;
        if (actorId === undefined || networks === undefined || baseline.tenantKnowsHost(seen)) return;
        if (baseline.logins(actorId) < params.minLogins) return;
        const before = logins.of(networks.host, seen.timeMs);
        const events = before.length + 1 < params.actors ? undefined : [...before, seen];
        logins.add(networks.host, seen);
        if (events === undefined) return;
        const { actors, strangers } = countPeople(events, isStrange);
        if (actors < params.actors) return;
        if (baseline.isShared(seen)) return leaveOut('shared_address', seen);
        if (strangers < Math.max(params.minStrangers, params.strangerShare * actors)) {
          return leaveOut('known_source', seen);
        }
        emit({
          rule: 'one_source_many_accounts',
          severity: 'high',
          events,
          // The most people name the incident, however often one of them came.
          size: actors,
          facts: {
            source: networks.host,
            actors,
            strangers,
            minutes: params.windowMs / 60_000,
          },
        });
      },
    };
  },
});
