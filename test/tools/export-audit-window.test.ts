// Tests export_audit_window: every event once, hostile text, own reads, deadlines.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { verifyExport } from '../../src/export/verify.ts';
import { safeAnswer } from '../../src/mcp/result.ts';
import { plainEvents } from '../../src/simulator/plain-events.ts';
import { forbiddenCharacters } from '../support/hostile-corpus.ts';
import { stillClock } from '../support/still-clock.ts';
import { startWorld, type World } from '../support/world.ts';

const now = Date.parse('2026-11-20T12:00:00Z');
const DAY_MS = 86_400_000;
const clock = stillClock(now);
const doneSchema = z.object({
  status: z.literal('done'),
  file: z.object({ path: z.string(), events: z.number(), sha256: z.string() }),
  manifest_path: z.string(),
});

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

// Six hundred pages: seconds on a quiet machine, much more beside other suites.
const PATIENT = { deadlineAt: Number.POSITIVE_INFINITY };

describe.each(['new', 'old'] as const)('with the %s form of paging', (paginateForm) => {
  test('30,000 events come out once each, oldest first, and the file is verified until a byte changes', async () => {
    const events = [...plainEvents({ count: 30_000, startMs: now - 10 * DAY_MS, endMs: now, ties: 3 })];
    world = await startWorld({ simulator: { events, now: () => now, paginateForm }, clock });
    const answer = doneSchema.parse(
      await world.call('export_audit_window', { start_time: 'now-10d', end_time: 'now-1m' }, PATIENT),
    );
    const expected = events.filter(({ created_at }) => Date.parse(created_at) < now - 60_000);
    const lines = (await readFile(answer.file.path, 'utf8')).trimEnd().split('\n');
    const got = lines.map((line) => z.looseObject({ id: z.string(), created_at: z.string() }).parse(JSON.parse(line)));
    expect(got.length).toBe(expected.length);
    expect(answer.file.events).toBe(expected.length);
    expect(new Set(got.map(({ id }) => id))).toEqual(new Set(expected.map(({ id }) => id)));
    const times = got.map(({ created_at }) => created_at);
    expect(times).toEqual(times.toSorted());

    expect(await verifyExport(answer.manifest_path)).toMatchObject({ ok: true, sha256: answer.file.sha256 });
    const bytes = await readFile(answer.file.path);
    bytes[12_345] = (bytes[12_345] ?? 0) ^ 1;
    await writeFile(answer.file.path, bytes);
    expect(await verifyExport(answer.manifest_path)).toMatchObject({ ok: false });
  });
});

/** What somebody may write where a name or a client belongs; `=cmd`, line breaks, marks that turn text around, long clients. */
const HARD_TEXTS = [
  "=cmd|' /C calc'!A0",
  '+7 (495) 000-00-00\r\nuser_login,1000,approved',
  '-2+3',
  '@SUM(1+1)',
  '\t=1+1',
  'Отчёт \u202Egpj.exe\u202C за квартал',
  'Семья 👨‍👩‍👧‍👦, флаги 🇷🇺 и 🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}',
  'Скрыто \u{E0001}\u{E0049}\u{E0067}\u{E006E} и \u200Bещё',
  '"кавычки", запятые; и\nстроки',
  'я'.repeat(255),
];
const HARD_EVENTS = [
  ...HARD_TEXTS.map((text) => ({
    event_key: 'tag_created',
    details: { name: text, [text]: [text] },
    user_agent: text,
  })),
  { event_key: 'a_key_of_tomorrow', details: { deep: { deeper: [1, null, 'x'] } }, user_agent: null },
  { event_key: 'user_login', details: null, user_agent: 'x'.repeat(255) },
].map((event, index) => ({
  ...event,
  id: `hard-${String(index).padStart(4, '0')}`,
  created_at: new Date(now - DAY_MS + index * 1000).toISOString(),
  entity_id: '1000',
  entity_type: 'User',
  actor_id: '1000',
  actor_type: 'User',
  ip_address: null,
}));
const WINDOW = { start_time: 'now-2d', end_time: 'now-1h' };

describe('text that somebody chose', () => {
  test('is in NDJSON as it came, to the last character', async () => {
    world = await startWorld({ simulator: { events: HARD_EVENTS, now: () => now }, clock });
    const { file } = doneSchema.parse(await world.call('export_audit_window', WINDOW));
    const lines = (await readFile(file.path, 'utf8')).trimEnd().split('\n');
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual(HARD_EVENTS);
  });

  test('begins no cell of CSV that a spreadsheet would run, and is whole in it', async () => {
    world = await startWorld({ simulator: { events: HARD_EVENTS, now: () => now }, clock });
    const { file } = doneSchema.parse(await world.call('export_audit_window', { ...WINDOW, format: 'csv' }));
    const table: Record<string, string>[] = parse(await readFile(file.path), { bom: true, columns: true });
    expect(table).toHaveLength(HARD_EVENTS.length);
    for (const [index, row] of table.entries()) {
      for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[\s]*[=+\-@\t\r]/u);
      const written = HARD_EVENTS[index]?.user_agent ?? '';
      const spelt = row['user_agent']?.replaceAll(/\\([rnt])/gu, (_all, letter) => JSON.parse(`"\\${letter}"`));
      expect([written, `'${written}`]).toContain(spelt);
      expect(JSON.parse(row['details'] || 'null')).toEqual(HARD_EVENTS[index]?.details);
    }
  });

  test('is clean in answers, with emoji families and flags as they were, and counted', async () => {
    world = await startWorld({ simulator: { events: HARD_EVENTS, now: () => now }, clock });
    for (const format of ['concise', 'detailed']) {
      const answer = await world.answer('list_audit_events', { ...WINDOW, response_format: format });
      const { text } = safeAnswer(answer, (one) => one);
      expect(forbiddenCharacters(text)).toEqual([]);
      expect(text).toContain('Семья 👨‍👩‍👧‍👦, флаги 🇷🇺 и 🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}');
      expect(text).toContain('a_key_of_tomorrow');
      expect(text).toContain('hidden characters');
    }
  });
});

describe('an export', () => {
  test('of a window that contains now ends, though every request writes into the log', async () => {
    const startedAt = Date.now();
    const events = [...plainEvents({ count: 500, startMs: startedAt - DAY_MS / 2, endMs: startedAt })];
    world = await startWorld({ simulator: { events } });
    const answer = doneSchema.parse(await world.call('export_audit_window', {}));
    expect(answer.file.events).toBeGreaterThanOrEqual(500);
  });

  test('keeps own reads and counts them, and the list leaves them out', async () => {
    // A clock of which no two moments are the same: a read of the millisecond in which a window ends would not be in it.
    let nowMs = now;
    const runningClock = { ...clock, now: () => (nowMs += 1) };
    world = await startWorld({ simulator: { events: [], now: runningClock.now }, clock: runningClock });
    for (let reads = 0; reads < 3; reads += 1) await world.call('list_audit_events', { start_time: 'now-1h' });
    const list = await world.call('list_audit_events', { start_time: 'now-1h' });
    expect(list).toMatchObject({ rows: [], coverage: { own_reads: 3 } });
    const exported = await world.call('export_audit_window', { start_time: 'now-1h' });
    expect(exported).toMatchObject({ own_reads: 4, by_event_key: { audit_events_accessed: 4 } });
  });

  test('answers running at its deadline, and the same call waits on', async () => {
    const events = [...plainEvents({ count: 2000, startMs: now - DAY_MS, endMs: now })];
    world = await startWorld({ simulator: { events, now: () => now, latencyMs: 30 }, clock });
    const input = { start_time: '2026-11-19T12:00:00Z', end_time: '2026-11-20T12:00:00Z' };
    const first = await world.call('export_audit_window', input, { deadlineAt: world.parts.clock.now() + 40 });
    expect(first).toMatchObject({ status: 'running', resume_with: input });
    const second = await world.call(
      'export_audit_window',
      z.record(z.string(), z.unknown()).parse(first['resume_with']),
    );
    expect(second).toMatchObject({ status: 'done', file: { events: 2000 } });
  });

  test('names its file, its manifest and a link to both', async () => {
    const events = [...plainEvents({ count: 10, startMs: now - DAY_MS, endMs: now })];
    world = await startWorld({ simulator: { events, now: () => now }, clock });
    const { structured, links } = await world.answer('export_audit_window', {
      start_time: 'now-1d',
      file_name: 'day.csv',
      format: 'csv',
    });
    const path = join(world.exportDir, 'day.csv');
    expect(structured).toMatchObject({ file: { path: expect.stringContaining('day.csv'), format: 'csv', events: 10 } });
    expect(links).toEqual([{ uri: expect.stringContaining('day.csv'), name: 'day.csv', mimeType: 'text/csv' }]);
    expect((await readFile(path, 'utf8')).trimEnd().split(/\r?\n/u)).toHaveLength(11);
  });
});
