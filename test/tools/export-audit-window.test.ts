import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { verifyExport } from '../../src/export/verify.ts';
import { plainEvents } from '../../src/simulator/plain-events.ts';
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

describe.each(['new', 'old'] as const)('with the %s form of paging', (paginateForm) => {
  test('30,000 events come out once each, oldest first, and the file is verified until a byte changes', async () => {
    const events = [...plainEvents({ count: 30_000, startMs: now - 10 * DAY_MS, endMs: now, ties: 3 })];
    world = await startWorld({ simulator: { events, now: () => now, paginateForm }, clock });
    const answer = doneSchema.parse(
      await world.call('export_audit_window', { start_time: 'now-10d', end_time: 'now-1m' }),
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

describe('an export', () => {
  test('of a window that contains now ends, though every request writes into the log', async () => {
    const startedAt = Date.now();
    const events = [...plainEvents({ count: 500, startMs: startedAt - DAY_MS / 2, endMs: startedAt })];
    world = await startWorld({ simulator: { events } });
    const answer = doneSchema.parse(await world.call('export_audit_window', {}));
    expect(answer.file.events).toBeGreaterThanOrEqual(500);
  });

  test('keeps own reads and counts them, and the list leaves them out', async () => {
    world = await startWorld({ simulator: { events: [] } });
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
