// Tests W13, destruction_burst: what raises it, how grave it is, and what it must not be raised by.
import { describe, expect, test } from 'vitest';
import { judge, severities, several } from '../support/changes.ts';
import { DAY, HOUR, SECOND } from '../support/events.ts';

const bursts = (count: number, key = 'message_deleted', at = 0, first = 7000) =>
  several(count, SECOND, (index) => ({ at: at + index * SECOND, key, entity: `Message:${first + index}` }));

describe('destruction_burst', () => {
  test('twenty deletions within the hour are medium, a hundred are high', () => {
    const { findings } = judge(bursts(20), ['destruction_burst']);
    expect(findings).toMatchObject([{ severity: 'medium', event_count: 20 }]);
    expect(findings[0]?.why).toBe(
      'Actor 1: 20 events message_deleted within 60 min (limit 20). No earlier day to compare with was seen: judged by the fixed limit alone.',
    );
    expect(severities(bursts(99), 'destruction_burst')).toEqual(['medium']);
    expect(severities(bursts(100), 'destruction_burst')).toEqual(['high']);
  });

  test('a burst is told with all of it, first and last event as evidence, between the doublings of its count too', () => {
    const burst = bursts(98);
    const { findings } = judge(burst, ['destruction_burst']);
    expect(findings).toMatchObject([
      { severity: 'medium', event_count: 98, evidence: { event_ids: [burst[0]?.id, burst.at(-1)?.id] } },
    ]);
    expect(findings[0]?.why).toContain('Actor 1: 98 events message_deleted');
  });

  test('nineteen are none', () => {
    expect(severities(bursts(19), 'destruction_burst')).toEqual([]);
  });

  test('the twentieth counts exactly an hour after the first, and not a millisecond later', () => {
    const last = (at: number) => bursts(1, 'message_deleted', at, 7100);
    expect(severities([...bursts(19), ...last(HOUR)], 'destruction_burst')).toEqual(['medium']);
    expect(severities([...bursts(19), ...last(HOUR + 1)], 'destruction_burst')).toEqual([]);
  });

  test('five tags are medium and fifty edits low, one less is none', () => {
    expect(severities(bursts(5, 'tag_deleted'), 'destruction_burst')).toEqual(['medium']);
    expect(severities(bursts(4, 'tag_deleted'), 'destruction_burst')).toEqual([]);
    expect(severities(bursts(50, 'message_updated'), 'destruction_burst')).toEqual(['low']);
    expect(severities(bursts(49, 'message_updated'), 'destruction_burst')).toEqual([]);
    expect(severities([...bursts(19), ...bursts(4, 'tag_deleted')], 'destruction_burst')).toEqual([]);
  });

  test('a bot that cleans up every day is left out and counted', () => {
    const days = Array.from({ length: 5 }, (_, day) => bursts(40, 'message_deleted', -(day + 3) * DAY));
    const { findings, leftOut } = judge([...days.flat(), ...bursts(40)], ['destruction_burst']);
    expect(findings).toEqual([]);
    expect(leftOut).toEqual({ usual_amount: 21 });
    expect(severities([...days.flat(), ...bursts(41)], 'destruction_burst')).toEqual(['medium']);
  });
});
