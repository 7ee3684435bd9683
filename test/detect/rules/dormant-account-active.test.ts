// Tests L12, dormant_account_active: what raises it, how grave it is, and what it must not be raised by.
import { describe, expect, test } from 'vitest';
import { compareEvents, type AuditEvent } from '../../../src/audit/event.ts';
import { createEngine } from '../../../src/detect/engine.ts';
import { LOGIN_DETECTORS } from '../../../src/detect/index.ts';
import { act } from '../support/changes.ts';
import { DAY, detect, event, history, HOME, HOUR, LINUX_FIREFOX, MINUTE, STRANGE, WINDOW } from '../support/events.ts';

const RULES = ['dormant_account_active'] as const;
const strange = event({ at: 0, ip: STRANGE, ua: LINUX_FIREFOX });
const lastLogin = (at: number) => event({ at });
const verdicts = (events: readonly AuditEvent[]) =>
  detect(events, RULES).findings.map(({ severity, why }) => [severity, why]);
const severities = (events: readonly AuditEvent[]) => verdicts(events).map(([severity]) => severity);
const deleted = (at: number, target = '1') =>
  act({ at, key: 'user_deleted', actor: '9', entity: `User:${target}`, ip: HOME });

describe('dormant_account_active, silence', () => {
  test('a login after forty-five days from elsewhere is medium and says how long', () => {
    expect(verdicts([lastLogin(-60 * DAY), strange])).toEqual([
      [
        'medium',
        'Account 1 is active again. Its last login was 60 days before, in another network and with another client.',
      ],
    ]);
  });

  test('forty-five days to the millisecond are silence, a millisecond less is a holiday', () => {
    expect(severities([lastLogin(-45 * DAY), strange])).toEqual(['medium']);
    expect(severities([lastLogin(-45 * DAY + 1), strange])).toEqual([]);
  });

  test('a return from long leave to the same network or client is low', () => {
    expect(severities([lastLogin(-60 * DAY), event({ at: 0 })])).toEqual(['low']);
    expect(severities([lastLogin(-60 * DAY), event({ at: 0, ip: STRANGE })])).toEqual(['low']);
    expect(severities([lastLogin(-60 * DAY), event({ at: 0, ua: LINUX_FIREFOX })])).toEqual(['low']);
  });

  test('old logins that are told while the run goes on count, and are learned by nothing else', () => {
    const others = history({ actor: '2', ip: STRANGE });
    const engine = createEngine({ detectors: LOGIN_DETECTORS, window: WINDOW, lang: 'en' });
    engine.push(others.toSorted(compareEvents));
    engine.recall([lastLogin(-61 * DAY), lastLogin(-60 * DAY)]);
    engine.push([strange]);
    const { findings, baselineLogins } = engine.finish();
    expect(baselineLogins).toBe(others.length);
    const before = detect([lastLogin(-61 * DAY), lastLogin(-60 * DAY), strange], RULES).findings;
    expect(findings.filter(({ rule }) => rule === RULES[0])).toEqual(before);
    const isOther = ({ rule }: { rule: string }) => rule !== RULES[0];
    expect(findings.filter(isOther)).toEqual(detect([...others, strange]).findings.filter(isOther));
  });

  test('a first login is none: it is not known whether the account was silent or new', () => {
    expect(severities([strange])).toEqual([]);
  });
});

describe('dormant_account_active, deletion', () => {
  test('a login or telling action of a deleted account is high', () => {
    expect(verdicts([deleted(0), event({ at: 2 * HOUR })])).toEqual([
      ['high', 'Account 1 is active again. It was deleted 2 h before.'],
    ]);
    expect(severities([deleted(0), act({ at: HOUR, key: 'access_token_created' })])).toEqual(['high']);
  });

  test('five minutes are given for what was on its way, and not a millisecond more', () => {
    expect(severities([deleted(0), event({ at: 5 * MINUTE })])).toEqual([]);
    expect(severities([deleted(0), event({ at: 5 * MINUTE + 1 })])).toEqual(['high']);
  });

  test('what the server does by itself with a deleted account has no address, and is none', () => {
    expect(severities([deleted(0), event({ at: HOUR, ip: null, ua: null })])).toEqual([]);
  });

  test('an account that was created again is none', () => {
    const restored = act({ at: HOUR, key: 'user_created', actor: '9', entity: 'User:1' });
    expect(severities([deleted(0), restored, event({ at: 2 * HOUR })])).toEqual([]);
  });

  test('somebody who deletes their own account and stays away is none', () => {
    expect(severities([act({ at: 0, key: 'user_deleted', actor: '1', entity: 'User:1' })])).toEqual([]);
  });

  test('a day full of activity after the deletion is one finding', () => {
    const busy = Array.from({ length: 30 }, (_, index) => event({ at: HOUR + index * MINUTE }));
    expect(detect([deleted(0), ...busy], RULES).findings).toMatchObject([{ event_count: 30 }]);
  });

  test('no events are no finding, and a deletion alone is none', () => {
    expect(severities([])).toEqual([]);
    expect(severities([deleted(0)])).toEqual([]);
  });
});
