// Tests what counts as an event, and the order of events.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { auditEventSchema, compareEvents, isAuditEvent, timedEvent } from '../../src/audit/event.ts';
import { eventAt } from '../support/api-log.ts';

const FIELDS = Object.keys(auditEventSchema.shape);
/** What may stand in a field, well and badly. */
const anything = fc.oneof(
  fc.string(),
  fc.constantFrom('', '2026-03-10T00:00:00.123Z', '2026-03-10', 'no time', null, undefined, 0, Number.NaN, true),
  fc.constantFrom({}, [], { chat_id: 7 }, new Date(0), new Map()),
);

describe('what counts as an event', () => {
  test('is what the schema says, whatever stands in the fields', () => {
    const changes = fc.dictionary(fc.constantFrom(...FIELDS, 'new_field'), anything, { maxKeys: 3 });
    fc.assert(
      fc.property(changes, fc.subarray(FIELDS, { maxLength: 2 }), (change, missing) => {
        const value = Object.fromEntries(
          Object.entries({ ...eventAt(0, 1), ...change }).filter(([name]) => !missing.includes(name)),
        );
        const isEvent = auditEventSchema.safeParse(value).success;
        expect(isAuditEvent(value)).toBe(isEvent);
        const { created_at: time } = value;
        const timed = isEvent && typeof time === 'string' ? { timeMs: Date.parse(time), event: value } : undefined;
        expect(timedEvent(value)).toEqual(timed);
        expect(timedEvent(Object.assign(Object.create(null), value))?.timeMs).toBe(timed?.timeMs);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([undefined, null, 'event', 7, [], {}])('%j is none', (value) => {
    expect(isAuditEvent(value)).toBe(false);
  });
});

test('events are ordered by time, then id', () => {
  const [a, b, c] = [eventAt(1, 0, { id: 'b' }), eventAt(1, 0, { id: 'a' }), eventAt(0, 0, { id: 'z' })];
  expect([a, b, c].toSorted(compareEvents)).toEqual([c, b, a]);
});

test('the order is that of the moments, however their times are written', () => {
  const minute = fc.integer({ min: 0, max: 3 * 24 * 60 });
  const time = fc
    .tuple(minute, fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 3 }))
    .map(([at, ms, form]) => {
      const iso = new Date(Date.parse('2026-02-27T12:00:00Z') + at * 60_000 + ms).toISOString();
      return [iso, iso.replace('Z', '+00:00'), iso.replace('T', ' '), `${iso.slice(0, 19)}Z`][form] ?? iso;
    });
  const written = fc.oneof(time, fc.constantFrom('2026-02-28T24:00:00.000Z', '2026-03-01T00:00:00.000Z'));
  fc.assert(
    fc.property(written, written, (first, second) => {
      const order = compareEvents(eventAt(0, 0, { created_at: first }), eventAt(0, 0, { created_at: second }));
      expect(Math.sign(order)).toBe(Math.sign(Date.parse(first) - Date.parse(second)));
    }),
  );
});
