// Tests of exports that end early: what is kept, what is read again, and what a partial result says.
import { link, mkdir, open, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compareEvents } from '../../src/audit/event.ts';
import { AuditError } from '../../src/errors.ts';
import type { ExportRequest } from '../../src/export/request.ts';
import { verifyExport } from '../../src/export/verify.ts';
import { createInstantClock } from '../support/instant-clock.ts';
import { sampleEvents, sampleQuery, sampleWindow } from '../support/sample-events.ts';
import { done, eventsIn, exportFixture, spoolNameOf } from './support/fixture.ts';
import { createScriptedLog } from './support/scripted-log.ts';

const COUNT = 3000;
const EVENTS = sampleEvents(COUNT);
const QUERY = sampleQuery(sampleWindow(COUNT));
const IN_ORDER = EVENTS.toSorted(compareEvents);

const partFolders = async (folder: string) => (await readdir(folder)).filter((name) => name.startsWith('.'));

/** Makes `folder` and its files as old as `seconds` since the epoch. */
async function age(folder: string, seconds: number): Promise<void> {
  for (const name of await readdir(folder)) await utimes(join(folder, name), seconds, seconds);
  await utimes(folder, seconds, seconds);
}

describe('going on', () => {
  /** Fails before slice `at` of the first run. */
  const failingAt = (at: number, error: Error) =>
    createScriptedLog({
      events: EVENTS,
      sliceSeconds: 100,
      beforeSlice(index, run) {
        if (run === 0 && index === at) throw error;
      },
    });

  test('the same request reads only what is missing', async () => {
    const log = failingAt(20, new AuditError('network', 'The connection broke.'));
    const { start } = await exportFixture(log);
    await expect(start(QUERY)).rejects.toMatchObject({ code: 'network' });
    const result = done(await start(QUERY));
    expect(log.runs.map((run) => run.length)).toEqual([20, 11]);
    expect(new Set(log.runs.flat()).size).toBe(31);
    expect(await eventsIn(result)).toEqual(IN_ORDER);
    expect(result).toMatchObject({ resumed: true, manifest: { requests: 31, events: COUNT } });
  });

  test('several keys resume key by key', async () => {
    const log = failingAt(40, new AuditError('network', 'The connection broke.'));
    const { start } = await exportFixture(log);
    const query = sampleQuery(QUERY.window, { eventKeys: ['user_login', 'chat_renamed'] });
    await expect(start(query)).rejects.toMatchObject({ code: 'network' });
    const result = done(await start(query));
    expect(log.runs.map((run) => run.length)).toEqual([40, 22]);
    expect(await eventsIn(result)).toEqual(
      IN_ORDER.filter((event) => ['user_login', 'chat_renamed'].includes(event.event_key)),
    );
  });

  test.each<[string, Partial<ExportRequest>]>([
    ['window', { query: sampleQuery({ ...QUERY.window, endMs: QUERY.window.endMs - 1000 }) }],
    ['filter', { query: sampleQuery(QUERY.window, { actorId: '5' }) }],
    ['format', { format: 'csv' }],
    ['compression', { compression: 'gzip' }],
  ])('a changed %s starts fresh', async (_what, change) => {
    const log = failingAt(20, new AuditError('network', 'The connection broke.'));
    const { start } = await exportFixture(log);
    await expect(start(QUERY)).rejects.toMatchObject({ code: 'network' });
    const { query = QUERY, ...request } = change;
    const result = done(await start(query, request));
    expect(result.resumed).toBe(false);
    expect(log.runs[1]?.length).toBeGreaterThanOrEqual(30);
  });

  test('what nobody came back for in 90 days is removed by the next export, and goes on until then', async () => {
    const dayMs = 86_400_000;
    for (const [days, isKept] of [
      [89, true],
      [91, false],
    ] as const) {
      const { start, exportDir: folder } = await exportFixture(
        failingAt(20, new AuditError('network', 'The connection broke.')),
      );
      await expect(start(QUERY)).rejects.toMatchObject({ code: 'network' });
      const [name = ''] = await partFolders(folder);
      const then = (createInstantClock().now() - days * dayMs) / 1000;
      await age(join(folder, name), then);
      const other = sampleQuery({ ...QUERY.window, endMs: QUERY.window.endMs - 1000 });
      await start(other);
      expect(await partFolders(folder)).toEqual(isKept ? [name] : []);
      await age(join(folder, name), then).catch(() => undefined);
      expect(done(await start(QUERY)).resumed).toBe(isKept);
    }
  });

  test('what is as old and asked for again goes on', async () => {
    const { start, exportDir: folder } = await exportFixture(
      failingAt(20, new AuditError('network', 'The connection broke.')),
    );
    await expect(start(QUERY)).rejects.toMatchObject({ code: 'network' });
    const [name = ''] = await partFolders(folder);
    const then = createInstantClock().now() / 1000 - 100 * 86_400;
    await age(join(folder, name), then);
    expect(done(await start(QUERY)).resumed).toBe(true);
  });

  test('another name for the same request goes on too', async () => {
    const log = failingAt(20, new AuditError('network', 'The connection broke.'));
    const { start } = await exportFixture(log);
    await expect(start(QUERY)).rejects.toMatchObject({ code: 'network' });
    expect(done(await start(QUERY, { fileName: 'other.ndjson' })).resumed).toBe(true);
  });

  test.each([
    // Of the 20 slices that were kept, those before the damage need not be read again.
    ['cut short', 10, (file: string, size: number) => truncate(file, Math.floor(size / 2))],
    ['cut in its heading', 0, (file: string) => truncate(file, 10)],
    ['empty', 0, (file: string) => truncate(file, 0)],
    [
      'changed in one byte of its last segment',
      19,
      async (file: string, size: number) => {
        const handle = await open(file, 'r+');
        await handle.write('#', size - 30);
        await handle.close();
      },
    ],
  ])('what is damaged in a file that is %s is read again', async (_how, undamaged, tear) => {
    const log = failingAt(20, new AuditError('network', 'The connection broke.'));
    const { start, exportDir } = await exportFixture(log);
    await expect(start(QUERY)).rejects.toMatchObject({ code: 'network' });
    const [spool = ''] = await partFolders(exportDir);
    const segments = await readdir(join(exportDir, spool));
    for (const file of segments.map((name) => join(exportDir, spool, name))) await tear(file, (await stat(file)).size);
    const result = done(await start(QUERY));
    expect(log.runs[1]).toHaveLength(31 - undamaged);
    expect(await eventsIn(result)).toEqual(IN_ORDER);
  });

  test('a cancelled export keeps what it has and says so', async () => {
    const cancel = new AbortController();
    const log = createScriptedLog({
      events: EVENTS,
      sliceSeconds: 100,
      beforeSlice(index) {
        if (index === 10) cancel.abort();
      },
      outcome: (run) => (run === 0 ? { complete: false, stoppedBy: 'cancelled', covered: [] } : {}),
    });
    const { start, exportDir } = await exportFixture(log);
    const result = await start(QUERY, {}, { signal: cancel.signal });
    expect(result).toMatchObject({ status: 'partial', kept: { events: 900 }, resumed: false });
    expect(result.coverage).toMatchObject({ complete: false, stoppedBy: 'cancelled' });
    expect(await partFolders(exportDir)).toHaveLength(1);
    expect(done(await start(QUERY)).manifest.events).toBe(COUNT);
  });

  test.each(['error', 'rate_limit', 'deadline', 'budget'] as const)(
    'what ended by %s is partial, with the time that is covered, and goes on later',
    async (stoppedBy) => {
      const log = createScriptedLog({
        events: EVENTS,
        sliceSeconds: 100,
        arrange: (slices) => slices.filter((_, index) => index < 5 || slices.length < 31),
        outcome: (run) => (run === 0 ? { complete: false, stoppedBy, covered: [] } : {}),
      });
      const { start } = await exportFixture(log);
      const result = await start(QUERY);
      const { startMs } = QUERY.window;
      expect(result).toMatchObject({
        status: 'partial',
        kept: { events: 500 },
        coverage: { complete: false, stoppedBy, covered: [{ startMs, endMs: startMs + 500_000 }] },
      });
      expect(await eventsIn(done(await start(QUERY)))).toEqual(IN_ORDER);
    },
  );

  test('a window that the log no longer holds in part is a whole file, and the manifest says what is missing', async () => {
    const { startMs, endMs } = QUERY.window;
    const kept = { startMs: startMs + 1_000_000, endMs };
    const log = createScriptedLog({
      events: EVENTS.slice(1000),
      arrange: (slices) => slices.slice(2),
      outcome: () => ({ complete: false, stoppedBy: 'retention', covered: [kept] }),
    });
    const { start } = await exportFixture(log);
    const result = done(await start(QUERY));
    expect(result.manifest).toMatchObject({
      complete: false,
      stopped_by: 'retention',
      covered: [{ start_time: '2026-03-01T00:16:40.000Z', end_time: '2026-03-01T00:50:01.000Z' }],
    });
    expect(await verifyExport(result.manifestPath)).toMatchObject({ ok: true });
  });

  test('a failure before anything was read is thrown, and leaves nothing behind', async () => {
    const { start, exportDir } = await exportFixture(failingAt(0, new AuditError('invalid_token', 'No.')));
    await expect(start(QUERY)).rejects.toMatchObject({ code: 'invalid_token' });
    expect(await readdir(exportDir)).toEqual([]);
  });
});

describe('killed while the file gets its name', () => {
  test('the next run puts the manifest beside it, reading nothing', async () => {
    const log = createScriptedLog({ events: EVENTS });
    const { start, exportDir } = await exportFixture(log);
    const result = done(await start(QUERY));
    // As it lies on disk when the process dies between the two names.
    const request = { query: QUERY, format: 'ndjson', compression: 'none', overwrite: false } as const;
    const spool = join(exportDir, spoolNameOf(request));
    await mkdir(spool);
    await link(result.filePath, join(spool, 'file'));
    await writeFile(join(spool, 'manifest.json'), await readFile(result.manifestPath));
    await rm(result.manifestPath);

    const again = done(await start(QUERY));
    expect(log.runs).toHaveLength(1);
    expect(again).toMatchObject({
      resumed: true,
      manifest: result.manifest,
      coverage: { complete: true, requests: 0 },
    });
    expect(await verifyExport(again.manifestPath)).toMatchObject({ ok: true });
    expect(await partFolders(exportDir)).toEqual([]);
  });
});
