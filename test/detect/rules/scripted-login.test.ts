// Tests L10, scripted_login: what raises it, how grave it is, and what it must not be raised by.
import { describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../../src/audit/event.ts';
import { DAY, detect, event, history } from '../support/events.ts';

const RULES = ['scripted_login'] as const;
const SCRIPT = 'python-requests/2.32.3';
const desk = history();
const login = (ua: string | null = SCRIPT, at = 0, key = 'user_login') => event({ at, ua, key });
const severities = (events: readonly AuditEvent[]) => detect(events, RULES).findings.map(({ severity }) => severity);

describe('scripted_login', () => {
  test('a person who logs in with a program is a medium finding that names it', () => {
    const { findings } = detect([...desk, login()], RULES);
    expect(findings).toMatchObject([{ rule: 'scripted_login', severity: 'medium', actor_ids: ['1'] }]);
    expect(findings[0]?.why).toContain('python-requests, which is no client for people');
  });

  test.each(['curl/8.4.0', 'Go-http-client/2.0', 'axios/1.7.2', 'undici', 'node', 'HeadlessChrome/120.0.0.0'])(
    '%s is a program',
    (ua) => {
      expect(severities([...desk, login(ua)])).toEqual(['medium']);
    },
  );

  test.each([
    'Pachca/3.60.0 (co.staply.pachca; build:15; iOS 18.5.0) Alamofire/5.0.0',
    'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0',
    'something nobody knows',
  ])('%s is none', (ua) => {
    expect(severities([...desk, login(ua)])).toEqual([]);
  });

  test('a second factor that fails from a program counts as well', () => {
    expect(severities([...desk, login(SCRIPT, 0, 'user_2fa_fail')])).toEqual(['medium']);
  });

  test('three earlier logins make a person; with two it is low', () => {
    expect(severities([...history({}, 3), login()])).toEqual(['medium']);
    expect(severities([...history({}, 2), login()])).toEqual(['low']);
    expect(severities([login()])).toEqual(['low']);
  });

  test('an integration that has always logged in so is left out and counted', () => {
    const { findings, leftOut } = detect([...history({ ua: SCRIPT }), login()], RULES);
    expect([findings, leftOut]).toEqual([[], { learned_bot: 1 }]);
  });

  test('yesterday does not vouch for today: a program must be trusted for longer than a day', () => {
    expect(severities([...desk, login(SCRIPT, -DAY + 1), login()])).toEqual(['medium']);
  });

  test('no events, and a login without a client, are no finding', () => {
    expect(severities([])).toEqual([]);
    expect(severities([...desk, login(null)])).toEqual([]);
  });
});
