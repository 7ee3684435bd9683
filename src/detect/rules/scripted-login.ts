// Owns L10: somebody logs in with a program instead of a client made for people.
import { defineDetector } from '../detector.ts';
import { OUTCOME_KEYS } from '../outcomes.ts';

export const scriptedLogin = defineDetector({
  rule: 'scripted_login',
  code: 'L10',
  severity: 'medium',
  eventKeys: OUTCOME_KEYS,
  baseline: 'actor',
  techniques: ['T1078.004'],
  params: { minLogins: 3 },
  logic: {
    en: 'A login or second factor of a person with a program (python-requests, curl, a headless browser, …) that this actor has not used before. Low below {minLogins} earlier logins; programs that an actor has always used are learned.',
    ru: 'Вход или второй фактор сотрудника из программы (python-requests, curl, браузер без окна, …), которой он раньше не пользовался. Низкая, если прежних входов меньше {minLogins}; программы, которыми пользуются всегда, запоминаются.',
  },
  blindSpots: {
    en: 'A program may call itself any browser. Integrations that log in as a person look the same on their first day.',
    ru: 'Программа может назваться любым браузером. Интеграция, которая входит от имени сотрудника, в первый день выглядит так же.',
  },
  start: (params, { baseline, emit, leaveOut }) => ({
    observe(seen) {
      const { actorId, client } = seen;
      if (actorId === undefined || client === undefined || client.kind !== 'script') return;
      if (baseline.knowsClient(actorId, seen)) return leaveOut('learned_bot', seen);
      const logins = baseline.logins(actorId);
      const isPerson = logins >= params.minLogins && baseline.hasHumanClient(actorId);
      emit({
        rule: 'scripted_login',
        severity: isPerson ? 'medium' : 'low',
        events: [seen],
        facts: { actor: actorId, client: client.family, logins },
        extras: isPerson ? [] : ['short_history'],
      });
    },
  }),
});
