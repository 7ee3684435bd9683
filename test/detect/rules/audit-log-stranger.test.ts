// Tests W7, audit_log_stranger: what raises it, how grave it is, and what it must not be raised by.
import { describe, expect, test } from 'vitest';
import { judge, severities } from '../support/changes.ts';
import { DAY, event, HOME, MINUTE, STRANGE } from '../support/events.ts';

const COLLECTOR = 'vector/0.38.0';
const read = (at: number, options: { ip?: string | null; ua?: string | null; actor?: string } = {}) =>
  event({ at, key: 'audit_events_accessed', ip: HOME, ua: COLLECTOR, ...options });
/** Hourly reads would look the same; one a day is enough. */
const collector = (days: number, last = 2) => Array.from({ length: days }, (_, day) => read(-(day + last) * DAY));

describe('audit_log_stranger', () => {
  test('a read by something that never read before is high, and an hour of it is one finding', () => {
    const reads = Array.from({ length: 60 }, (_, index) => read(index * MINUTE, { ip: STRANGE, ua: 'curl/8.4.0' }));
    const { findings } = judge([...collector(20), ...reads], ['audit_log_stranger']);
    expect(findings).toMatchObject([{ severity: 'high', event_count: 60, ip_addresses: [STRANGE] }]);
    expect(findings[0]?.why).toBe(
      'Actor 1 read the log from 198.18.0.0/16 with curl, which is neither this server nor a known collector.',
    );
  });

  test('a collector of weeks is learned and counted, after an update of its version too', () => {
    const updated = read(MINUTE, { ua: 'vector/0.39.1' });
    const { findings, leftOut } = judge([...collector(20), read(0), updated], ['audit_log_stranger']);
    expect(findings).toEqual([]);
    expect(leftOut).toEqual({ learned_bot: 2 });
  });

  test('the same user with another agent, from the same address, is a stranger', () => {
    const other = read(0, { ua: 'python-requests/2.32.3' });
    expect(severities([...collector(20), other], 'audit_log_stranger')).toEqual(['high']);
  });

  test('the agent of a collector from another network, or of another user, is a stranger', () => {
    expect(severities([...collector(20), read(0, { ip: STRANGE })], 'audit_log_stranger')).toEqual(['high']);
    expect(severities([...collector(20), read(0, { actor: '2' })], 'audit_log_stranger')).toEqual(['high']);
  });

  test('three days of reading make a collector when the first is seven days old, not two days, not a day younger', () => {
    const days = (...ages: number[]) => ages.map((age) => read(-age * DAY));
    expect(severities([...days(7, 4, 3), read(0)], 'audit_log_stranger')).toEqual([]);
    expect(severities([...days(7, 4), read(0)], 'audit_log_stranger')).toEqual(['high']);
    expect(severities([...days(6, 4, 3), read(0)], 'audit_log_stranger')).toEqual(['high']);
    expect(severities([read(-7 * DAY + 1), ...days(4, 3), read(0)], 'audit_log_stranger')).toEqual(['high']);
  });

  test('what was not logged is a place and client of its own', () => {
    const silent = read(0, { ip: null, ua: null });
    expect(severities([...collector(20), silent], 'audit_log_stranger')).toEqual(['high']);
  });
});
