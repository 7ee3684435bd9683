// Owns L7: logins that an attacker explains better than the person does, as many as the company has eyes for.
import { defineDetector } from '../detector.ts';
import { createLoginRisk } from '../login-risk.ts';
import { createAlertBudget } from '../risk/alert-budget.ts';

export const loginRisk = defineDetector({
  rule: 'login_risk',
  code: 'L7',
  severity: 'medium',
  eventKeys: ['user_login'],
  baseline: 'tenant',
  techniques: ['T1078.004'],
  params: {
    minLogins: 3,
    lowNats: 2,
    mediumNats: 6,
    lowPerThousandActorsAndWeek: 20,
    mediumPerThousandActorsAndWeek: 3,
  },
  logic: {
    en: 'A score in nats, attacker against person: how unlike the person (and the company) network and client are, how soon after a login from elsewhere, at what hour. Medium from {mediumNats} and low from {lowNats} on, and above what all but {mediumPerThousandActorsAndWeek} (low: {lowPerThousandActorsAndWeek}) of 1,000 people a week stayed below in the trailing 30 days. Silent below {minLogins} earlier logins, and where source and client are both known for the person.',
    ru: 'Оценка в натах, злоумышленник против человека: насколько сеть и клиент непохожи на этого человека (и компанию), как скоро после входа из другого места, в какой час. Средняя от {mediumNats}, низкая от {lowNats}, и выше того, чего за последние 30 дней не превысили все, кроме {mediumPerThousandActorsAndWeek} (низкая: {lowPerThousandActorsAndWeek}) из 1000 сотрудников в неделю. Молчит, если прежних входов меньше {minLogins} или адрес и клиент для человека известны.',
  },
  blindSpots: {
    en: 'Without geography or reputation, a hosting provider and a hotel look alike. An attacker in the same pool of addresses with the same kind of client scores like the person.',
    ru: 'Без географии и репутации хостинг и гостиница неразличимы. Злоумышленник из того же пула адресов с тем же видом клиента оценивается как сам человек.',
  },
  start(params, { baseline, emit, leaveOut }) {
    const model = createLoginRisk();
    const budget = createAlertBudget();
    return {
      observe(seen) {
        const { actorId, timeMs } = seen;
        if (actorId === undefined || (seen.networks === undefined && seen.client === undefined)) return;
        // Only what is new can be strange, and most logins bring nothing new: they are not worth the work.
        if (baseline.knowsHost(actorId, seen) && baseline.knowsClient(actorId, seen)) {
          if (!seen.trial) model.observe(actorId, seen);
          return;
        }
        const { total, parts } = model.score(actorId, seen);
        const logins = baseline.logins(actorId);
        const enough = logins >= params.minLogins;
        const medium = budget.threshold(params.mediumPerThousandActorsAndWeek, timeMs);
        const low = budget.threshold(params.lowPerThousandActorsAndWeek, timeMs);
        if (!seen.trial) {
          model.observe(actorId, seen);
          if (enough) budget.note(actorId, total, timeMs);
        }
        if (total < params.lowNats) return;
        if (!enough || medium === undefined || low === undefined) return leaveOut('short_history', seen);
        if (total <= low) return;
        emit({
          rule: 'login_risk',
          severity: total >= params.mediumNats && total > medium ? 'medium' : 'low',
          events: [seen],
          score: total,
          facts: { actor: actorId, score: total, ...parts, logins, threshold: Math.max(low, params.lowNats) },
        });
      },
      learn: (activity) => model.learn(activity),
    };
  },
});
