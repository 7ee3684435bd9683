// Tests L6, new_network_and_client: what raises it, how grave it is, and what it must not be raised by.
import { describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../../src/audit/event.ts';
import { CHROME, DAY, detect, event, history, HOME, LINUX_FIREFOX, OFFICE, STRANGE } from '../support/events.ts';

const RULES = ['new_network_and_client'] as const;
const desk = history();
const login = (from: { ip?: string | null; ua?: string | null; at?: number }) => event({ at: 0, ...from });
const found = (events: readonly AuditEvent[]) => detect(events, RULES).findings.length;

describe('new_network_and_client', () => {
  test('a login from a new network with a new client is a low finding', () => {
    const { findings } = detect([...desk, login({ ip: STRANGE, ua: LINUX_FIREFOX })], RULES);
    expect(findings).toMatchObject([{ rule: 'new_network_and_client', severity: 'low', actor_ids: ['1'] }]);
    expect(findings[0]?.why).toContain('from 198.18.0.0/16 with');
  });

  test('why counts all logins to judge by, and ties no days to their number', () => {
    const long = [...history({}, 40), login({ ip: STRANGE, ua: LINUX_FIREFOX })];
    expect(detect(long, RULES).findings[0]?.why).toContain('within 30 days before. Earlier logins to judge by: 40.');
  });

  test('a new network alone (a journey) and a new client alone (a new laptop) are none', () => {
    expect(found([...desk, login({ ip: STRANGE, ua: CHROME })])).toBe(0);
    expect(found([...desk, login({ ip: HOME, ua: LINUX_FIREFOX })])).toBe(0);
  });

  test('an update of the same client is no new client', () => {
    expect(found([...desk, login({ ip: STRANGE, ua: CHROME.replace('138', '139') })])).toBe(0);
  });

  test('ten earlier logins are needed; with nine it is left out and counted', () => {
    const strange = login({ ip: STRANGE, ua: LINUX_FIREFOX });
    expect(found([...history({}, 10), strange])).toBe(1);
    expect(detect([...history({}, 9), strange], RULES)).toMatchObject({ findings: [], leftOut: { short_history: 1 } });
  });

  test('what was used exactly thirty days ago is known, what was used a millisecond earlier is not', () => {
    const before = (at: number) => event({ at, ip: STRANGE, ua: LINUX_FIREFOX });
    const strange = login({ ip: STRANGE, ua: LINUX_FIREFOX });
    expect(found([...desk, before(-30 * DAY), strange])).toBe(0);
    expect(found([...desk, before(-30 * DAY - 1), strange])).toBe(1);
  });

  test('what was used within the last day does not vouch for itself', () => {
    const first = event({ at: -DAY, ip: STRANGE, ua: LINUX_FIREFOX, key: 'user_2fa_success' });
    const again = (at: number) => login({ ip: STRANGE, ua: LINUX_FIREFOX, at });
    expect(found([...desk, first, again(-1)])).toBe(1);
    expect(found([...desk, first, again(0)])).toBe(0);
  });

  test('a shared address is left out and counted', () => {
    const office = ['2', '3', '4', '5', '6'].flatMap((actor) => history({ actor, ip: OFFICE }, 3));
    const { findings, leftOut } = detect([...desk, ...office, login({ ip: OFFICE, ua: LINUX_FIREFOX })], RULES);
    expect([findings, leftOut]).toEqual([[], { shared_address: 1 }]);
  });

  test('no events, and logins without address or client, are no finding', () => {
    expect(found([])).toBe(0);
    expect(found([...desk, login({ ip: null, ua: LINUX_FIREFOX }), login({ ip: STRANGE, ua: null })])).toBe(0);
  });
});
