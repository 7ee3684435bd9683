import { describe, expect, test } from 'vitest';
import { DAY, detect, event, HOUR, history, LINUX_FIREFOX, MAC_APP, MINUTE, STRANGE } from './support/events.ts';

const PEOPLE = Array.from({ length: 9 }, (_, index) => String(index + 1));
const histories = PEOPLE.flatMap((actor) => history({ actor, ip: `91.${actor}.1.7` }));
/** Somebody comes to a strange place with a strange computer. */
const first = event({ actor: '1', at: 0, ip: STRANGE, ua: LINUX_FIREFOX });
const others = (count: number, ua?: string) =>
  PEOPLE.slice(1, 1 + count).map((actor, index) =>
    event({ actor, at: (index + 1) * 10 * MINUTE, ip: STRANGE, ...(ua === undefined ? {} : { ua }) }),
  );
const severities = (events: Parameters<typeof detect>[0]) =>
  detect([...histories, ...events], ['login_risk']).findings.map(({ severity, ip_addresses }) => [
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
