// Tests exports that go on after a pause: what may have come late since it was read is read again.
import { expect, test } from 'vitest';
import type { AuditLog } from '../../src/audit/audit-log.ts';
import { compareEvents } from '../../src/audit/event.ts';
import { AuditError } from '../../src/errors.ts';
import { createInstantClock } from '../support/instant-clock.ts';
import { sampleEvents, sampleQuery, sampleWindow } from '../support/sample-events.ts';
import { done, eventsIn, exportFixture } from './support/fixture.ts';
import { createScriptedLog } from './support/scripted-log.ts';

const COUNT = 3000;
const EVENTS = sampleEvents(COUNT);
const QUERY = sampleQuery(sampleWindow(COUNT));

test.each([
  ['an hour after a break, what may have come late is read again', 61, 10 * 60_000, 31, COUNT],
  ['soon after a break it is not', 59, 10 * 60_000, 11, COUNT - 1],
  ['days that were over for a day when they were read are not', 30 * 1440, 86_400_000, 11, COUNT - 1],
])('%s', async (_what, pauseMinutes, ageMs, slices, count) => {
  // The newest slices come first: the last event lies in what was read before the break.
  const before = createScriptedLog({
    events: EVENTS.toSorted(compareEvents).slice(0, -1),
    sliceSeconds: 100,
    beforeSlice(index) {
      if (index === 20) throw new AuditError('network', 'The connection broke.');
    },
  });
  const after = createScriptedLog({ events: EVENTS, sliceSeconds: 100 });
  const clock = createInstantClock(QUERY.window.endMs + ageMs);
  const readSlices: AuditLog['readSlices'] = (...asked) =>
    (before.runs.length === 0 ? before : after).readSlices(...asked);
  const { start } = await exportFixture({ ...after, readSlices }, { clock });
  await expect(start(QUERY)).rejects.toMatchObject({ code: 'network' });
  clock.advance(pauseMinutes * 60_000);
  const result = done(await start(QUERY));
  expect(after.runs[0]).toHaveLength(slices);
  expect(result.manifest).toMatchObject({ events: count, requests: 20 + slices });
  expect(await eventsIn(result)).toHaveLength(count);
});
