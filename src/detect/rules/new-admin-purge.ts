// Owns W3: a fresh administrator throws out other administrators or many people.
import { initiatorOf } from '../../audit/event-details.ts';
import { defineDetector, type SeenEvent } from '../detector.ts';
import { createRecent } from '../recent.ts';
import { roleChangeOf, type RoleChange } from '../roles.ts';

const DAY_MS = 86_400_000;

/** Distinct people among the targets of `events`. */
function targets(events: readonly SeenEvent[]): number {
  return new Set(events.map((seen) => seen.event.entity_id)).size;
}

/** When each became the administrator that they are; bounded by people. */
function createPromotions() {
  const promotions = new Map<string, SeenEvent>();
  return {
    of: (id: string) => promotions.get(id),
    /** An administrator who becomes the owner is no new one. */
    note({ targetId, fromAdmin, toAdmin }: RoleChange, seen: SeenEvent): void {
      if (seen.trial) return;
      if (toAdmin && !fromAdmin) promotions.set(targetId, seen);
      if (fromAdmin && !toAdmin) promotions.delete(targetId);
    },
  };
}

export const newAdminPurge = defineDetector({
  rule: 'new_admin_purge',
  code: 'W3',
  severity: 'high',
  eventKeys: ['user_role_changed', 'user_deleted'],
  companyKeys: ['user_role_changed'],
  baseline: 'actor',
  techniques: ['T1531', 'T1098'],
  params: { newAdminMs: 7 * DAY_MS, windowMs: 60 * 60_000, demotions: 2, removals: 5 },
  logic: {
    en: 'Within {newAdminMs} of becoming an administrator, an actor demotes {demotions} or more other administrators, or removes {removals} or more accounts, within {windowMs}.',
    ru: 'Не позднее {newAdminMs} после назначения администратором сотрудник понижает {demotions} или более других администраторов либо удаляет {removals} или более учётных записей за {windowMs}.',
  },
  blindSpots: {
    en: 'The promotion must have been read: ask for a window, or a baseline, that holds it. A reorganisation led by a new administrator looks the same.',
    ru: 'Назначение должно попасть в прочитанное: в окно или в базовый период. Реорганизация под началом нового администратора выглядит так же.',
  },
  start(params, { emit }) {
    const promotions = createPromotions();
    const demotions = createRecent(params.windowMs);
    const removals = createRecent(params.windowMs);

    function judge(initiatorId: string, acts: readonly SeenEvent[], least: number, extra: string, nowMs: number) {
      const promotion = promotions.of(initiatorId);
      if (promotion === undefined || promotion.timeMs < nowMs - params.newAdminMs) return;
      const since = acts.filter((seen) => seen.timeMs >= promotion.timeMs);
      const people = targets(since);
      if (people < least) return;
      emit({
        rule: 'new_admin_purge',
        severity: 'high',
        events: [promotion, ...since],
        actorIds: [initiatorId],
        facts: {
          initiator: initiatorId,
          people: removals.told(people, acts),
          hours: (nowMs - promotion.timeMs) / 3_600_000,
          minutes: params.windowMs / 60_000,
        },
        extras: [extra],
      });
    }

    return {
      observe(seen) {
        const change = roleChangeOf(seen);
        if (change !== undefined) promotions.note(change, seen);
        const initiatorId = initiatorOf(seen.event);
        if (initiatorId === undefined || initiatorId === seen.event.entity_id) return;
        if (change?.fromAdmin === true && change.falls) {
          const acts = [...demotions.of(initiatorId, seen.timeMs), seen];
          demotions.add(initiatorId, seen);
          judge(initiatorId, acts, params.demotions, 'demotions', seen.timeMs);
        }
        if (seen.key !== 'user_deleted') return;
        const acts = [...removals.of(initiatorId, seen.timeMs), seen];
        removals.add(initiatorId, seen);
        judge(initiatorId, acts, params.removals, 'removals', seen.timeMs);
      },
    };
  },
});
