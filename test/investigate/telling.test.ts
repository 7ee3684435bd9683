// Tests what a timeline shows where there is room for a part.
import { expect, test } from 'vitest';
import { createTelling } from '../../src/investigate/telling.ts';
import { eventAt, NOW_MS } from '../support/api-log.ts';

const HOUR_MS = 3_600_000;
const at = (hour: number, key: string) => ({ ...eventAt(NOW_MS + hour * HOUR_MS, hour), event_key: key });
const hours = (events: readonly { created_at: string }[]) =>
  events.map(({ created_at: time }) => (Date.parse(time) - NOW_MS) / HOUR_MS);

function told(fills: boolean, linesMax: number, routine: number) {
  const telling = createTelling(linesMax, { fills });
  telling.add(at(0, 'access_token_created'));
  telling.add(at(1, 'message_created'));
  for (let hour = 2; hour < 2 + routine; hour += 1) telling.add(at(hour, 'audit_events_accessed'));
  return telling;
}

test('a routine of every hour does not push the one token before it out of view', () => {
  expect(hours(told(true, 12, 300).events())).toEqual([301, 300, 299, 298, 297, 296, 295, 294, 0, 1, 293, 292]);
  expect(told(true, 12, 300).count()).toBe(302);
});

test('where lines are scarce, the everyday goes first', () => {
  expect(hours(told(true, 9, 300).events())).toEqual([301, 300, 299, 298, 297, 296, 295, 294, 0]);
});

test('a timeline shows no more than a few of a kind, a list all that there is room for', () => {
  expect(told(false, 50, 20).events()).toHaveLength(10);
  expect(told(true, 50, 20).events()).toHaveLength(22);
});

test('an event may tell more than its key does', () => {
  const telling = createTelling(1, { fills: true });
  telling.add(at(0, 'message_created'), 0);
  telling.add(at(1, 'message_created'));
  expect(hours(telling.events())).toEqual([0]);
});
