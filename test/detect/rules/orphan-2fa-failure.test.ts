// Tests L5, orphan_2fa_failure: what raises it, how grave it is, and what it must not be raised by.
import { describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../../src/audit/event.ts';
import { detect, event, history, HOME, LINUX_FIREFOX, MINUTE, OFFICE, SECOND, STRANGE } from '../support/events.ts';

const RULES = ['orphan_2fa_failure'] as const;
const thief = { ip: STRANGE, ua: LINUX_FIREFOX };
const desk = history();
const fail = (from: { ip?: string | null; ua?: string } = thief) => event({ at: 0, key: 'user_2fa_fail', ...from });
const passed = (at: number, from: { ip?: string; ua?: string; key?: string } = thief) =>
  event({ at, key: 'user_2fa_success', ...from });
const severities = (events: readonly AuditEvent[]) => detect(events, RULES).findings.map(({ severity }) => severity);

describe('orphan_2fa_failure', () => {
  test('one failure from a new network that no success follows is medium', () => {
    const { findings } = detect([...desk, fail()], RULES);
    expect(findings).toMatchObject([
      { rule: 'orphan_2fa_failure', severity: 'medium', actor_ids: ['1'], ip_addresses: [STRANGE], event_count: 1 },
    ]);
    expect(findings[0]?.why).toContain('no success followed within 15 min (20 earlier logins)');
  });

  test('a success exactly fifteen minutes later clears it, a millisecond later it does not', () => {
    expect(severities([...desk, fail(), passed(15 * MINUTE)])).toEqual([]);
    expect(severities([...desk, fail(), passed(15 * MINUTE + 1)])).toEqual(['medium']);
  });

  test('a login clears it as well, also when it settles only after the wait', () => {
    expect(severities([...desk, fail(), passed(15 * MINUTE, { ...thief, key: 'user_login' })])).toEqual([]);
  });

  test('a login written just before its own failed factor does not clear it', () => {
    expect(severities([...desk, passed(-SECOND, { ...thief, key: 'user_login' }), fail()])).toEqual(['medium']);
  });

  test('the person at home does not clear what somebody else failed elsewhere', () => {
    expect(severities([...desk, fail(), passed(MINUTE, { ip: HOME })])).toEqual(['medium']);
  });

  test('a traveller who gets in with the same device from the next network clears it', () => {
    expect(severities([...desk, fail(), passed(MINUTE, { ip: '198.19.3.4', ua: LINUX_FIREFOX })])).toEqual([]);
  });

  test('ten earlier logins are needed; with nine it is left out and counted', () => {
    expect(severities([...history({}, 10), fail()])).toEqual(['medium']);
    expect(detect([...history({}, 9), fail()], RULES)).toMatchObject({ findings: [], leftOut: { short_history: 1 } });
  });

  test('a typo at home and a typo at a shared address are none', () => {
    expect(severities([...desk, fail({ ip: HOME })])).toEqual([]);
    const office = ['2', '3', '4', '5', '6'].flatMap((actor) => history({ actor, ip: OFFICE }, 3));
    const { findings, leftOut } = detect([...desk, ...office, fail({ ip: OFFICE })], RULES);
    expect([findings, leftOut]).toEqual([[], { shared_address: 1 }]);
  });

  test('the phone app that the person is known to use is low', () => {
    const ua = 'Pachca/3.60.0 (co.staply.pachca; build:15; iOS 18.5.0) Alamofire/5.0.0';
    expect(severities([...history({ ua }), fail({ ip: STRANGE, ua })])).toEqual(['low']);
  });

  test('no events, and a failure without an address, are no finding', () => {
    expect(severities([])).toEqual([]);
    expect(severities([...desk, fail({ ip: null })])).toEqual([]);
  });
});
