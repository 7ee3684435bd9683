// Tests L1, failed_2fa_burst: what raises it, how grave it is, and what it must not be raised by.
import { describe, expect, test } from 'vitest';
import { detect, event, MINUTE, SECOND, STRANGE } from '../support/events.ts';

const RULES = ['failed_2fa_burst'] as const;
const fails = (count: number, gapMs = MINUTE, ip = STRANGE) =>
  Array.from({ length: count }, (_, index) => event({ at: index * gapMs, key: 'user_2fa_fail', ip }));

describe('failed_2fa_burst', () => {
  test('five failures in ten minutes are one finding of medium severity with the numbers in it', () => {
    const { findings } = detect(fails(5), RULES);
    expect(findings).toMatchObject([
      { rule: 'failed_2fa_burst', severity: 'medium', actor_ids: ['1'], ip_addresses: [STRANGE], event_count: 5 },
    ]);
    expect(findings[0]?.why).toContain(': 5');
  });

  test('four failures are none', () => {
    expect(detect(fails(4), RULES).findings).toEqual([]);
  });

  test('a fifth failure exactly ten minutes after the first counts, one millisecond later it does not', () => {
    const four = fails(4, SECOND);
    const fifth = (at: number) => event({ at, key: 'user_2fa_fail', ip: STRANGE });
    expect(detect([...four, fifth(10 * MINUTE)], RULES).findings).toHaveLength(1);
    expect(detect([...four, fifth(10 * MINUTE + 1)], RULES).findings).toEqual([]);
  });

  test('a success from the same source in between starts the count anew', () => {
    const passed = event({ at: 2 * MINUTE + SECOND, key: 'user_2fa_success', ip: STRANGE });
    expect(detect([...fails(6), passed], RULES).findings).toEqual([]);
  });

  test('a login written before its own failed factor does not hide the burst', () => {
    const logins = Array.from({ length: 5 }, (_, index) => event({ at: index * MINUTE - 2 * SECOND, ip: STRANGE }));
    expect(detect([...logins, ...fails(5)], RULES).findings).toHaveLength(1);
  });

  test('fifty failures in a row are one finding that counts them all', () => {
    expect(detect(fails(50), RULES).findings).toMatchObject([{ event_count: 50 }]);
  });

  test('no events are no finding', () => {
    expect(detect([], RULES).findings).toEqual([]);
  });
});
