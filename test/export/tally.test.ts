// Tests counts by key and by day, counted in and taken out.
import { expect, test } from 'vitest';
import type { AuditEvent } from '../../src/audit/event.ts';
import { countEvents, countsOf, createTally, uncountEvent } from '../../src/export/tally.ts';

const TIMES = [
  '2026-03-01T10:00:00.000Z',
  '2026-03-01T23:59:59.999Z',
  '2026-03-02T02:00:00.000+03:00',
  '2026-03-02T00:00:00.000Z',
  '2026-03-01T09:00:00.000Z',
  '2026-03-02T23:00:00.000-05:00',
];
const events = TIMES.map((time, index): AuditEvent => ({
  id: String(index),
  created_at: time,
  event_key: index % 2 === 0 ? 'user_login' : 'user_logout',
  details: {},
}));
const isOwnRead = ({ id }: AuditEvent) => id === '4';

test('events are counted by key and by UTC day, whatever their order and the form of their times', () => {
  const tally = createTally();
  countEvents(tally, events, isOwnRead);
  countEvents(tally, [], isOwnRead);
  expect(countsOf(tally)).toEqual({
    events: 6,
    own_reads: 1,
    from_store: 0,
    by_event_key: { user_login: 3, user_logout: 3 },
    by_day: { '2026-03-01': 4, '2026-03-02': 1, '2026-03-03': 1 },
  });
});

test('what was counted in can be taken out, to the last', () => {
  const tally = createTally();
  countEvents(tally, events, isOwnRead);
  for (const event of events) uncountEvent(tally, event, isOwnRead(event));
  expect(tally).toEqual(createTally());
});
