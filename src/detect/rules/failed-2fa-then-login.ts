// Owns L2: failed second factors and then a success, as guessing or wearing a person down ends.
import { defineDetector, type DetectorContext, type SeenEvent, type Severity } from '../detector.ts';
import { OUTCOME_KEYS } from '../outcomes.ts';
import { createRecentOfActors } from '../recent.ts';

interface Verdict {
  readonly severity: Severity;
  readonly extra: 'new_network' | 'other_source' | 'new_client' | 'short_history';
}

/** How bad a success after failures is; undefined where the person is known to come from here with this client. */
function judge(
  failures: readonly SeenEvent[],
  success: SeenEvent,
  minLogins: number,
  baseline: DetectorContext['baseline'],
): Verdict | undefined {
  const actorId = success.actorId ?? '';
  // Everything about a new colleague is new, and new colleagues mistype codes.
  if (baseline.logins(actorId) < minLogins) return { severity: 'low', extra: 'short_history' };
  const isFamiliar = (seen: SeenEvent) =>
    seen.networks === undefined || baseline.knowsNet(actorId, seen) || baseline.isShared(seen);
  if (!isFamiliar(success)) return { severity: 'high', extra: 'new_network' };
  if (!failures.every(isFamiliar)) return { severity: 'high', extra: 'other_source' };
  if (success.client === undefined || baseline.knowsClient(actorId, success)) return undefined;
  const atHome = baseline.knowsHost(actorId, success) || baseline.isShared(success);
  return { severity: atHome ? 'low' : 'medium', extra: 'new_client' };
}

export const failed2faThenLogin = defineDetector({
  rule: 'failed_2fa_then_login',
  code: 'L2',
  severity: 'high',
  eventKeys: OUTCOME_KEYS,
  baseline: 'actor',
  techniques: ['T1110', 'T1078.004'],
  params: { failures: 3, failureWindowMs: 10 * 60_000, successWindowMs: 10 * 60_000, minLogins: 3 },
  logic: {
    en: '{failures} or more failed second factors of one actor within {failureWindowMs}, then a success within {successWindowMs}; failures before an earlier success from the same source do not count. High when the network of the success or of a failure is new for the person; no finding when network and client are known; low below {minLogins} earlier logins.',
    ru: 'Не меньше {failures} неудач второго фактора одного сотрудника за {failureWindowMs}, затем успех в течение {successWindowMs}; неудачи до более раннего успеха с того же адреса не считаются. Высокая, если сеть успеха или неудачи новая для человека; без находки, если сеть и клиент известны; низкая, если прежних входов меньше {minLogins}.',
  },
  blindSpots: {
    en: 'An attacker inside a known network with a known kind of client is taken for the person. Fewer failures than the threshold are not seen.',
    ru: 'Злоумышленник в известной сети с клиентом известного вида принимается за самого человека. Меньшее число неудач не видно.',
  },
  start(params, context) {
    const failures = createRecentOfActors(params.failureWindowMs + params.successWindowMs);

    function judgeAfter(failed: readonly SeenEvent[], seen: SeenEvent): void {
      const before = failed.filter((failure) => failure.timeMs <= seen.timeMs);
      const last = before.at(-1);
      if (last === undefined || seen.timeMs - last.timeMs > params.successWindowMs) return;
      const burst = before.filter((failure) => failure.timeMs >= last.timeMs - params.failureWindowMs);
      const isBurst = burst.length >= params.failures;
      // A slip that was put right is no part of the next one's burst; what failed elsewhere still may be.
      const isOver = (failure: SeenEvent) => isBurst || failure.networks?.host === seen.networks?.host;
      if (!seen.trial) failures.drop(seen.actor, (failure) => failure.timeMs <= seen.timeMs && isOver(failure));
      if (!isBurst) return;
      const verdict = judge(burst, seen, params.minLogins, context.baseline);
      if (verdict === undefined) return context.leaveOut('known_source', seen);
      const actorId = seen.actorId ?? '';
      context.emit({
        rule: 'failed_2fa_then_login',
        severity: verdict.severity,
        events: [...burst, seen],
        facts: {
          failures: failures.told(burst.length, [...failed, seen]),
          seconds: (seen.timeMs - last.timeMs) / 1000,
          actor: actorId,
          net: seen.networks?.net ?? 'unknown',
          client: seen.client?.name ?? 'unknown',
          logins: context.baseline.logins(actorId),
        },
        extras: [verdict.extra],
      });
    }

    return {
      failed: (seen) => failures.add(seen.actor, seen),
      succeeded(seen) {
        const failed = failures.of(seen.actor, seen.timeMs);
        if (failed.length > 0) judgeAfter(failed, seen);
      },
    };
  },
});
