// Owns W2: somebody is given more rights than they had.
import { defineDetector } from '../detector.ts';
import { roleChangeOf, type RoleChange } from '../roles.ts';

function severityOf({ initiatorId, targetId, toAdmin }: RoleChange) {
  if (initiatorId === targetId) return 'critical';
  return toAdmin ? 'high' : 'low';
}

export const privilegeEscalation = defineDetector({
  rule: 'privilege_escalation',
  code: 'W2',
  severity: 'high',
  eventKeys: ['user_role_changed'],
  companyKeys: ['user_role_changed'],
  baseline: 'none',
  techniques: ['T1098.003'],
  params: {},
  logic: {
    en: 'A role rises (guest, multi_guest, user, admin, owner). High to admin or owner, low below; critical when somebody raises their own role.',
    ru: 'Роль повышена (guest, multi_guest, user, admin, owner). Высокая до admin или owner, низкая ниже; критическая, если сотрудник повышает роль сам себе.',
  },
  blindSpots: {
    en: 'A planned promotion looks the same. Roles inside a chat and roles that we do not know are not ranked.',
    ru: 'Плановое назначение выглядит так же. Роли внутри чата и неизвестные роли не сравниваются.',
  },
  start: (_params, { emit }) => ({
    observe(seen) {
      const change = roleChangeOf(seen);
      if (change === undefined || !change.rises) return;
      const { initiatorId, targetId, role } = change;
      emit({
        rule: 'privilege_escalation',
        severity: severityOf(change),
        events: [seen],
        actorIds: [initiatorId, targetId],
        facts: { initiator: initiatorId, target: targetId, role },
        extras: initiatorId === targetId ? ['own_role'] : [],
      });
    },
  }),
});
