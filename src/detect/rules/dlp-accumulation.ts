// Owns W14: one person trips the rules against leaks again and again.
import { flagIn, idIn } from '../../audit/event-details.ts';
import { defineDetector } from '../detector.ts';
import { createHabits } from '../habits.ts';
import { createRecent } from '../recent.ts';

const HOUR_MS = 3_600_000;

export const dlpAccumulation = defineDetector({
  rule: 'dlp_accumulation',
  code: 'W14',
  severity: 'medium',
  eventKeys: ['dlp_violation_detected'],
  companyKeys: ['dlp_violation_detected'],
  baseline: 'actor',
  techniques: ['T1567'],
  params: { violations: 3, windowMs: 24 * HOUR_MS, dlpRules: 2, dlpRulesWindowMs: HOUR_MS, habitDays: 3 },
  logic: {
    en: '{violations} or more DLP violations of one person within {windowMs}, and more than usual (own habit of {habitDays} days, 99.9th percentile of the company), or {dlpRules} different DLP rules within {dlpRulesWindowMs}; high when both hold. Events with conditions_matched = false do not count.',
    ru: 'Не меньше {violations} нарушений DLP одного человека за {windowMs}, и больше обычного (своя привычка за {habitDays} дня, 99,9-й процентиль компании), либо {dlpRules} разных правила DLP за {dlpRulesWindowMs}; высокая, если верно и то и другое. События с conditions_matched = false не считаются.',
  },
  blindSpots: {
    en: 'Only DLP rules whose action logs are written; a rule that only blocks leaves no trace. A noisy pattern makes many violations that are none.',
    ru: 'Пишутся только правила DLP с действием «в журнал»; правило, которое лишь блокирует, следа не оставляет. Неточный шаблон даёт много ложных нарушений.',
  },
  start(params, { emit, leaveOut }) {
    const violations = createRecent(params.windowMs, 500);
    const habits = createHabits({ fixed: params.violations, habitDays: params.habitDays });
    return {
      observe(seen) {
        const userId = idIn(seen.event, 'user_id') ?? seen.actorId;
        if (userId === undefined || flagIn(seen.event, 'conditions_matched') === false) return;
        const events = [...violations.of(userId, seen.timeMs), seen];
        violations.add(userId, seen);
        const { over, usual } = habits.judge(userId, seen, events.length);
        const lastHour = events.filter(({ timeMs }) => timeMs >= seen.timeMs - params.dlpRulesWindowMs);
        const dlpRules = new Set(lastHour.map(({ event }) => idIn(event, 'dlp_rule_id') ?? '')).size;
        const isVaried = dlpRules >= params.dlpRules;
        if (!over && !isVaried) return usual ? leaveOut('usual_amount', seen) : undefined;
        emit({
          rule: 'dlp_accumulation',
          severity: over && isVaried ? 'high' : 'medium',
          events: over ? events : lastHour,
          actorIds: [userId],
          facts: {
            user: userId,
            violations: over ? violations.told(events.length, events) : lastHour.length,
            hours: (over ? params.windowMs : params.dlpRulesWindowMs) / HOUR_MS,
            rules: dlpRules,
          },
          extras: isVaried ? ['many_rules'] : [],
        });
      },
    };
  },
});
