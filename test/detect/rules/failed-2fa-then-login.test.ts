// Tests L2, failed_2fa_then_login: what raises it, how grave it is, and what it must not be raised by.
import { describe, expect, test } from 'vitest';
import {
  DAY,
  detect,
  event,
  history,
  HOME,
  LINUX_FIREFOX,
  MINUTE,
  OFFICE,
  SECOND,
  STRANGE,
} from '../support/events.ts';

const RULES = ['failed_2fa_then_login'] as const;
const thief = { ip: STRANGE, ua: LINUX_FIREFOX };
const desk = history();
const fails = (count: number, from: { ip?: string; ua?: string } = thief, gapMs = MINUTE) =>
  Array.from({ length: count }, (_, index) => event({ at: index * gapMs, key: 'user_2fa_fail', ...from }));
const passed = (at: number, from: { ip?: string; ua?: string } = thief, key = 'user_2fa_success') =>
  event({ at, key, ...from });
const verdicts = (events: Parameters<typeof detect>[0]) =>
  detect(events, RULES).findings.map(({ severity, event_count }) => [severity, event_count]);

describe('failed_2fa_then_login', () => {
  test('three failures and a success from a new network are high, with the numbers and both ends in it', () => {
    const { findings } = detect([...desk, ...fails(3), passed(3 * MINUTE)], RULES);
    expect(findings).toMatchObject([
      { rule: 'failed_2fa_then_login', severity: 'high', actor_ids: ['1'], ip_addresses: [STRANGE], event_count: 4 },
    ]);
    expect(findings[0]?.why).toBe(
      'Actor 1 passed 60 s after the last of 3 failed second factors. The success came from 198.18.0.0/16, a network new for this person.',
    );
  });

  test('two failures and a success are none, and so are three failures without one', () => {
    expect(verdicts([...desk, ...fails(2), passed(2 * MINUTE)])).toEqual([]);
    expect(verdicts([...desk, ...fails(3)])).toEqual([]);
  });

  test('the success counts exactly ten minutes after the last failure, and not a millisecond later', () => {
    expect(verdicts([...desk, ...fails(3), passed(12 * MINUTE)])).toEqual([['high', 4]]);
    expect(verdicts([...desk, ...fails(3), passed(12 * MINUTE + 1)])).toEqual([]);
  });

  test('the first failure counts exactly ten minutes before the last, and not a millisecond earlier', () => {
    const last = (at: number) => event({ at, key: 'user_2fa_fail', ...thief });
    expect(verdicts([...desk, ...fails(2), last(10 * MINUTE), passed(11 * MINUTE)])).toEqual([['high', 4]]);
    expect(verdicts([...desk, ...fails(2), last(10 * MINUTE + 1), passed(11 * MINUTE)])).toEqual([]);
  });

  test('two slips, each put right from the same place, do not add up; failures from elsewhere do', () => {
    const slip = (at: number, ip: string) => [
      event({ at, key: 'user_2fa_fail', ip }),
      event({ at: at + 10 * SECOND, key: 'user_2fa_fail', ip }),
    ];
    const [first, second] = [slip(0, STRANGE), slip(5 * MINUTE, STRANGE)];
    const pass = (at: number, ip: string) => passed(at, { ip });
    expect(verdicts([...desk, ...first, pass(MINUTE, STRANGE), ...second, pass(6 * MINUTE, STRANGE)])).toEqual([]);
    expect(verdicts([...desk, ...first, pass(MINUTE, HOME), ...second, pass(6 * MINUTE, STRANGE)])).toEqual([
      ['high', 5],
    ]);
  });

  test('fat fingers at home, with the usual client, are left out and counted', () => {
    const { findings, leftOut } = detect([...desk, ...fails(4, { ip: HOME }), passed(5 * MINUTE, { ip: HOME })], RULES);
    expect(findings).toEqual([]);
    expect(leftOut).toEqual({ known_source: 1 });
  });

  test('failures from elsewhere before a success at home are high: somebody else has the password', () => {
    const { findings } = detect([...desk, ...fails(3), passed(4 * MINUTE, { ip: HOME })], RULES);
    expect(findings).toMatchObject([{ severity: 'high' }]);
    expect(findings[0]?.why).toContain('the success from 91.10.0.0/16');
  });

  test('a new client at the usual address is low, elsewhere in the same network medium', () => {
    const from = (ip: string) => ({ ip, ua: LINUX_FIREFOX });
    const near = '91.10.77.8';
    expect(verdicts([...desk, ...fails(3, from(HOME)), passed(3 * MINUTE, from(HOME))])).toEqual([['low', 4]]);
    expect(verdicts([...desk, ...fails(3, from(near)), passed(3 * MINUTE, from(near))])).toEqual([['medium', 4]]);
  });

  test('below three earlier logins everything is new and it stays low', () => {
    expect(verdicts([...history({}, 2), ...fails(3), passed(3 * MINUTE)])).toEqual([['low', 4]]);
    expect(verdicts([...history({}, 3), ...fails(3), passed(3 * MINUTE)])).toEqual([['high', 4]]);
  });

  test('an address that five people use is no new network', () => {
    const office = ['1', '2', '3', '4', '5', '6'].flatMap((actor) => history({ actor, ip: OFFICE }, 3));
    const events = [...office, ...fails(3, { ip: OFFICE }), passed(3 * MINUTE, { ip: OFFICE })];
    expect(detect(events, RULES)).toMatchObject({ findings: [], leftOut: { known_source: 1 } });
  });

  test('the login and the second factor may be written in either order within a minute', () => {
    const login = (at: number) => passed(at, thief, 'user_login');
    const ends = [
      [passed(3 * MINUTE), login(3 * MINUTE + SECOND)],
      [login(3 * MINUTE - SECOND), passed(3 * MINUTE)],
      [login(3 * MINUTE - MINUTE / 2), passed(3 * MINUTE)],
    ];
    for (const end of ends) expect(verdicts([...desk, ...fails(3), ...end])).toEqual([['high', 4]]);
  });

  test('a login that the log writes before its own second factor fails is no success', () => {
    const logins = [0, 1, 2].map((index) => passed(index * MINUTE - 2 * SECOND, thief, 'user_login'));
    expect(verdicts([...desk, ...logins, ...fails(3)])).toEqual([]);
  });

  test('a login alone, where no second factor is written, is a success too', () => {
    expect(verdicts([...desk, ...fails(3), passed(3 * MINUTE, thief, 'user_login')])).toEqual([['high', 4]]);
  });

  test('no events are no finding, and neither is a success of somebody else', () => {
    expect(verdicts([])).toEqual([]);
    const other = event({ at: 3 * MINUTE, key: 'user_2fa_success', actor: '2', ...thief });
    expect(verdicts([...desk, ...fails(3), other])).toEqual([]);
    expect(verdicts([...desk, ...fails(3), passed(DAY)])).toEqual([]);
  });
});
