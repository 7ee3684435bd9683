// Tests W9, api_harvesting: what raises it, how grave it is, and what it must not be raised by.
import { describe, expect, test } from 'vitest';
import { judge, severities, several } from '../support/changes.ts';
import { DAY, MINUTE, SECOND } from '../support/events.ts';

interface SearchSpec {
  at?: number;
  gapMs?: number;
  key?: string;
  details?: Record<string, unknown>;
}
const LOOKING = { query_present: true, cursor_present: false, limit: 20, filters: {} };
const PAGING = { query_present: false, cursor_present: true, limit: 20, filters: {} };
const searches = (count: number, { at = 0, gapMs = SECOND, ...rest }: SearchSpec = {}) =>
  several(count, gapMs, (index) => ({ at: at + index * gapMs, key: 'search_users_api', details: LOOKING, ...rest }));

describe('api_harvesting', () => {
  test('sixty searches in ten minutes are medium, with the count in it', () => {
    const { findings } = judge(searches(60), ['api_harvesting']);
    expect(findings).toMatchObject([{ severity: 'medium', event_count: 60 }]);
    expect(findings[0]?.why).toContain('60 API searches within 10 min (limit 60), the last one search_users_api.');
  });

  test('fifty-nine are none', () => {
    expect(severities(searches(59), 'api_harvesting')).toEqual([]);
  });

  test('the sixtieth counts exactly ten minutes after the first, and not a millisecond later', () => {
    const last = (at: number) => searches(1, { at });
    expect(severities([...searches(59), ...last(10 * MINUTE)], 'api_harvesting')).toEqual(['medium']);
    expect(severities([...searches(59), ...last(10 * MINUTE + 1)], 'api_harvesting')).toEqual([]);
  });

  test('twenty pages are enough where nothing is looked for, nineteen are not, and pages of messages are high', () => {
    expect(severities(searches(20, { details: PAGING }), 'api_harvesting')).toEqual(['medium']);
    expect(severities(searches(19, { details: PAGING }), 'api_harvesting')).toEqual([]);
    const messages = searches(20, {
      key: 'search_messages_api',
      details: { ...LOOKING, cursor_present: true, limit: 100 },
    });
    expect(severities(messages, 'api_harvesting')).toEqual(['high']);
  });

  test('pages of a real search are no harvest: 99 results each, or the first page', () => {
    const pages = { key: 'search_messages_api', details: { ...LOOKING, cursor_present: true, limit: 99 } };
    expect(severities(searches(30, pages), 'api_harvesting')).toEqual([]);
    expect(severities(searches(30, { details: { ...PAGING, cursor_present: false } }), 'api_harvesting')).toEqual([]);
  });

  test('an integration that does so every day is left out and counted; twice its habit is a finding', () => {
    const days = Array.from({ length: 10 }, (_, day) => searches(80, { at: -(day + 3) * DAY }));
    const { findings, leftOut } = judge([...days.flat(), ...searches(80)], ['api_harvesting']);
    expect(findings).toEqual([]);
    expect(leftOut).toEqual({ usual_amount: 21 });
    expect(judge([...days.flat(), ...searches(160)], ['api_harvesting']).findings).toMatchObject([
      { severity: 'medium', event_count: 160 },
    ]);
  });

  test('a long harvest is one finding of all its events, told without repeating them', () => {
    let told = 0;
    const { findings } = judge(searches(20_000, { gapMs: 50 }), ['api_harvesting'], {
      onSignal: ({ events }) => {
        told += events.length;
      },
    });
    expect(findings).toMatchObject([{ event_count: 20_000 }]);
    expect(told).toBeLessThan(80_000);
  });
});
