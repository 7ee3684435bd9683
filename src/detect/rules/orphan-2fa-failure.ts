// Owns L5: a failed second factor from a strange network that no success follows: somebody else knows the password.
import { defineDetector, type SeenEvent } from '../detector.ts';
import { OUTCOME_KEYS, sameOrigin, SETTLE_MS } from '../outcomes.ts';

/** Whether `success`, within `waitMs` after `failure`, shows that it was the person who failed. */
function explains(success: SeenEvent, failure: SeenEvent, waitMs: number): boolean {
  return (
    failure.actorId === success.actorId &&
    failure.timeMs <= success.timeMs &&
    success.timeMs <= failure.timeMs + waitMs &&
    sameOrigin(failure, success)
  );
}

export const orphan2faFailure = defineDetector({
  rule: 'orphan_2fa_failure',
  code: 'L5',
  severity: 'medium',
  eventKeys: OUTCOME_KEYS,
  baseline: 'actor',
  techniques: ['T1078', 'T1110.004'],
  params: { waitMs: 15 * 60_000, minLogins: 10 },
  logic: {
    en: 'A failed second factor of a person with {minLogins} or more earlier logins, from a network not seen for the person in 30 days, and no success from that source or device within {waitMs}. Low for a phone app that the person is known to use.',
    ru: 'Неудача второго фактора сотрудника, у которого не меньше {minLogins} прежних входов, из сети, которой у него не было 30 дней, и без успеха с того же адреса или устройства за {waitMs}. Низкая, если это известное у него приложение на телефоне.',
  },
  blindSpots: {
    en: 'It takes a failure for proof that the password was right, which the vendor does not promise. A traveller who gives up looks the same; failures in the last minutes of the window are not judged yet.',
    ru: 'Неудача считается признаком верного пароля, чего производитель не обещает. Человек в поездке, который сдался, выглядит так же; неудачи последних минут окна ещё не оценены.',
  },
  start(params, context) {
    let waiting: SeenEvent[] = [];
    const { baseline, leaveOut } = context;

    function judge(seen: SeenEvent): void {
      const actorId = seen.actorId ?? '';
      const isOwnPhone = seen.client?.kind === 'app' && baseline.knowsClient(actorId, seen);
      context.emit({
        rule: 'orphan_2fa_failure',
        severity: isOwnPhone ? 'low' : 'medium',
        events: [seen],
        facts: {
          actor: actorId,
          net: seen.networks?.net ?? 'unknown',
          client: seen.client?.name ?? 'unknown',
          minutes: params.waitMs / 60_000,
          logins: baseline.logins(actorId),
        },
      });
    }

    return {
      failed(seen) {
        const { actorId, networks } = seen;
        if (actorId === undefined || networks === undefined || baseline.knowsNet(actorId, seen)) return;
        if (baseline.isShared(seen)) return leaveOut('shared_address', seen);
        if (baseline.logins(actorId) < params.minLogins) return leaveOut('short_history', seen);
        if (seen.trial) return judge(seen);
        waiting.push(seen);
      },
      succeeded(seen) {
        if (waiting.length > 0) waiting = waiting.filter((failure) => !explains(seen, failure, params.waitMs));
      },
      advance(nowMs) {
        // Oldest first. A login at the very end of the wait may itself have to settle first.
        const beforeMs = nowMs - params.waitMs - SETTLE_MS;
        if ((waiting[0]?.timeMs ?? Infinity) >= beforeMs) return;
        const due = waiting.filter((failure) => failure.timeMs < beforeMs);
        waiting = waiting.slice(due.length);
        for (const failure of due) judge(failure);
      },
    };
  },
});
