// Tests L8, network_switch: what raises it, how grave it is, and what it must not be raised by.
import { describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../../src/audit/event.ts';
import { CHROME, detect, event, history, HOME, LINUX_FIREFOX, MINUTE, OFFICE, STRANGE } from '../support/events.ts';

const RULES = ['network_switch'] as const;
const IPHONE = 'Pachca/3.60.0 (co.staply.pachca; build:15; iOS 18.5.0) Alamofire/5.0.0';
const desk = history();
const home = event({ at: 0 });
const sign = (at: number, from: { ip?: string | null; ua?: string | null; key?: string } = {}) =>
  event({ at, ip: STRANGE, ua: LINUX_FIREFOX, ...from });
const found = (events: readonly AuditEvent[]) => detect(events, RULES).findings.length;

describe('network_switch', () => {
  test('one person at home and, minutes later, in a new network with another system is medium', () => {
    const { findings } = detect([...desk, home, sign(5 * MINUTE)], RULES);
    expect(findings).toMatchObject([{ rule: 'network_switch', severity: 'medium', actor_ids: ['1'], event_count: 2 }]);
    expect(findings[0]?.why).toBe(
      'Actor 1 was in 91.10.0.0/16 (Windows) and 300 s later in 198.18.0.0/16 (Linux); at least one of the networks is new for this person.',
    );
    expect(findings[0]?.ip_addresses.toSorted()).toEqual([STRANGE, HOME].toSorted());
  });

  test('either order is seen: the stranger first, the person after', () => {
    expect(found([...desk, sign(0), event({ at: 5 * MINUTE })])).toBe(1);
  });

  test('fifteen minutes apart is a switch, a millisecond more is none', () => {
    expect(found([...desk, home, sign(15 * MINUTE)])).toBe(1);
    expect(found([...desk, home, sign(15 * MINUTE + 1)])).toBe(0);
  });

  test('another network with the same system, and another system in the same network, are none', () => {
    expect(found([...desk, home, sign(MINUTE, { ua: CHROME })])).toBe(0);
    expect(found([...desk, home, sign(MINUTE, { ip: HOME })])).toBe(0);
  });

  test('a phone on a new carrier beside the desk is daily life', () => {
    expect(found([...desk, home, sign(MINUTE, { ua: IPHONE })])).toBe(0);
  });

  test('two networks that are both known are none', () => {
    const elsewhere = history({ ip: STRANGE, ua: LINUX_FIREFOX });
    expect(found([...desk, ...elsewhere, home, sign(MINUTE)])).toBe(0);
  });

  test('an address that many people share is left out and counted', () => {
    const office = ['2', '3', '4', '5', '6'].flatMap((actor) => history({ actor, ip: OFFICE }, 3));
    const { findings, leftOut } = detect([...desk, ...office, home, sign(MINUTE, { ip: OFFICE })], RULES);
    expect([findings, leftOut]).toEqual([[], { shared_address: 1 }]);
  });

  test('three earlier logins are needed; with two it is left out and counted', () => {
    expect(found([...history({}, 3), home, sign(MINUTE)])).toBe(1);
    const { findings, leftOut } = detect([...history({}, 2), home, sign(MINUTE)], RULES);
    expect([findings, leftOut]).toEqual([[], { short_history: 1 }]);
  });

  test('no events, and signs without address or client, are no finding', () => {
    expect(found([])).toBe(0);
    expect(found([...desk, home, sign(MINUTE, { ip: null }), sign(MINUTE, { ua: null })])).toBe(0);
  });
});
