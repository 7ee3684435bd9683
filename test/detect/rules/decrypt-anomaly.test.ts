// Tests W15, decrypt_anomaly: what raises it, how grave it is, and what it must not be raised by.
import { describe, expect, test } from 'vitest';
import { judge, READ_LONG_AGO, severities, several } from '../support/changes.ts';
import { DAY, MINUTE, SECOND, T0 } from '../support/events.ts';

interface DecryptSpec {
  at?: number;
  actor?: string;
  reason?: string;
}
const decryptions = (count: number, { at = 0, actor = '1', reason = 'message' }: DecryptSpec = {}) =>
  several(count, SECOND, (index) => ({
    at: at + index * SECOND,
    key: 'kms_decrypt',
    actor,
    entity: `Message:${index}`,
    details: { chat_id: 9, message_id: index, reason },
  }));

describe('decrypt_anomaly', () => {
  test('fifty decryptions in ten minutes are medium', () => {
    const { findings } = judge(decryptions(50), ['decrypt_anomaly']);
    expect(findings).toMatchObject([{ severity: 'medium', event_count: 50 }]);
    expect(findings[0]?.why).toContain('for actor 1 within 10 min: 50. No earlier day to compare with was seen');
  });

  test('forty-nine are none', () => {
    expect(severities(decryptions(49), 'decrypt_anomaly')).toEqual([]);
  });

  test('the fiftieth counts exactly ten minutes after the first, and not a millisecond later', () => {
    const last = (at: number) => decryptions(1, { at });
    expect(severities([...decryptions(49), ...last(10 * MINUTE)], 'decrypt_anomaly')).toEqual(['medium']);
    expect(severities([...decryptions(49), ...last(10 * MINUTE + 1)], 'decrypt_anomaly')).toEqual([]);
  });

  test('below the limit, the number of a new reason is told as it is', () => {
    const { findings } = judge(decryptions(30, { reason: 'export' }), ['decrypt_anomaly'], READ_LONG_AGO);
    expect(findings).toMatchObject([{ event_count: 30 }]);
    expect(findings[0]?.why).toContain('for actor 1 within 10 min: 30. The reason (export) is new');
  });

  test('a reason that is new for the actor and rare in the company is medium', () => {
    const { findings } = judge(decryptions(1, { reason: 'export' }), ['decrypt_anomaly'], READ_LONG_AGO);
    expect(findings).toMatchObject([{ severity: 'medium', event_count: 1 }]);
    expect(findings[0]?.why).toContain('The reason (export) is new for this actor and rare in the company.');
  });

  test('a reason that three others use is common, that two use is rare', () => {
    const others = (...actors: string[]) => actors.flatMap((actor) => decryptions(1, { at: -3 * DAY, actor }));
    const judged = (events: ReturnType<typeof others>) =>
      severities([...events, ...decryptions(1)], 'decrypt_anomaly', READ_LONG_AGO);
    expect(judged(others('2', '3', '4'))).toEqual([]);
    expect(judged(others('2', '3'))).toEqual(['medium']);
  });

  test('a reason is known for thirty days, and unknowable without seven days of history', () => {
    const known = (age: number) => [...decryptions(1, { at: -age }), ...decryptions(1)];
    expect(severities(known(30 * DAY), 'decrypt_anomaly', READ_LONG_AGO)).toEqual([]);
    expect(severities(known(30 * DAY + 1), 'decrypt_anomaly', READ_LONG_AGO)).toEqual(['medium']);
    const since = (ms: number) => ({ readSinceMs: () => T0 - ms });
    expect(severities(decryptions(1), 'decrypt_anomaly', since(7 * DAY))).toEqual(['medium']);
    expect(severities(decryptions(1), 'decrypt_anomaly', since(7 * DAY - 1))).toEqual([]);
  });

  test('who reads as much every day is left out and counted', () => {
    const days = [3, 5, 9].flatMap((day) => decryptions(60, { at: -day * DAY }));
    const { findings, leftOut } = judge([...days, ...decryptions(60)], ['decrypt_anomaly']);
    expect(findings).toEqual([]);
    expect(leftOut).toEqual({ usual_amount: 11 });
  });
});
