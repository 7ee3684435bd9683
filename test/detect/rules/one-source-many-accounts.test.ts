// Tests L11, one_source_many_accounts: what raises it, how grave it is, and what it must not be raised by.
import { describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../../src/audit/event.ts';
import { CHROME, detect, event, history, HOUR, LINUX_FIREFOX, MINUTE, OFFICE, STRANGE } from '../support/events.ts';

const RULES = ['one_source_many_accounts'] as const;
const people = (count: number) => Array.from({ length: count }, (_, index) => String(100 + index));
const company = people(8).flatMap((actor, index) => history({ actor, ip: `91.${20 + index}.1.7` }, 5));
const login = (actor: string, at: number, from: { ip?: string | null; ua?: string | null } = {}) =>
  event({ at, actor, ip: STRANGE, ua: LINUX_FIREFOX, ...from });
const logins = (count: number, from: { ip?: string; ua?: string } = {}) =>
  people(count).map((actor, index) => login(actor, index * MINUTE, from));
const found = (events: readonly AuditEvent[]) => detect(events, RULES).findings.length;

describe('one_source_many_accounts', () => {
  test('three accounts from one address that nobody used before, with strange clients, are high', () => {
    const { findings } = detect([...company, ...logins(3)], RULES);
    expect(findings).toMatchObject([
      { rule: 'one_source_many_accounts', severity: 'high', actor_ids: ['100', '101', '102'], event_count: 3 },
    ]);
    expect(findings[0]?.why).toContain(
      'an address new for the company: 3; of them with a client new for the person: 3.',
    );
  });

  test('two accounts are none, and so are three logins of two accounts', () => {
    expect(found([...company, ...logins(2)])).toBe(0);
    expect(found([...company, ...logins(2), login('101', 5 * MINUTE)])).toBe(0);
  });

  test('are not washed away by one of them who logs in 2,000 times in between', () => {
    const flood = Array.from({ length: 2000 }, (_, index) => login('101', 3 * MINUTE + index * 500));
    const { findings } = detect([...company, ...logins(3), ...flood, login('103', 30 * MINUTE)], RULES);
    expect(findings[0]?.why).toContain('new for the company: 4;');
  });

  test('the third counts exactly an hour after the first, and not a millisecond later', () => {
    expect(found([...company, ...logins(2), login('102', HOUR)])).toBe(1);
    expect(found([...company, ...logins(2), login('102', HOUR + 1)])).toBe(0);
  });

  test('people who bring their own clients have moved to a new office: left out and counted', () => {
    const { findings, leftOut } = detect([...company, ...logins(5, { ua: CHROME })], RULES);
    expect([findings, leftOut]).toEqual([[], { known_source: 3 }]);
  });

  test('half of them with strange clients is enough, less is not', () => {
    const mixed = (strange: number, usual: number) =>
      people(strange + usual).map((actor, index) =>
        login(actor, index * MINUTE, { ua: index < strange ? LINUX_FIREFOX : CHROME }),
      );
    expect(found([...company, ...mixed(2, 2)])).toBe(1);
    expect(found([...company, ...mixed(1, 2)])).toBe(0);
  });

  test('an address that one colleague has used is not new for the company', () => {
    const used = history({ actor: '107', ip: STRANGE }, 3);
    expect(found([...company, ...used, ...logins(3)])).toBe(0);
  });

  test('accounts need three earlier logins; new colleagues on their first day do not count', () => {
    const others = (days: number) => history({ actor: '200', ip: '91.99.1.7' }, days);
    expect(found([...company, ...others(3), ...logins(2), login('200', 3 * MINUTE)])).toBe(1);
    expect(found([...company, ...others(2), ...logins(2), login('200', 3 * MINUTE)])).toBe(0);
  });

  test('three accounts from three addresses of one network are none', () => {
    expect(found([...company, ...people(3).map((actor, at) => login(actor, at, { ip: `198.18.44.${at}` }))])).toBe(0);
  });

  test('no events, and logins without an address, are no finding', () => {
    expect(found([])).toBe(0);
    expect(found([...company, ...people(4).map((actor, at) => login(actor, at, { ip: null }))])).toBe(0);
    expect(found([...company, ...logins(3, { ip: OFFICE })])).toBe(1);
  });
});
