// Owns W4: one person removes many accounts in a short time.
import { initiatorOf } from '../../audit/event-details.ts';
import { defineDetector } from '../detector.ts';
import { familiarity } from '../familiarity.ts';
import { createHabits } from '../habits.ts';
import { createRecent } from '../recent.ts';
import { createSightings } from '../sightings.ts';

export const massAccountRemoval = defineDetector({
  rule: 'mass_account_removal',
  code: 'W4',
  severity: 'high',
  eventKeys: ['user_deleted', 'user_created', 'user_login'],
  baseline: 'actor',
  techniques: ['T1531'],
  params: { accounts: 5, windowMs: 60 * 60_000, massAccounts: 25, habitDays: 3 },
  logic: {
    en: '{accounts} or more accounts, and more than usual (own habit of {habitDays} days, 99.9th percentile of the company), removed by one initiator within {windowMs}. Low below {massAccounts} when the initiator manages accounts anyway and acts from a known network and client: an offboarding.',
    ru: 'Не меньше {accounts} учётных записей, и больше обычного (своя привычка за {habitDays} дня, 99,9-й процентиль компании), удалено одним инициатором за {windowMs}. Низкая при числе меньше {massAccounts}, если инициатор и так ведёт учётные записи и действует из известной сети и клиента: увольнения.',
  },
  blindSpots: {
    en: 'An administrator who manages accounts and turns against the company from their own desk is low below the mass threshold. Slow removal stays below the count.',
    ru: 'Администратор, который ведёт учётные записи и вредит со своего места, до массового порога низкий. Медленное удаление не достигает порога.',
  },
  start(params, { baseline, emit, leaveOut }) {
    const removals = createRecent(params.windowMs, 1000);
    const habits = createHabits({ fixed: params.accounts, habitDays: params.habitDays });
    const managers = createSightings();
    /** Who removed many, when it was no routine: a first attack must not make a routine of the second. */
    const suspects = createSightings();
    return {
      observe(seen) {
        const initiatorId = initiatorOf(seen.event);
        if (initiatorId === undefined || seen.key === 'user_login' || initiatorId === seen.event.entity_id) return;
        const manages = managers.of(initiatorId, seen.timeMs).days > suspects.of(initiatorId, seen.timeMs).days;
        managers.note(initiatorId, seen);
        if (seen.key !== 'user_deleted') return;
        const events = [...removals.of(initiatorId, seen.timeMs), seen];
        removals.add(initiatorId, seen);
        const accounts = new Set(events.map(({ event }) => event.entity_id)).size;
        const { over, usual, limit, knowsPast } = habits.judge(initiatorId, seen, accounts);
        if (usual) leaveOut('usual_amount', seen);
        if (!over) return;
        const isRoutine = manages && familiarity(baseline, initiatorId, seen) === 'familiar';
        const severity = isRoutine && accounts < params.massAccounts ? 'low' : 'high';
        if (severity === 'high') {
          suspects.note(initiatorId, seen);
          habits.distrust(initiatorId, seen);
        }
        emit({
          rule: 'mass_account_removal',
          severity,
          events,
          actorIds: [initiatorId],
          facts: {
            initiator: initiatorId,
            accounts: removals.told(accounts, events),
            limit,
            minutes: params.windowMs / 60_000,
          },
          extras: isRoutine ? ['routine'] : knowsPast ? [] : ['no_baseline'],
        });
      },
    };
  },
});
