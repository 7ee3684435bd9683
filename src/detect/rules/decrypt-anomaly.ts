// Owns W15: somebody has many messages decrypted, or for a reason that is new and rare.
import { textIn } from '../../audit/event-details.ts';
import { createBursts } from '../bursts.ts';
import { defineDetector, type SeenEvent } from '../detector.ts';
import { createSightings } from '../sightings.ts';

const DAY_MS = 86_400_000;

export const decryptAnomaly = defineDetector({
  rule: 'decrypt_anomaly',
  code: 'W15',
  severity: 'medium',
  eventKeys: ['kms_decrypt'],
  baseline: 'actor',
  techniques: ['T1213.005'],
  params: {
    decryptions: 50,
    windowMs: 10 * 60_000,
    habitDays: 3,
    unseenMs: 30 * DAY_MS,
    minHistoryMs: 7 * DAY_MS,
    commonActors: 3,
  },
  logic: {
    en: 'One actor has {decryptions} or more messages decrypted within {windowMs}, and more than usual (own habit of {habitDays} days, 99.9th percentile of the company); or for a reason not seen from them in {unseenMs} that fewer than {commonActors} actors use, where at least {minHistoryMs} before were read.',
    ru: 'По запросу одного сотрудника расшифровано не меньше {decryptions} сообщений за {windowMs}, и больше обычного (своя привычка за {habitDays} дня, 99,9-й процентиль компании); либо по причине, которой у него не было за {unseenMs} и которой пользуются меньше {commonActors} сотрудников, если прочитано не меньше {minHistoryMs} до этого.',
  },
  blindSpots: {
    en: 'Only companies with their own keys have these events. Loading a long history or building an index anew looks the same; without a baseline the fixed limit may be too low for a company.',
    ru: 'Эти события есть только у компаний с собственными ключами. Загрузка длинной истории или переиндексация выглядят так же; без базового периода порог может быть слишком низким.',
  },
  start(params, { emit, leaveOut, historySinceMs, seesCompany }) {
    const bursts = createBursts({ spanMs: params.windowMs, fixed: params.decryptions, habitDays: params.habitDays });
    const reasons = createSightings({ horizonMs: params.unseenMs });
    /** The first actors seen with each reason; enough to know that it is common. */
    const actorsOf = new Map<string, Set<string>>();

    function isNewReason(seen: SeenEvent, actorId: string, reason: string): boolean {
      const key = `${actorId}|${reason}`;
      const isKnown = reasons.knows(key, seen.timeMs);
      const actors = actorsOf.get(reason) ?? new Set();
      const isCommon = actors.size >= params.commonActors;
      if (!seen.trial && !isCommon) actorsOf.set(reason, actors.add(actorId));
      const isNew = !isKnown && !isCommon && historySinceMs('kms_decrypt') <= seen.timeMs - params.minHistoryMs;
      reasons.note(key, seen, isNew);
      return isNew;
    }

    return {
      observe(seen) {
        const { actorId } = seen;
        if (actorId === undefined) return;
        const burst = bursts.observe(actorId, seen);
        const reason = textIn(seen.event, 'reason');
        const isNew = seesCompany && reason !== undefined && isNewReason(seen, actorId, reason);
        if (burst?.usual === true) leaveOut('usual_amount', seen);
        if (burst?.over !== true && !isNew) return;
        const count = burst?.count ?? Math.max(1, bursts.countOf(actorId, seen.timeMs));
        emit({
          rule: 'decrypt_anomaly',
          severity: 'medium',
          events: burst?.over === true ? burst.events : [seen],
          size: count,
          facts: {
            actor: actorId,
            count: burst?.told ?? count,
            minutes: params.windowMs / 60_000,
            reason: reason ?? 'unknown',
          },
          extras: isNew ? ['new_reason'] : burst?.knowsPast === false ? ['no_baseline'] : [],
        });
      },
    };
  },
});
