// Checks how the parts work together with the local store in front of the API: what is asked for, what is kept, what is said.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { userAgent } from '../src/installation.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { sendJson, startLocalServer } from './support/local-server.ts';
import { CLOSED, clockAt, DAY_MS, EVENTS, logReads, NOW_MS, openWorld } from './support/ten-days.ts';
import { INSTALLATION_ID } from './support/world.ts';

async function storedFiles(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

describe('closed days', () => {
  test('are read once, across restarts', async () => {
    const dir = await temporaryFolder();
    const first = await openWorld({ store: { dir } });
    const before = await first.call('aggregate_audit_events', { ...CLOSED, group_by: ['event_key'] });
    expect(before).toMatchObject({ total_events: 1800, coverage: { complete: true, from_store: 0 } });
    const { port } = first.simulator;
    await first.close();
    const second = await openWorld({ store: { dir }, simulator: { port } });
    const after = await second.call('aggregate_audit_events', { ...CLOSED, group_by: ['event_key'] });
    expect(after).toMatchObject({ total_events: 1800, coverage: { complete: true, from_store: 1800, requests: 0 } });
    expect(after['groups']).toEqual(before['groups']);
    expect(logReads(second)).toBe(0);
  });

  test('are read by every key that a whole read has brought, and by no other', async () => {
    const dir = await temporaryFolder();
    const world = await openWorld({ store: { dir } });
    await world.call('find_suspicious_logins', { start_time: '2026-03-14', end_time: '2026-03-15', baseline_days: 2 });
    const known = logReads(world);
    await world.call('aggregate_audit_events', {
      ...CLOSED,
      start_time: '2026-03-13',
      end_time: '2026-03-15',
      event_group: undefined,
      event_keys: ['user_login'],
      group_by: ['day'],
    });
    expect(logReads(world)).toBe(known);
    await world.call('aggregate_audit_events', {
      ...CLOSED,
      event_group: undefined,
      event_keys: ['user_logout'],
      group_by: ['day'],
    });
    expect(logReads(world)).toBeGreaterThan(known);
  });

  test('of another owner of a token are never used', async () => {
    const dir = await temporaryFolder();
    const question = { ...CLOSED, group_by: ['event_key'] };
    const first = await openWorld({ store: { dir } });
    await first.call('aggregate_audit_events', question);
    // The same API on the same port, read by somebody else.
    const { port } = first.simulator;
    await first.close();
    const events = EVENTS.slice(0, 2000);
    const second = await openWorld({ store: { dir }, simulator: { events, port, ownerId: 1001 } });
    const answer = await second.call('aggregate_audit_events', question);
    expect(second.simulator.port).toBe(port);
    expect(answer).toMatchObject({ coverage: { from_store: 0 } });
    expect(answer['total_events']).toBeLessThan(1800);
  });

  test('that are damaged are read again, and the answer says so', async () => {
    const dir = await temporaryFolder();
    const world = await openWorld({ store: { dir } });
    const question = { ...CLOSED, group_by: ['event_key'] };
    await world.call('aggregate_audit_events', question);
    const [path = ''] = (await storedFiles(dir)).filter(
      (file) => file.includes('user_login') && file.includes('03-14'),
    );
    const bytes = await readFile(path);
    bytes[bytes.length - 40] = (bytes.at(-40) ?? 0) ^ 1;
    await writeFile(path, bytes);
    const answer = await world.call('aggregate_audit_events', question);
    expect(answer).toMatchObject({ total_events: 1800, coverage: { complete: true } });
    expect(answer['notes']).toContainEqual(expect.stringMatching(/user_login on 2026-03-14 was damaged .* read again/));
    const again = await world.call('aggregate_audit_events', question);
    expect(again).toMatchObject({ total_events: 1800, coverage: { requests: 0 } });
    expect(again['notes']).not.toContainEqual(expect.stringContaining('damaged'));
  });

  test('that the log has forgotten are still answered, and the answer says from where', async () => {
    const dir = await temporaryFolder();
    const clock = clockAt(NOW_MS);
    const world = await openWorld({ store: { dir, keepDays: 400 }, clock });
    const question = { ...CLOSED, group_by: ['event_key'] };
    await world.call('aggregate_audit_events', question);
    clock.set(NOW_MS + 100 * DAY_MS);
    const answer = await world.call('aggregate_audit_events', question);
    expect(answer).toMatchObject({ total_events: 1800, coverage: { complete: true, from_store: 1800, requests: 0 } });
    expect(answer['notes']).toContainEqual(expect.stringContaining('from the local store alone'));
  });

  test('that are older than the store keeps are deleted', async () => {
    const dir = await temporaryFolder();
    const clock = clockAt(NOW_MS);
    const world = await openWorld({ store: { dir, keepDays: 30 }, clock });
    await world.call('aggregate_audit_events', { ...CLOSED, group_by: ['event_key'] });
    expect((await storedFiles(dir)).length).toBeGreaterThan(20);
    clock.set(NOW_MS + 60 * DAY_MS);
    await world.call('list_audit_events', {});
    expect((await storedFiles(dir)).filter((path) => path.includes('event_key='))).toEqual([]);
  });
});

describe('days that are not closed', () => {
  test('cost the newest seconds only when they are asked for again', async () => {
    const clock = clockAt(NOW_MS);
    const world = await openWorld({ store: {}, clock });
    const question = { start_time: '2026-03-19', event_group: 'auth', group_by: ['event_key'] };
    const first = await world.call('aggregate_audit_events', question);
    expect(logReads(world)).toBeGreaterThan(9);
    const before = logReads(world);
    clock.set(NOW_MS + 30_000);
    const second = await world.call('aggregate_audit_events', question);
    // The seven keys of the group in one request, since the stretch is short.
    expect(logReads(world) - before).toBeLessThanOrEqual(2);
    expect(second['groups']).toEqual(first['groups']);
    expect(await storedFiles(world.exportDir)).toEqual([]);
  });

  test('are asked for again after a quarter of an hour, since events may come late', async () => {
    const clock = clockAt(NOW_MS);
    const world = await openWorld({ store: {}, clock });
    const question = {
      start_time: '2026-03-19',
      end_time: '2026-03-20T10:00:00Z',
      event_group: 'auth',
      group_by: ['event_key'],
    };
    const first = await world.call('aggregate_audit_events', question);
    const [event] = EVENTS;
    if (event === undefined) throw new Error('no event');
    world.simulator.append([{ ...event, id: 'late', created_at: '2026-03-20T09:59:00.000Z' }]);
    clock.set(NOW_MS + 16 * 60_000);
    const second = await world.call('aggregate_audit_events', question);
    expect(second['total_events']).toBe(Number(first['total_events']) + 1);
  });
});

test('what was taken for a read of ours shows as soon as the owner of the token is known', async () => {
  const read = {
    id: 'somebody',
    created_at: '2026-03-20T10:00:00.000Z',
    event_key: 'audit_events_accessed',
    actor_id: '1002',
    user_agent: userAgent('0.0.0-test', INSTALLATION_ID),
  };
  let isKnown = false;
  const api = await startLocalServer(({ url }, response) => {
    if (url.pathname === '/audit_events') return sendJson(response, 200, { data: [read], meta: { paginate: {} } });
    return isKnown && url.pathname === '/oauth/token/info'
      ? sendJson(response, 200, { data: { user_id: 1001, scopes: [] } })
      : sendJson(response, 404, {});
  });
  const world = await openWorld({ store: {}, source: { kind: 'api', baseUrl: api.url, token: () => 'a-token' } });
  const window = { start_time: '2026-03-20T09:00:00Z', end_time: '2026-03-20T11:00:00Z' };
  await world.call('aggregate_audit_events', { ...window, group_by: ['event_key'] });
  const held = { coverage: { requests: 0 } };
  for (let time = 0; time < 2; time += 1)
    expect(await world.call('list_audit_events', window)).toMatchObject({ ...held, rows: [] });
  isKnown = true;
  expect(await world.call('list_audit_events', window)).toMatchObject({ ...held, rows: [expect.anything()] });
});

test('check_access says what the store holds', async () => {
  const dir = await temporaryFolder();
  const world = await openWorld({ store: { dir } });
  expect(await world.call('check_access')).toMatchObject({ store: { covered_days: 0, bytes: 0 }, problems: [] });
  await world.call('aggregate_audit_events', { ...CLOSED, group_by: ['event_key'] });
  const answer = await world.call('check_access');
  expect(answer).toMatchObject({ store: { covered_days: 6 }, problems: [] });
  expect(answer['store']).toHaveProperty('bytes', expect.any(Number));
});
