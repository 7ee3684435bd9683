// Owns W5: an account that was removed soon after it was created.
import { initiatorOf } from '../../audit/event-details.ts';
import type { EventKey } from '../../audit/event-keys.ts';
import { defineDetector, type SeenEvent, type Severity } from '../detector.ts';
import { createRecent } from '../recent.ts';

const DAY_MS = 86_400_000;

export const SHORT_LIVED_PARAMS = { lifetimeMs: DAY_MS, lookbackMs: 7 * DAY_MS } as const;
/** The ends of a life; whoever caused them. */
export const SHORT_LIVED_KEYS: readonly EventKey[] = ['user_created', 'user_deleted'];

export const shortLivedAccount = defineDetector({
  rule: 'short_lived_account',
  code: 'W5',
  severity: 'medium',
  eventKeys: [...SHORT_LIVED_KEYS, 'user_login'],
  baseline: 'actor',
  techniques: ['T1136.003'],
  params: { ...SHORT_LIVED_PARAMS },
  logic: {
    en: 'An account is removed within {lifetimeMs} of its creation; high if it logged in meanwhile. Up to {lookbackMs} it is low, so that waiting a day does not hide it.',
    ru: 'Учётная запись удалена не позднее {lifetimeMs} после создания; высокая, если в неё успели войти. До {lookbackMs} низкая, чтобы лишний день ожидания её не скрыл.',
  },
  blindSpots: {
    en: 'The creation must have been read: ask for a baseline of 7 days or more. Test accounts and mistyped invitations look the same.',
    ru: 'Создание должно попасть в прочитанное: базовый период не короче 7 дней. Тестовые записи и ошибочные приглашения выглядят так же.',
  },
  start(params, { emit }) {
    const created = createRecent(params.lookbackMs, 1);
    const entered = createRecent(params.lookbackMs, 1);

    function severityOf(lifetimeMs: number, loggedIn: boolean): Severity {
      if (lifetimeMs > params.lifetimeMs) return 'low';
      return loggedIn ? 'high' : 'medium';
    }

    function removed(seen: SeenEvent, accountId: string): void {
      const creation = created.of(accountId, seen.timeMs).at(-1);
      if (creation === undefined) return;
      const login = entered.of(accountId, seen.timeMs).find(({ timeMs }) => timeMs >= creation.timeMs);
      const lifetimeMs = seen.timeMs - creation.timeMs;
      const people = [accountId, initiatorOf(creation.event), initiatorOf(seen.event)];
      emit({
        rule: 'short_lived_account',
        severity: severityOf(lifetimeMs, login !== undefined),
        events: login === undefined ? [creation, seen] : [creation, login, seen],
        actorIds: [...new Set(people.filter((id) => id !== undefined))],
        facts: { account: accountId, hours: lifetimeMs / 3_600_000, initiator: initiatorOf(seen.event) ?? '' },
        extras: login === undefined ? [] : ['logged_in'],
      });
    }

    return {
      observe(seen) {
        const accountId = seen.event.entity_id;
        if (seen.key === 'user_login') {
          const id = seen.actorId;
          if (id !== undefined && created.of(id, seen.timeMs).length > 0) entered.add(id, seen);
        } else if (!accountId) return;
        else if (seen.key === 'user_created') created.add(accountId, seen);
        else if (seen.key === 'user_deleted') removed(seen, accountId);
      },
    };
  },
});
