// Owns one small series of events for each login rule that sets it off; times are milliseconds after T0.
import type { AuditEvent } from '../../../src/audit/event.ts';
import type { LoginRuleId } from '../../../src/detect/rule-ids.ts';
import { act } from './changes.ts';
import { CHROME, DAY, event, history, HOUR, LINUX_FIREFOX, MINUTE, STRANGE } from './events.ts';

const thief = { ip: STRANGE, ua: LINUX_FIREFOX };
const people = ['100', '101', '102', '103', '104', '105'];
const homeOf = (actor: string): string => `91.${Number(actor) - 60}.1.7`;
const fail = (at: number, from: { actor?: string; ip?: string; ua?: string } = thief): AuditEvent =>
  event({ at, key: 'user_2fa_fail', ...from });
/** Everybody at home, and now and then one of them on a train. */
const company = people.flatMap((actor, index) => [
  ...history({ actor, ip: homeOf(actor) }, 30),
  event({ at: -(4 * index + 3) * DAY + HOUR, actor, ip: `91.${Number(actor) - 60}.200.${index}` }),
]);

export const LOGIN_SAMPLES: Readonly<Record<LoginRuleId, readonly AuditEvent[]>> = {
  dormant_account_active: [event({ at: -60 * DAY }), event({ at: 0, ...thief })],
  failed_2fa_then_login: [
    ...history(),
    ...[0, 1, 2].map((minute) => fail(minute * MINUTE)),
    event({ at: 4 * MINUTE, key: 'user_2fa_success', ...thief }),
    event({ at: 4 * MINUTE + 1, ...thief }),
  ],
  one_source_many_accounts: [
    ...company,
    ...people.map((actor, index) => event({ at: index * MINUTE, actor, ...thief })),
  ],
  failed_2fa_spray: people.map((actor, index) => fail(2 * index * MINUTE, { actor, ...thief })),
  failed_2fa_from_many_networks: Array.from({ length: 8 }, (_, index) =>
    fail(index * MINUTE, { ip: `198.${18 + index}.44.5` }),
  ),
  failed_2fa_burst: Array.from({ length: 6 }, (_, index) => fail(index * MINUTE)),
  activity_without_login: [...history(), act({ at: 0, key: 'search_messages_api', ...thief })],
  network_switch: [...history(), event({ at: 0 }), event({ at: MINUTE, ...thief })],
  scripted_login: [...history(), event({ at: 0, ua: 'python-requests/2.32.3' })],
  orphan_2fa_failure: [...history(), fail(0)],
  login_risk: [...company, event({ at: 0, actor: '100', ...thief })],
  new_network_and_client: [...history({ ua: CHROME }), event({ at: 0, ...thief })],
};
