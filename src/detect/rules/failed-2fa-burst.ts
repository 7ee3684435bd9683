// Owns L1: many failed second factors of one person in a short time.
import { defineDetector, type SeenEvent } from '../detector.ts';
import { OUTCOME_KEYS, sameOrigin } from '../outcomes.ts';
import { createRecentOfActors } from '../recent.ts';

export const failed2faBurst = defineDetector({
  rule: 'failed_2fa_burst',
  code: 'L1',
  severity: 'medium',
  eventKeys: OUTCOME_KEYS,
  baseline: 'none',
  techniques: ['T1110.001', 'T1621'],
  params: { failures: 5, windowMs: 10 * 60_000 },
  logic: {
    en: '{failures} or more failed second factors of one actor within {windowMs}; a success from the same source or device starts the count anew.',
    ru: 'Не меньше {failures} неудач второго фактора одного сотрудника за {windowMs}; успех с того же адреса или устройства обнуляет счёт.',
  },
  blindSpots: {
    en: 'Wrong passwords are not logged, so guessing is seen only after the first factor. Slow guessing stays below the count; a drifted clock of the code generator looks the same.',
    ru: 'Неверные пароли не пишутся в журнал, поэтому подбор виден лишь после первого фактора. Медленный подбор не достигает порога; сбитые часы генератора кодов выглядят так же.',
  },
  start(params, context) {
    const failures = createRecentOfActors(params.windowMs);
    const forgetBefore = (success: SeenEvent): void =>
      failures.drop(success.actor, (failure) => failure.timeMs <= success.timeMs && sameOrigin(failure, success));
    return {
      failed(seen) {
        const actorId = seen.actorId ?? '';
        const events = [...failures.of(seen.actor, seen.timeMs), seen];
        failures.add(seen.actor, seen);
        if (events.length < params.failures) return;
        context.emit({
          rule: 'failed_2fa_burst',
          severity: 'medium',
          events,
          facts: { failures: failures.told(events.length, events), minutes: params.windowMs / 60_000, actor: actorId },
        });
      },
      succeeded(seen) {
        if (failures.of(seen.actor, seen.timeMs).length > 0) forgetBefore(seen);
      },
    };
  },
});
