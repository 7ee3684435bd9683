// Owns L7: logins that an attacker explains better than the person does, as many as the company has eyes for.
import { createArrivals } from '../arrivals.ts';
import { defineDetector, type Facts, type Baseline, type SeenEvent, type Signal } from '../detector.ts';
import { createLoginRisk, type LoginRisk } from '../login-risk.ts';
import { severityRank } from '../incident.ts';
import { createAlertBudget } from '../risk/alert-budget.ts';

const asArrival = (signal: Signal): Signal => ({ ...signal, severity: 'low', extras: ['arrivals'] });

/** Keeps a new office from being taken for an attacker; what was said before anybody could know is taken back. */
function createPlaces(
  params: Readonly<
    Record<'arrivals' | 'arrivalsWindowMs' | 'arrivalsKnownShare' | 'arrivalsStandMs' | 'minLogins', number>
  >,
  baseline: Baseline,
) {
  const arrivals = createArrivals(
    {
      actors: params.arrivals,
      windowMs: params.arrivalsWindowMs,
      knownShare: params.arrivalsKnownShare,
      minLogins: params.minLogins,
      standsMs: params.arrivalsStandMs,
    },
    baseline,
  );
  /** The last alert on each source, until it is taken back. */
  const alerts = new Map<string, Signal>();
  let crowded = false;
  return {
    /** Takes note of a login; an alert that it shows to have been wrong comes back as what it should have been. */
    observe(actorId: string, seen: SeenEvent): Signal | undefined {
      crowded = arrivals.observe(actorId, seen);
      const source = seen.networks?.host ?? '';
      const alert = alerts.get(source);
      if (!crowded || alert === undefined) return undefined;
      alerts.delete(source);
      return { ...asArrival(alert), takesBack: true };
    },
    /** `signal` on the login that was just observed, as grave as the place allows. */
    judge(signal: Signal, seen: SeenEvent): Signal {
      if (crowded) return asArrival(signal);
      const source = seen.networks?.host;
      if (signal.severity !== 'low' && source !== undefined && !seen.trial) alerts.set(source, signal);
      return signal;
    },
  };
}

function factsOf({ actorId, networks, client }: SeenEvent, { total, parts }: LoginRisk): Facts {
  const from = { net: networks?.net ?? 'unknown', program: client?.name ?? 'unknown' };
  return { actor: actorId ?? 'unknown', ...from, score: total, ...parts };
}

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
    mediumNats: 4,
    lowPerThousandActorsAndWeek: 20,
    mediumPerThousandActorsAndWeek: 4,
    arrivals: 5,
    arrivalsWindowMs: 3 * 3_600_000,
    arrivalsKnownShare: 0.8,
    arrivalsStandMs: 24 * 3_600_000,
  },
  logic: {
    en: 'A score in nats (each a factor of 2.7), attacker against person: how unlike the person (and the company) network and client are, how soon after a login from elsewhere, at what hour. Medium from {mediumNats} and low from {lowNats} on, and above what all but {mediumPerThousandActorsAndWeek} (low: {lowPerThousandActorsAndWeek}) of 1,000 people a week stayed below in the trailing 30 days. Low, and what was said before is taken back, where {arrivals} or more people log in within {arrivalsWindowMs} from a source new to them and at least {arrivalsKnownShare} of them bring their own clients: a new office, and it stays one for {arrivalsStandMs} after such a crowd was seen. Silent below {minLogins} earlier logins, and where source and client are both known for the person.',
    ru: 'Оценка в натах (каждый — множитель 2,7), злоумышленник против человека: насколько сеть и клиент непохожи на этого человека (и компанию), как скоро после входа из другого места, в какой час. Средняя от {mediumNats}, низкая от {lowNats}, и выше того, чего за последние 30 дней не превысили все, кроме {mediumPerThousandActorsAndWeek} (низкая: {lowPerThousandActorsAndWeek}) из 1000 сотрудников в неделю. Низкая, а сказанное раньше снимается, если за {arrivalsWindowMs} с адреса, нового для них, входят {arrivals} или более сотрудников и доля пришедших со своими клиентами не ниже {arrivalsKnownShare}: это новый офис, и он остаётся им ещё {arrivalsStandMs}. Молчит, если прежних входов меньше {minLogins} или адрес и клиент для человека известны.',
  },
  blindSpots: {
    en: 'Without geography or reputation, a hosting provider and a hotel look alike. An attacker in the same pool of addresses with the same kind of client scores like the person.',
    ru: 'Без географии и репутации хостинг и гостиница неразличимы. Злоумышленник из того же пула адресов с тем же видом клиента оценивается как сам человек.',
  },
  start(params, { baseline, emit, leaveOut }) {
    const model = createLoginRisk();
    const budget = createAlertBudget();
    const places = createPlaces(params, baseline);

    function signalOf(seen: SeenEvent, actorId: string, risk: LoginRisk): Signal | 'short_history' | undefined {
      const { total } = risk;
      if (total < params.lowNats) return undefined;
      const logins = baseline.logins(actorId);
      const medium = budget.threshold(params.mediumPerThousandActorsAndWeek, seen.timeMs);
      const low = budget.threshold(params.lowPerThousandActorsAndWeek, seen.timeMs);
      if (logins < params.minLogins || medium === undefined || low === undefined) return 'short_history';
      if (total <= low) return undefined;
      return {
        rule: 'login_risk',
        severity: total >= params.mediumNats && total > medium ? 'medium' : 'low',
        events: [seen],
        score: total,
        facts: { ...factsOf(seen, risk), logins, threshold: Math.max(low, params.lowNats) },
      };
    }

    function judge(seen: SeenEvent, actorId: string): void {
      const risk = model.score(seen);
      const signal = signalOf(seen, actorId, risk);
      if (!seen.trial && baseline.logins(actorId) >= params.minLogins) {
        budget.note(seen.actor, risk.total, seen.timeMs);
      }
      const takenBack = places.observe(actorId, seen);
      if (takenBack !== undefined) emit(takenBack);
      if (signal === 'short_history') leaveOut('short_history', seen);
      else if (signal !== undefined) emit(places.judge(signal, seen));
    }

    return {
      observe(seen) {
        const { actorId } = seen;
        if (actorId === undefined || (seen.networks === undefined && seen.client === undefined)) return;
        // Only what is new can be strange, and most logins bring nothing new: they are not worth the work.
        if (!baseline.knowsHost(actorId, seen) || !baseline.knowsClient(actorId, seen)) judge(seen, actorId);
        else if (!seen.trial) budget.quiet(seen.timeMs);
        model.observe(seen);
      },
      learn: (activity) => model.learn(activity),
      onSignal(signal) {
        if (signal.rule === 'login_risk' || severityRank(signal.severity) === 0) return;
        for (const { actor, timeMs } of signal.events) budget.strike(actor, timeMs);
      },
    };
  },
});
