// Tests L9, activity_without_login: what raises it, how grave it is, and what it must not be raised by.
import { describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../../src/audit/event.ts';
import { act, type ActSpec } from '../support/changes.ts';
import { CHROME, DAY, detect, event, history, HOME, LINUX_FIREFOX, OFFICE, STRANGE } from '../support/events.ts';

const RULES = ['activity_without_login'] as const;
const desk = history();
const action = (from: Partial<ActSpec> = {}) =>
  act({ at: 0, key: 'search_messages_api', ip: STRANGE, ua: LINUX_FIREFOX, ...from });
const severities = (events: readonly AuditEvent[]) => detect(events, RULES).findings.map(({ severity }) => severity);

describe('activity_without_login', () => {
  test('an action from a new network with a new client, where nobody logged in, is medium', () => {
    const { findings } = detect([...desk, action()], RULES);
    expect(findings).toMatchObject([
      { rule: 'activity_without_login', severity: 'medium', actor_ids: ['1'], ip_addresses: [STRANGE] },
    ]);
    expect(findings[0]?.why).toContain('in the 24 h before');
  });

  test('a program is high', () => {
    expect(severities([...desk, action({ ua: 'python-requests/2.32.3' })])).toEqual(['high']);
  });

  test('a login in that network up to a day before explains it, a millisecond earlier it does not', () => {
    // By a program, so that the login is itself suspicious and does not become a known place after a day.
    const ua = 'python-requests/2.32.3';
    const rules = [...RULES, 'scripted_login'] as const;
    const rulesThatSpoke = (at: number) =>
      detect([...desk, event({ at, ip: '198.18.99.1', ua }), action({ ua })], rules).findings.map(({ rule }) => rule);
    expect(rulesThatSpoke(-DAY)).toEqual([]);
    expect(rulesThatSpoke(-DAY - 1)).toEqual(['activity_without_login']);
  });

  test('the last login in that network counts, not the first, be it the first event of all', () => {
    // What was learned of the first is forgotten after a month.
    const logins = [-60 * DAY, -DAY / 12].map((at) => event({ at, ip: STRANGE, ua: LINUX_FIREFOX }));
    expect(severities([...logins, ...desk, action()])).toEqual([]);
  });

  test('a login without a client explains it too', () => {
    expect(severities([...desk, event({ at: -1, ip: '198.18.99.1', ua: null }), action()])).toEqual([]);
  });

  test('a sleeping laptop opened in a new place (new network, known client) is none', () => {
    expect(severities([...desk, action({ ua: CHROME })])).toEqual([]);
    expect(severities([...desk, action({ ip: HOME })])).toEqual([]);
  });

  test('a shared address is left out and counted', () => {
    const office = ['2', '3', '4', '5', '6'].flatMap((actor) => history({ actor, ip: OFFICE }, 3));
    const { findings, leftOut } = detect([...desk, ...office, action({ ip: OFFICE })], RULES);
    expect([findings, leftOut]).toEqual([[], { shared_address: 1 }]);
  });

  test('ten earlier logins are needed; with nine it is left out and counted', () => {
    expect(severities([...history({}, 10), action()])).toEqual(['medium']);
    const { findings, leftOut } = detect([...history({}, 9), action()], RULES);
    expect([findings, leftOut]).toEqual([[], { short_history: 1 }]);
  });

  test('a hundred actions of one session are one finding', () => {
    const many = Array.from({ length: 100 }, (_, index) => action({ at: index * 1000 }));
    expect(detect([...desk, ...many], RULES).findings).toMatchObject([{ event_count: 100 }]);
  });

  test('no events, and actions without address or client, are no finding', () => {
    expect(severities([])).toEqual([]);
    expect(severities([...desk, action({ ip: null }), action({ ua: null })])).toEqual([]);
  });
});
