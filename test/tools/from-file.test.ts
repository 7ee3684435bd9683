// Tests a program that answers from an exported file.
import { gunzipSync, gzipSync } from 'node:zlib';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createFileParts } from '../../src/file-parts.ts';
import { plainEvents } from '../../src/simulator/plain-events.ts';
import type { Lang } from '../../src/text/lang.ts';
import { TOOLS } from '../../tools/index.ts';
import { runBuilt } from '../support/built.ts';
import { stillClock } from '../support/still-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { INSTALLATION_ID, startWorld, toolCalls } from '../support/world.ts';

const DAY_MS = 86_400_000;
/** The file is of March, the question of November. */
const EXPORTED_MS = Date.parse('2026-03-11T00:00:00Z');
const NOW_MS = Date.parse('2026-11-20T12:00:00Z');
const events = [...plainEvents({ count: 600, startMs: EXPORTED_MS - 10 * DAY_MS, endMs: EXPORTED_MS })];

async function openFile(path: string, lang: Lang = 'en') {
  const exportDir = await temporaryFolder();
  const parts = await createFileParts({
    path,
    settings: { timeZone: 'UTC', lang, maxRequests: 1000 },
    exportDir,
    version: '0.0.0-test',
    installationId: INSTALLATION_ID,
    clock: stillClock(NOW_MS),
    toolNames: TOOLS.map(({ name }) => name),
  });
  return { ...toolCalls(parts), exportDir };
}

/** A file as an export writes it, with its manifest. */
async function exported(input: Record<string, unknown> = {}): Promise<string> {
  const exportDir = await temporaryFolder();
  const world = await startWorld({
    simulator: { events, now: () => EXPORTED_MS },
    clock: stillClock(EXPORTED_MS),
    exportDir,
  });
  onTestFinished(() => world.close());
  const fileName = 'march.ndjson';
  await world.call('export_audit_window', {
    start_time: '2026-03-01',
    end_time: '2026-03-10',
    file_name: fileName,
    ...input,
  });
  return join(exportDir, fileName);
}

async function bareFile(): Promise<string> {
  const path = join(await temporaryFolder(), 'events.ndjson');
  await writeFile(path, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  return path;
}

describe('a program that answers from a file', () => {
  test('takes the whole file where no times are given, and says that it was read whole', async () => {
    const { call } = await openFile(await exported());
    const list = await call('list_audit_events', { limit: 200 });
    expect(list).toMatchObject({
      window: { start_time: '2026-03-01T00:00:00Z', end_time: '2026-03-11T00:00:00Z' },
      coverage: { requests: 0 },
      has_more: true,
    });
    const login = await call('list_audit_events', { event_keys: ['user_login'], limit: 200 });
    const expected = events.filter(({ event_key: key }) => key === 'user_login');
    expect(login['rows']).toHaveLength(expected.length);
    expect(login).toMatchObject({ coverage: { complete: true, stopped_by: 'end' } });
    expect(login['notes']).toEqual([expect.stringContaining('ids only')]);
  });

  test('says what the file holds where a question goes beyond it, and does not take silence for absence', async () => {
    const { call } = await openFile(await exported());
    const beyond = await call('list_audit_events', { start_time: '2026-02-20', end_time: '2026-03-02', limit: 200 });
    expect(beyond).toMatchObject({ coverage: { complete: false, stopped_by: 'retention' } });
    expect(beyond['notes']).toContainEqual(expect.stringContaining('2026-03-01T00:00:00Z to 2026-03-11T00:00:00Z'));
    const outside = await call('list_audit_events', { start_time: 'now-7d' });
    expect(outside).toMatchObject({ rows: [], coverage: { complete: false } });
    expect(JSON.stringify(outside['notes'])).not.toContain('No event matches');
  });

  test('does not call a narrowed file complete for a wider question', async () => {
    const path = await exported({ event_keys: ['user_login'] });
    const { call } = await openFile(path);
    expect(await call('list_audit_events', { event_keys: ['user_login'] })).toMatchObject({
      coverage: { complete: true },
    });
    const all = await call('list_audit_events', { limit: 200 });
    expect(all).toMatchObject({ coverage: { complete: false } });
    // Incomplete, but nothing that is in the file is missing.
    const logins = events.filter(
      ({ event_key: key, created_at: at }) => key === 'user_login' && at >= '2026-03-01' && at < '2026-03-11',
    );
    const pages = [all];
    for (let page = all; typeof page['next_cursor'] === 'string'; pages.push(page)) {
      page = await call('list_audit_events', { cursor: page['next_cursor'] });
    }
    expect(pages.flatMap(({ rows }) => rows)).toHaveLength(logins.length);
    const counted = await call('aggregate_audit_events', { group_by: ['event_key'] });
    expect(counted).toMatchObject({ events_seen: logins.length });
    expect(all['notes']).toContainEqual(expect.stringContaining('exported with filters (event_keys)'));
  });

  test('says in every answer that nothing proves a file without a manifest whole', async () => {
    const { call } = await openFile(await bareFile());
    for (const tool of ['list_audit_events', 'find_suspicious_logins', 'follow_audit_events']) {
      const answer = await call(tool, {});
      expect(answer['notes']).toContainEqual(expect.stringContaining('no manifest'));
    }
    const russian = await openFile(await bareFile(), 'ru');
    const { notes } = await russian.call('list_audit_events', {});
    expect(notes).toContainEqual(expect.stringContaining('нет манифеста'));
  });

  test('does not export an empty file where a narrowed one is asked for more than it promises', async () => {
    const { call, failure } = await openFile(await exported({ event_keys: ['user_login'] }));
    const times = { start_time: '2026-03-05', end_time: '2026-03-05' };
    const error = await failure('export_audit_window', { ...times, file_name: 'all.ndjson' });
    expect(error).toMatchObject({ code: 'invalid_input', hint: expect.stringContaining('repeat the filters') });
    const input = { ...times, file_name: 'logins.ndjson', event_keys: ['user_login'] };
    expect(await call('export_audit_window', input)).toMatchObject({ status: 'done', coverage: { complete: true } });
  });

  test('reads gzip, and exports from a file again', async () => {
    const plain = await bareFile();
    const path = `${plain}.gz`;
    await writeFile(path, gzipSync(await readFile(plain)));
    const { call, exportDir } = await openFile(path);
    const input = { start_time: '2026-03-05', end_time: '2026-03-05', file_name: 'day.ndjson.gz', compression: 'gzip' };
    const answer = await call('export_audit_window', input);
    expect(answer).toMatchObject({ status: 'done' });
    const lines = gunzipSync(await readFile(join(exportDir, 'day.ndjson.gz')))
      .toString('utf8')
      .trimEnd()
      .split('\n');
    const expected = events.filter(({ created_at: at }) => at.startsWith('2026-03-05'));
    expect(lines.map((line) => JSON.parse(line))).toEqual(expected);
  });

  test('is followed to its end', async () => {
    const { call } = await openFile(await bareFile());
    let answer = await call('follow_audit_events', { limit: 200 });
    let rows = 0;
    for (let calls = 1; ; calls += 1) {
      rows += Array.isArray(answer['rows']) ? answer['rows'].length : 0;
      if (answer['caught_up'] === true || calls > 10) break;
      answer = await call('follow_audit_events', { cursor: answer['next_cursor'], limit: 200 });
    }
    expect(rows).toBe(events.length);
  });

  test('has no token and no names, and says so instead of failing', async () => {
    const { call, failure } = await openFile(await bareFile());
    const access = await call('check_access');
    expect(access).toMatchObject({ source: 'file', can_read_audit_log: true, problems: [], file: { events: 600 } });
    expect(access['token']).toBeUndefined();
    expect((await failure('find_people', { query: 'Анна' })).code).toBe('not_configured');
    const named = await failure('list_audit_events', { actor: 'Анна Петрова' });
    expect([named.code, named.fields?.[0]?.field]).toEqual(['invalid_input', 'actor']);
    const alert = await failure('send_security_alert', { recipient: '1000', message: 'x' });
    expect(alert.code).toBe('not_configured');
  });
});

describe('the program with --from', () => {
  test('needs no token, and its report has the exit code of its findings', async () => {
    const path = await bareFile();
    const access = await runBuilt(['check', '--from', path]);
    expect([access.code, access.stdout]).toEqual([0, expect.stringContaining(`file (${path})`)]);
    const report = await runBuilt(['suspicious', '--from', path, '--json']);
    expect([0, 5, 10]).toContain(report.code);
    expect(JSON.parse(report.stdout)).toMatchObject({ coverage: { requests: 0 } });
  });

  test.each([
    ['is not there', 'missing.ndjson', undefined, 'cannot be read'],
    ['holds no events', 'words.txt', 'hello\n', 'Line 1'],
    ['is cut short', 'cut.ndjson.gz', gzipSync(JSON.stringify(events)).subarray(0, -9), 'is not whole'],
  ])('a file that %s is a mistake of the call, and what is wrong is said', async (_what, name, content, words) => {
    const path = join(await temporaryFolder(), name);
    if (content !== undefined) await writeFile(path, content);
    const ended = await runBuilt(['check', '--from', path]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain(words);
    expect(ended.stderr.split('\n').length).toBeLessThan(4);
  });
});
