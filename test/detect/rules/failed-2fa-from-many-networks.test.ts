// Tests L4, failed_2fa_from_many_networks: what raises it, how grave it is, and what it must not be raised by.
import { describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../../src/audit/event.ts';
import { detect, event, MINUTE, SECOND } from '../support/events.ts';

const RULES = ['failed_2fa_from_many_networks'] as const;
const fail = (at: number, ip: string | null, actor = '1') => event({ at, key: 'user_2fa_fail', ip, actor });
/** `count` failures, a minute apart, going round `networks` networks. */
const fails = (count: number, networks: number) =>
  Array.from({ length: count }, (_, index) => fail(index * MINUTE, `198.${18 + (index % networks)}.44.5`));
const found = (events: readonly AuditEvent[]) => detect(events, RULES).findings.length;

describe('failed_2fa_from_many_networks', () => {
  test('six failures from three networks in half an hour are medium, with the numbers in it', () => {
    const { findings } = detect(fails(6, 3), RULES);
    expect(findings).toMatchObject([
      { rule: 'failed_2fa_from_many_networks', severity: 'medium', actor_ids: ['1'], event_count: 6 },
    ]);
    expect(findings[0]?.why).toBe(
      'Within 30 min the second factor of actor 1 failed from 3 different networks, failures: 6.',
    );
  });

  test('five failures are none, and so are six from two networks', () => {
    expect(found(fails(5, 3))).toBe(0);
    expect(found(fails(6, 2))).toBe(0);
  });

  test('many addresses of one network are one network: a phone that moves about', () => {
    const moving = Array.from({ length: 8 }, (_, index) => fail(index * MINUTE, `198.18.${index}.5`));
    expect(found(moving)).toBe(0);
    const v6 = Array.from({ length: 8 }, (_, index) => fail(index * MINUTE, `2001:db8:${index}::5`));
    expect(found(v6)).toBe(0);
  });

  test('the sixth counts exactly half an hour after the first, and not a millisecond later', () => {
    const five = fails(5, 3);
    expect(found([...five, fail(30 * MINUTE, '198.20.44.5')])).toBe(1);
    expect(found([...five, fail(30 * MINUTE + 1, '198.20.44.5')])).toBe(0);
  });

  test('failures of other people and failures without an address do not add up', () => {
    expect(found([...fails(5, 3), fail(6 * MINUTE, '198.30.44.5', '2')])).toBe(0);
    expect(found([...fails(5, 3), fail(6 * MINUTE, null)])).toBe(0);
  });

  test('two hundred failures are one finding', () => {
    const flood = Array.from({ length: 200 }, (_, index) => fail(index * SECOND, `198.${18 + (index % 50)}.44.5`));
    expect(found(flood)).toBe(1);
  });

  test('no events are no finding', () => {
    expect(found([])).toBe(0);
  });
});
