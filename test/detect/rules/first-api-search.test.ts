// Tests W10, first_api_search: what raises it, how grave it is, and what it must not be raised by.
import { describe, expect, test } from 'vitest';
import { act, judge, READ_LONG_AGO, severities } from '../support/changes.ts';
import { DAY, history, MINUTE, T0 } from '../support/events.ts';

const search = (at: number, key = 'search_messages_api', ua?: string) =>
  act({ at, key, details: { query_present: true }, ...(ua === undefined ? {} : { ua }) });

describe('first_api_search', () => {
  test('a first search of a kind is low, and a new client is mentioned', () => {
    const { findings } = judge([...history(), search(0, undefined, 'curl/8.4.0')], ['first_api_search']);
    expect(findings).toMatchObject([{ severity: 'low', event_count: 1 }]);
    expect(findings[0]?.why).toBe(
      'No earlier search_messages_api of actor 1 was seen; now one came with curl. The client is new for this actor.',
    );
  });

  test('a known client is not mentioned, and the searches of the first day are one finding', () => {
    const { findings } = judge([...history(), search(0), search(MINUTE)], ['first_api_search']);
    expect(findings).toMatchObject([
      { event_count: 2, why: 'No earlier search_messages_api of actor 1 was seen; now one came with Chrome.' },
    ]);
  });

  test('a search of the same kind in the last thirty days makes it known; another kind does not', () => {
    expect(severities([search(-30 * DAY), search(0)], 'first_api_search', READ_LONG_AGO)).toEqual([]);
    expect(severities([search(-30 * DAY - 1), search(0)], 'first_api_search', READ_LONG_AGO)).toEqual(['low']);
    expect(severities([search(-3 * DAY, 'search_users_api'), search(0)], 'first_api_search', READ_LONG_AGO)).toEqual([
      'low',
    ]);
  });

  test('a search of less than a day ago does not vouch for the next', () => {
    expect(severities([search(-DAY), search(0)], 'first_api_search', READ_LONG_AGO)).toEqual([]);
    expect(severities([search(-DAY + 1), search(0)], 'first_api_search', READ_LONG_AGO)).toEqual(['low']);
  });

  test('without seven days of history nobody can say what is new, and that is counted', () => {
    const since = (ms: number) => ({ readSinceMs: () => T0 - ms });
    expect(severities([search(0)], 'first_api_search', since(7 * DAY))).toEqual(['low']);
    const short = judge([search(0)], ['first_api_search'], since(7 * DAY - 1));
    expect(short.findings).toEqual([]);
    expect(short.leftOut).toEqual({ short_history: 1 });
  });

  test('logins are no searches', () => {
    expect(severities(history(), 'first_api_search', READ_LONG_AGO)).toEqual([]);
  });
});
