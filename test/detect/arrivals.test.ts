// Tests that a crowd in a new place is told from an attacker there.
import { describe, expect, test } from 'vitest';
import type { EngineOptions } from '../../src/detect/engine.ts';
import { DAY, detect, event, HOUR, history, LINUX_FIREFOX, MAC_APP, MINUTE, STRANGE } from './support/events.ts';

const PEOPLE = Array.from({ length: 9 }, (_, index) => String(index + 1));
const histories = PEOPLE.flatMap((actor) => history({ actor, ip: `91.${actor}.1.7` }));
/** Somebody comes to a strange place with a strange computer. */
const first = event({ actor: '1', at: 0, ip: STRANGE, ua: LINUX_FIREFOX });
const others = (count: number, ua?: string) =>
  PEOPLE.slice(1, 1 + count).map((actor, index) =>
    event({ actor, at: (index + 1) * 10 * MINUTE, ip: STRANGE, ...(ua === undefined ? {} : { ua }) }),
  );
const severities = (events: Parameters<typeof detect>[0], params: EngineOptions['params'] = {}) =>
  detect([...histories, ...events], ['login_risk'], { params }).findings.map(({ severity, ip_addresses }) => [
    severity,
    ip_addresses,
  ]);

describe('a login unlike the person from a new place', () => {
  test('is medium while nobody else comes there', () => {
    expect(severities([first])).toEqual([['medium', [STRANGE]]]);
  });

  test('turns out to be low when colleagues come with their own computers', () => {
    expect(severities([first, ...others(4)])).toEqual([['low', [STRANGE]]]);
  });

  test('stays medium when too few come, too late, or with computers that are not theirs', () => {
    expect(severities([first, ...others(3)])).toEqual([['medium', [STRANGE]]]);
    expect(severities([first, ...others(4, MAC_APP)])[0]?.[0]).toBe('medium');
    const late = others(4).map((login, index) => ({
      ...login,
      created_at: event({ at: 3 * HOUR + 1 + index * MINUTE }).created_at,
    }));
    expect(severities([first, ...late])[0]?.[0]).toBe('medium');
  });

  test('is low where somebody was at work before the crowd came, as in every new office', () => {
    const prepares = [event({ actor: '9', at: -2 * DAY, ip: STRANGE, key: 'chat_created' })];
    expect(severities([...prepares, first, ...others(3)])).toEqual([['medium', [STRANGE]]]);
    expect(severities([...prepares, first, ...others(4)])).toEqual([['low', [STRANGE]]]);
    // Who knows the place is no newcomer.
    const again = event({ actor: '9', at: 5 * MINUTE, ip: STRANGE });
    expect(severities([...prepares, first, again, ...others(3)])).toEqual([['medium', [STRANGE]]]);
  });

  test('is low when one comes alone as long as the place stands, and medium a millisecond later', () => {
    const params = { login_risk: { arrivalsStandMs: 5 * HOUR } };
    const lastOfCrowd = 5 * 10 * MINUTE;
    const straggler = (late: number) =>
      event({ actor: '7', at: lastOfCrowd + 5 * HOUR + late, ip: STRANGE, ua: LINUX_FIREFOX });
    expect(severities([...others(5), straggler(0)], params)).toEqual([['low', [STRANGE]]]);
    expect(severities([...others(5), straggler(1)], params)).toEqual([['medium', [STRANGE]]]);
  });

  test('is not taken back by a crowd elsewhere', () => {
    const elsewhere = others(5).map((login) => ({ ...login, ip_address: '198.51.100.9' }));
    expect(severities([first, ...elsewhere])[0]).toEqual(['medium', [STRANGE]]);
  });

  test('on the next day is judged as ever', () => {
    const nextDay = event({ actor: '2', at: 2 * DAY, ip: '198.51.100.77', ua: LINUX_FIREFOX });
    expect(severities([first, ...others(4), nextDay])).toEqual([
      ['medium', ['198.51.100.77']],
      ['low', [STRANGE]],
    ]);
  });
});
