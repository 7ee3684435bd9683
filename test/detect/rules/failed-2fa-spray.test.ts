// Tests L3, failed_2fa_spray: what raises it, how grave it is, and what it must not be raised by.
import { describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../../src/audit/event.ts';
import { detect, event, history, HOUR, MINUTE, OFFICE, SECOND, STRANGE } from '../support/events.ts';

const RULES = ['failed_2fa_spray'] as const;
const fail = (actor: number, at: number, ip: string | null = STRANGE) =>
  event({ at, key: 'user_2fa_fail', actor: String(actor), ip });
/** One failure each of `actors` people, evenly over `spanMs`. */
const spray = (actors: number, spanMs = 20 * MINUTE, ip: string | null = STRANGE) =>
  Array.from({ length: actors }, (_, index) => fail(100 + index, Math.round((index * spanMs) / (actors - 1)), ip));
const found = (events: readonly AuditEvent[]) => detect(events, RULES).findings.length;

describe('failed_2fa_spray', () => {
  test('five people failing from one address are one high finding with the numbers in it', () => {
    const { findings } = detect(spray(5), RULES);
    expect(findings).toMatchObject([{ rule: 'failed_2fa_spray', severity: 'high', event_count: 5 }]);
    expect(findings[0]?.actor_ids).toEqual(['100', '101', '102', '103', '104']);
    expect(findings[0]?.why).toContain('failed 5 second factors of 5 different actors');
  });

  test('four people are none, and so are five from five addresses', () => {
    expect(found(spray(4))).toBe(0);
    expect(found(spray(5).map((one, index) => ({ ...one, ip_address: `198.18.44.${index}` })))).toBe(0);
    expect(found(spray(5, 20 * MINUTE, null))).toBe(0);
  });

  test('the fifth counts exactly an hour after the first, and not a millisecond later', () => {
    expect(found(spray(5, HOUR))).toBe(1);
    expect(found([...spray(4, 50 * MINUTE), fail(104, HOUR + 1)])).toBe(0);
  });

  test('five minutes from first to last are a spray, a millisecond less is a crowd at a broken door', () => {
    expect(found(spray(5, 5 * MINUTE))).toBe(1);
    expect(found([...spray(4, 4 * MINUTE), fail(104, 5 * MINUTE - 1)])).toBe(0);
  });

  test.each(['user_login', 'user_2fa_fail'])(
    'is not washed away by one of them who makes 4,000 %s in between',
    (key) => {
      const flood = Array.from({ length: 4000 }, (_, index) =>
        event({ at: 15 * MINUTE + index * 50, key, actor: '999', ip: STRANGE }),
      );
      const { findings } = detect([...spray(6), ...flood], RULES);
      expect(findings).toMatchObject([{ severity: 'high' }]);
      expect(findings[0]?.why).toContain('of 6 different actors');
    },
  );

  test('who fails eight times belongs to it, who fails nine times is somebody who cannot get in', () => {
    const often = (count: number) => Array.from({ length: count }, (_, index) => fail(104, index * SECOND + 1));
    expect(found([...spray(4), ...often(8)])).toBe(1);
    expect(found([...spray(4), ...often(9)])).toBe(0);
  });

  test('half of the attempts must fail; one success more and it is a place where people work', () => {
    const logins = (count: number) =>
      Array.from({ length: count }, (_, index) =>
        event({ at: index * SECOND, actor: String(200 + index), ip: STRANGE, key: 'user_2fa_success' }),
      );
    expect(found([...spray(5), ...logins(5)])).toBe(1);
    expect(found([...spray(5), ...logins(6)])).toBe(0);
  });

  test('a login and its second factor are one attempt', () => {
    const logins = Array.from({ length: 5 }, (_, index) => index).flatMap((index) =>
      ['user_login', 'user_2fa_success'].map((key) =>
        event({ at: index * SECOND, actor: String(200 + index), ip: STRANGE, key }),
      ),
    );
    expect(found([...spray(5), ...logins])).toBe(1);
  });

  test('an office where five people are known to work is left out and counted', () => {
    const office = ['1', '2', '3', '4', '5'].flatMap((actor) => history({ actor, ip: OFFICE }, 3));
    const events = [...office, ...spray(5, 20 * MINUTE, OFFICE)];
    expect(detect(events, RULES)).toMatchObject({ findings: [], leftOut: { shared_address: 1 } });
  });

  test('one network of IPv6 is one source', () => {
    const inNetwork = spray(5).map((one, index) => ({ ...one, ip_address: `2001:db8:1:2::${index + 1}` }));
    const across = spray(5).map((one, index) => ({ ...one, ip_address: `2001:db8:1:${index + 1}::1` }));
    expect(found(inNetwork)).toBe(1);
    expect(found(across)).toBe(0);
  });

  test('a spray that goes on all afternoon is one finding that counts everybody', () => {
    const { findings } = detect(spray(60, 5 * HOUR), RULES);
    expect(findings).toMatchObject([{ event_count: 60 }]);
  });

  test('no events are no finding', () => {
    expect(found([])).toBe(0);
  });
});
