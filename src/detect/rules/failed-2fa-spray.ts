// Owns L3: one source fails the second factor of many people.
import { defineDetector, type Params, type SeenEvent } from '../detector.ts';
import { OUTCOME_KEYS } from '../outcomes.ts';
import { createRecentOfSources } from '../recent.ts';

/** A busy source of one hour; beyond it, the oldest events of those who made most of them no longer count. */
const MAX_PER_SOURCE = 2000;

function groupByActor(failures: readonly SeenEvent[]): Map<string, SeenEvent[]> {
  const byActor = new Map<string, SeenEvent[]>();
  for (const seen of failures) {
    const actorId = seen.actorId ?? '';
    const events = byActor.get(actorId);
    if (events === undefined) byActor.set(actorId, [seen]);
    else events.push(seen);
  }
  return byActor;
}

/** Nobody's successes count for more than what anybody failed: one person who comes in again and again makes no place of work. */
function shareOfFailures(events: readonly SeenEvent[], failuresPerActor: number, successesPerActor: number): number {
  const counted = (key: string, most: number): number => {
    const groups = groupByActor(events.filter((seen) => seen.key === key)).values();
    return [...groups].reduce((sum, { length }) => sum + Math.min(length, most), 0);
  };
  const failed = counted('user_2fa_fail', failuresPerActor);
  // One login writes both keys, so they are not added up.
  const succeeded = Math.max(counted('user_2fa_success', successesPerActor), counted('user_login', successesPerActor));
  return failed / (failed + succeeded);
}

/** The failures of a spray, or undefined where `last`, a failure, and what the source did `before` are none. */
function sprayOf(
  before: readonly SeenEvent[],
  last: SeenEvent,
  params: Params & { actors: number; failuresPerActor: number; minSpanMs: number; failureShare: number },
): readonly SeenEvent[] | undefined {
  const failures = before.filter((seen) => seen.key === 'user_2fa_fail');
  failures.push(last);
  if (failures.length < params.actors) return undefined;
  const groups = [...groupByActor(failures).values()].filter((group) => group.length <= params.failuresPerActor);
  if (groups.length < params.actors) return undefined;
  const spray = failures.filter((seen) => groups.some((group) => group.includes(seen)));
  const spanMs = (spray.at(-1)?.timeMs ?? 0) - (spray[0]?.timeMs ?? 0);
  if (spanMs < params.minSpanMs) return undefined;
  const most = Math.max(...groups.map((group) => group.length));
  if (shareOfFailures([...before, last], params.failuresPerActor, most) < params.failureShare) return undefined;
  return spray;
}

export const failed2faSpray = defineDetector({
  rule: 'failed_2fa_spray',
  code: 'L3',
  severity: 'high',
  eventKeys: OUTCOME_KEYS,
  baseline: 'tenant',
  techniques: ['T1110.003'],
  params: { actors: 5, windowMs: 60 * 60_000, failuresPerActor: 8, minSpanMs: 5 * 60_000, failureShare: 0.5 },
  logic: {
    en: 'One source (v4 address, v6 /64) fails the second factor of {actors} or more actors within {windowMs}, at most {failuresPerActor} times each, over at least {minSpanMs}, and at least {failureShare} of its attempts fail. Sources that many people share are left out.',
    ru: 'Один адрес (v4 или v6 /64) не проходит второй фактор {actors} или более сотрудников за {windowMs}, не больше {failuresPerActor} раз каждый, не быстрее {minSpanMs}, и доля неудач не ниже {failureShare}. Общие адреса не учитываются.',
  },
  blindSpots: {
    en: 'A spray from behind a shared address of the company, or spread over many addresses, is not seen. Wrong passwords are not logged.',
    ru: 'Перебор из-за общего адреса компании или с множества адресов не виден. Неверные пароли в журнал не пишутся.',
  },
  start(params, context) {
    const attempts = createRecentOfSources(params.windowMs, MAX_PER_SOURCE);
    return {
      observe(seen) {
        const source = seen.networks?.host;
        if (source === undefined || seen.actorId === undefined) return;
        const isFailure = seen.key === 'user_2fa_fail';
        const events = isFailure ? sprayOf(attempts.of(source, seen.timeMs), seen, params) : undefined;
        attempts.add(source, seen);
        if (events === undefined) return;
        if (context.baseline.isShared(seen)) return context.leaveOut('shared_address', seen);
        const actors = new Set(events.map((event) => event.actorId)).size;
        context.emit({
          rule: 'failed_2fa_spray',
          severity: 'high',
          events,
          // The most people name the incident, however often one of them failed.
          size: actors,
          facts: {
            failures: events.length,
            actors,
            minutes: params.windowMs / 60_000,
            source,
          },
        });
      },
    };
  },
});
