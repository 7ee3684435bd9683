// Tests what goes by the API's clock: now is never later than there, and what it has forgotten is not called read, nor what it holds forgotten.
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { momentOf } from '../../src/mcp/moment.ts';
import { fillStore } from '../../src/store/fill.ts';
import { runBuilt } from '../support/built.ts';
import { sendJson, startLocalServer } from '../support/local-server.ts';
import { simEvent } from '../support/sim-events.ts';
import { stillClock } from '../support/still-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startWorld } from '../support/world.ts';

const NOW_MS = Date.parse('2026-11-20T12:00:00Z');
const DAY_MS = 86_400_000;
const coverageSchema = z.object({ coverage: z.object({ complete: z.boolean(), stopped_by: z.string() }) });

test.each([
  ['right', 0, NOW_MS],
  ['a few seconds ahead', 20_000, NOW_MS + 20_000],
  ['two days ahead', 2 * DAY_MS, NOW_MS + 1000],
  ['two days behind', -2 * DAY_MS, NOW_MS],
])('where the clock here is %s, at the first call too', async (_what, aheadMs, expected) => {
  const clock = { ...stillClock(NOW_MS + aheadMs), sleep: () => new Promise<void>(() => undefined) };
  const world = await startWorld({ simulator: { events: [], now: () => NOW_MS }, clock });
  onTestFinished(() => world.close());
  expect(await momentOf(world.parts)).toBe(expected);
});

test('what the log has forgotten by its own clock is not called read, and no day of it is kept', async () => {
  const events = [9, 50, 95].map((days) =>
    simEvent({ atMs: NOW_MS - days * DAY_MS, key: 'user_login', actor: '1000' }),
  );
  const world = await startWorld({
    simulator: { events, now: () => NOW_MS, logsOwnReads: false },
    clock: stillClock(NOW_MS - 10 * DAY_MS),
    store: { dir: await temporaryFolder(), keepDays: 400 },
  });
  onTestFinished(() => world.close());
  // By the clock here 82 to 88 days ago, by that of the log 92 to 98.
  const { coverage } = coverageSchema.parse(
    await world.call('list_audit_events', { start_time: 'now-88d', end_time: 'now-82d' }),
  );
  expect(coverage).toMatchObject({ complete: false, stopped_by: 'retention' });
  const log = world.parts.store?.log;
  if (log === undefined) throw new Error('no store');
  const { filled } = await fillStore({ log, window: { startMs: NOW_MS - 100 * DAY_MS, endMs: NOW_MS } });
  const days = filled.toSorted();
  expect([days[0], days.at(-1)]).toEqual(['2026-08-24', '2026-11-08']);
});

test('what the log still holds by its own clock is read where the clock here is ahead', async () => {
  const events = [1, 50, 85].map((days) =>
    simEvent({ atMs: NOW_MS - days * DAY_MS, key: 'user_login', actor: '1000' }),
  );
  const world = await startWorld({
    simulator: { events, now: () => NOW_MS, logsOwnReads: false },
    clock: stillClock(NOW_MS + 10 * DAY_MS),
  });
  onTestFinished(() => world.close());
  const context = { nowMs: await momentOf(world.parts) };
  const answer = await world.call('aggregate_audit_events', { start_time: 'now-89d', group_by: ['day'] }, context);
  expect(answer).toMatchObject({ total_events: 3, coverage: { complete: true } });
});

test('an API that does not answer is not waited for', async () => {
  const api = await startLocalServer(() => undefined);
  const source = { kind: 'api' as const, baseUrl: api.url, token: () => 'a-token-for-a-test' };
  const clock = stillClock(NOW_MS);
  const world = await startWorld({ source, clock });
  onTestFinished(() => world.close());
  expect(await momentOf(world.parts)).toBe(NOW_MS);
});

test('an export of a day that has not come by the API is refused, whatever the clock here says', async () => {
  const yesterday = new Date(Date.now() - 2 * DAY_MS);
  const api = await startLocalServer((request, response) => {
    response.setHeader('date', yesterday.toUTCString());
    const isToken = request.url.pathname.endsWith('/oauth/token/info');
    sendJson(response, 200, isToken ? { data: { user_id: 1, scopes: ['audit_events:read'] } } : { data: [] });
  });
  const today = new Date().toISOString().slice(0, 10);
  const env = { PACHCA_API_URL: api.url, PACHCA_TOKEN: 'a-token-for-a-test' };
  const { code, stderr } = await runBuilt(['export', '--start', today, '--end', today, '--time-zone', 'UTC'], { env });
  expect(code).toBe(2);
  expect(stderr).toContain('begins in the future');
});
