// Tests what each tool says to wrong arguments, tokens and places.
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { minimalUsers } from '../../src/simulator/minimal-users.ts';
import { plainEvents } from '../../src/simulator/plain-events.ts';
import { stillClock } from '../support/still-clock.ts';
import { startWorld, type World } from '../support/world.ts';

const now = Date.parse('2026-11-20T12:00:00Z');
const DAY_MS = 86_400_000;
const simulator = {
  events: [...plainEvents({ count: 300, startMs: now - 2 * DAY_MS, endMs: now })],
  now: () => now,
  users: [
    ...minimalUsers(now),
    ...[2001, 2002].map((id) => ({
      ...(minimalUsers(now)[1] ?? expect.unreachable()),
      id,
      first_name: 'Иван',
      last_name: 'Петров',
      nickname: `petrov${id}`,
      email: `petrov${id}@example.com`,
    })),
  ],
};
const clock = stillClock(now);

let world: World;
beforeAll(async () => {
  world = await startWorld({ simulator, clock });
});
afterAll(() => world.close());

/** Arguments, the code that they end with, and the field that is named. */
const BAD_LISTS: readonly [string, Record<string, unknown>, string, string][] = [
  ['an unknown argument', { eventKey: 'user_login' }, 'invalid_input', 'eventKey'],
  ['an unknown key', { event_keys: ['user_signed_in'] }, 'invalid_input', 'event_keys[0]'],
  ['an unknown group', { event_group: 'logins' }, 'invalid_input', 'event_group'],
  ['a key outside the group', { event_group: 'auth', event_keys: ['tag_created'] }, 'invalid_input', 'event_keys'],
  ['a reversed window', { start_time: '2026-11-20', end_time: '2026-11-18' }, 'invalid_input', 'start_time'],
  ['a window in the future', { start_time: '2026-12-20' }, 'invalid_input', 'start_time'],
  ['nonsense for a time', { start_time: 'last tuesday' }, 'invalid_input', 'start_time'],
  ['a day that never was', { start_time: '2026-02-30' }, 'invalid_input', 'start_time'],
  ['a time without an offset', { end_time: '2026-11-20T10:00:00' }, 'invalid_input', 'end_time'],
  ['an unknown zone', { time_zone: 'Europe/Moskva' }, 'invalid_input', 'time_zone'],
  ['nonsense hours', { time_of_day: '25:00-26:00' }, 'invalid_input', 'time_of_day'],
  ['nonsense for an address', { ip_address: '10.0.0.0/64' }, 'invalid_input', 'ip_address'],
  ['limit 0', { limit: 0 }, 'invalid_input', 'limit'],
  ['limit 201', { limit: 201 }, 'invalid_input', 'limit'],
  ['a foreign cursor', { cursor: 'eyJpZCI6MTAsImRpciI6ImFzYyJ9' }, 'invalid_cursor', 'cursor'],
  ['two people of one name', { actor: 'Иван Петров' }, 'ambiguous_actor', 'actor'],
  ['nobody of that name', { actor: 'Nobody Atall' }, 'not_found', 'actor'],
];

describe('list_audit_events refuses', () => {
  test.each(BAD_LISTS)('%s, by name and with a way out', async (_what, input, code, field) => {
    const error = await world.failure('list_audit_events', input);
    expect(error.code).toBe(code);
    expect(error.fields?.map((one) => one.field)).toContain(field);
    expect(error.message.length).toBeGreaterThan(10);
  });

  test('an unknown argument with the right ones listed', async () => {
    const error = await world.failure('list_audit_events', { eventKey: 'user_login' });
    expect(error.hint).toContain('event_keys');
    expect(error.hint).toContain('time_of_day');
  });

  test('a reversed window with both ends and today shown', async () => {
    const error = await world.failure('list_audit_events', { start_time: '2026-11-20', end_time: '2026-11-18' });
    const text = `${error.message} ${error.hint} ${JSON.stringify(error.fields)}`;
    for (const date of ['2026-11-20', '2026-11-1']) expect(text).toContain(date);
    expect(text.toLowerCase()).toContain('today');
  });

  test('two people of one name with both ids', async () => {
    const error = await world.failure('list_audit_events', { actor: 'Петров Иван' });
    const text = JSON.stringify([error.message, error.hint, error.fields]);
    expect(text).toContain('2001');
    expect(text).toContain('2002');
  });

  test('a cursor with other filters beside it', async () => {
    const page = await world.call('list_audit_events', { start_time: 'now-2d', limit: 10 });
    const cursor = page['next_cursor'];
    expect(cursor).toEqual(expect.any(String));
    const error = await world.failure('list_audit_events', { cursor, actor: '1001' });
    expect(error.code).toBe('invalid_cursor');
    expect(error.fields).toEqual([expect.objectContaining({ field: 'actor' })]);
  });

  test('a cursor of another tool', async () => {
    const page = await world.call('list_audit_events', { start_time: 'now-2d', limit: 10 });
    const error = await world.failure('find_suspicious_logins', { cursor: page['next_cursor'] });
    expect(error.code).toBe('invalid_cursor');
  });
});

describe('tokens', () => {
  test.each([
    ['a wrong token', 'no-such-token', 'invalid_token', 401],
    ['a revoked token', 'demo-revoked', 'invalid_token', 401],
    ['a token without the scope', 'demo-no-scope', 'missing_scope', 403],
    ['a token of somebody else than the owner', 'demo-not-owner', 'not_owner', 403],
    ['a workspace on another plan', 'demo-wrong-plan', 'plan_required', 402],
  ])('%s is told apart, by the log and by check_access', async (_what, token, code, status) => {
    const other = await startWorld({ simulator, clock, token });
    try {
      const error = await other.failure('list_audit_events');
      expect([error.code, error.status]).toEqual([code, status]);
      const access = await other.call('check_access');
      expect(access['can_read_audit_log']).toBe(false);
      expect(access['problems']).toEqual([expect.objectContaining({ code, hint: expect.stringMatching(/.{20}/u) })]);
    } finally {
      await other.close();
    }
  });

  test('a token without users:read still lists, by id, and says why there are no names', async () => {
    const other = await startWorld({ simulator, clock, token: 'demo-no-users' });
    try {
      const list = await other.call('list_audit_events', { start_time: 'now-2d' });
      expect(list['actors']).toBeUndefined();
      expect(list['notes']).toEqual([expect.stringContaining('users:read')]);
      expect((await other.failure('find_people', { query: 'Петров' })).code).toBe('missing_scope');
    } finally {
      await other.close();
    }
  });
});

describe('export_audit_window refuses', () => {
  const window = { start_time: '2026-11-19', end_time: '2026-11-19' };

  test.each([
    '../escape.ndjson',
    '/tmp/escape.ndjson',
    'sub/escape.ndjson',
    '..',
    '.hidden',
    'a\u0000b',
    String.raw`..\escape`,
  ])('the file name %j', async (fileName) => {
    const error = await world.failure('export_audit_window', { ...window, file_name: fileName });
    expect(['outside_export_dir', 'invalid_input']).toContain(error.code);
  });

  test('a symbolic link in the place of the file', async () => {
    await writeFile(join(world.exportDir, 'elsewhere'), 'kept');
    await symlink(join(world.exportDir, 'elsewhere'), join(world.exportDir, 'link.ndjson'));
    const error = await world.failure('export_audit_window', { ...window, file_name: 'link.ndjson', overwrite: true });
    expect(['outside_export_dir', 'file_exists']).toContain(error.code);
  });

  test('a file that exists, unless it may be replaced', async () => {
    const named = { ...window, file_name: 'once.ndjson' };
    await world.call('export_audit_window', named);
    expect((await world.failure('export_audit_window', named)).code).toBe('file_exists');
    expect(await world.call('export_audit_window', { ...named, overwrite: true })).toMatchObject({ status: 'done' });
  });

  test('a folder that cannot be written', async () => {
    const blocked = join(world.exportDir, 'file-not-folder');
    await writeFile(blocked, '');
    const other = await startWorld({ simulator, clock, exportDir: join(blocked, 'exports') });
    try {
      const error = await other.failure('export_audit_window', window);
      expect(error.code).toBe('not_configured');
      expect(error.message).toContain(blocked);
    } finally {
      await other.close();
    }
  });
});
