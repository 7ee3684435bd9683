// Tests of what an export writes: the file, its manifest, and how far it is on the way.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compareEvents } from '../../src/audit/event.ts';
import { verifyExport } from '../../src/export/verify.ts';
import { sampleEvent, sampleEvents, sampleQuery, SAMPLE_START_MS, sampleWindow } from '../support/sample-events.ts';
import { done, eventsIn, exportFixture } from './support/fixture.ts';
import { createScriptedLog } from './support/scripted-log.ts';

const COUNT = 3000;
const EVENTS = sampleEvents(COUNT);
const QUERY = sampleQuery(sampleWindow(COUNT));
const IN_ORDER = EVENTS.toSorted(compareEvents);

describe('the file', () => {
  test('holds the events oldest first though slices come in any order', async () => {
    const { start } = await exportFixture(createScriptedLog({ events: EVENTS, arrange: (s) => s.toSorted(() => 1) }));
    expect(await eventsIn(done(await start(QUERY)))).toEqual(IN_ORDER);
  });

  test('merges several keys in time order, ties of hundreds in one millisecond too', async () => {
    const keys = ['user_login', 'message_created', 'chat_renamed'];
    const ties = Array.from({ length: 400 }, (_, index) =>
      sampleEvent(index, SAMPLE_START_MS + 5000, { event_key: keys[index % 3] ?? '', id: `tie-${(index * 7) % 400}` }),
    );
    const events = [...EVENTS, ...ties];
    const { start } = await exportFixture(createScriptedLog({ events, sliceSeconds: 97 }));
    const result = done(await start(sampleQuery(QUERY.window, { eventKeys: keys })));
    const expected = events.filter((event) => keys.includes(event.event_key)).toSorted(compareEvents);
    expect(await eventsIn(result)).toEqual(expected);
    expect(await verifyExport(result.manifestPath)).toMatchObject({ ok: true, events: expected.length });
  });

  test('holds an event once, and counts it once, where slices overlap or a slice is out of order', async () => {
    const own = 'user_login';
    const { start } = await exportFixture(
      createScriptedLog({
        events: EVENTS,
        arrange: (slices) => {
          const window = { startMs: QUERY.window.startMs, endMs: QUERY.window.startMs + 1_000_000 };
          const events = EVENTS.slice(0, 1000).toReversed();
          return [...slices, { window, events: [...events, ...events.slice(0, 5)] }];
        },
      }),
      { isOwnRead: (event) => event.event_key === own },
    );
    const result = done(await start(QUERY));
    expect(await eventsIn(result)).toEqual(IN_ORDER);
    expect(result.manifest).toMatchObject({ events: COUNT, own_reads: COUNT / 5, by_day: { '2026-03-01': COUNT } });
    expect(await verifyExport(result.manifestPath)).toMatchObject({ ok: true });
  });

  test('and its manifest and folder are for their owner alone, and nothing else stays behind', async () => {
    const folder = join((await exportFixture(createScriptedLog({ events: [] }))).exportDir, 'new', 'exports');
    const { start } = await exportFixture(createScriptedLog({ events: EVENTS }), { exportDir: folder });
    const result = done(await start(QUERY));
    for (const path of [result.filePath, result.manifestPath]) expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    const name = 'pachca-audit_20260301T000000_20260301T005001.ndjson';
    expect((await readdir(folder)).toSorted()).toEqual([name, `${name}.manifest.json`]);
    expect((await stat(result.filePath)).nlink).toBe(1);
  });

  test('comes with a manifest that says what it is', async () => {
    const { start } = await exportFixture(createScriptedLog({ events: EVENTS }), {
      isOwnRead: (event) => event.actor_id === '1',
    });
    const query = sampleQuery(QUERY.window, { timeZone: 'Europe/Moscow', actorType: 'User', chatId: '7' });
    const result = done(await start(query, { fileName: 'march.ndjson' }));
    const [first, last] = [IN_ORDER[0], IN_ORDER.at(-1)];
    expect(JSON.parse(await readFile(result.manifestPath, 'utf8'))).toEqual({
      schema_version: 1,
      program: 'pachca-audit-mcp',
      program_version: '1.2.3',
      created_at: '2026-03-20T12:00:00.000Z',
      source: { kind: 'api', location: 'https://api.example.test' },
      window: {
        start_time: '2026-03-01T00:00:00.000Z',
        end_time: '2026-03-01T00:50:01.000Z',
        time_zone: 'Europe/Moscow',
      },
      filters: { actor_type: 'User', chat_id: '7' },
      file_name: 'march.ndjson',
      format: 'ndjson',
      compression: 'none',
      events: COUNT,
      own_reads: EVENTS.filter((event) => event.actor_id === '1').length,
      by_event_key: { chat_renamed: 600, kms_encrypt: 600, message_created: 600, user_2fa_fail: 600, user_login: 600 },
      by_day: { '2026-03-01': COUNT },
      sources: { api: COUNT },
      requests: 6,
      first_event: { id: first?.id, created_at: first?.created_at },
      last_event: { id: last?.id, created_at: last?.created_at },
      bytes: (await stat(result.filePath)).size,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      complete: true,
    });
  });
});

test('progress grows strictly, counts the events of earlier runs, and knows the time that is left', async () => {
  const reports: unknown[] = [];
  const log = createScriptedLog({ events: EVENTS, sliceSeconds: 1000 });
  const { start } = await exportFixture(log);
  await start(QUERY, {}, { onProgress: (progress) => reports.push(progress) });
  expect(reports).toEqual([
    { fraction: 0.25, coveredMs: 1, totalMs: 4, events: 0 },
    { fraction: 0.5, coveredMs: 2, totalMs: 4, events: 0, etaSeconds: 0 },
    { fraction: 0.75, coveredMs: 3, totalMs: 4, events: 1000, etaSeconds: 0 },
    { fraction: 1, coveredMs: 4, totalMs: 4, events: 2000, etaSeconds: 0 },
  ]);
});

test('two requests for one content and one file have one key', async () => {
  const { exporter } = await exportFixture(createScriptedLog({ events: [] }));
  const request = { query: QUERY, format: 'ndjson', compression: 'none', overwrite: false } as const;
  const same = {
    ...request,
    query: { ...QUERY, order: 'newest_first', ownReads: 'exclude', timeZone: 'UTC' },
  } as const;
  expect(exporter.keyOf(same)).toBe(exporter.keyOf(request));
  expect(exporter.keyOf({ ...request, format: 'csv' })).not.toBe(exporter.keyOf(request));
  expect(exporter.keyOf({ ...request, fileName: 'b' })).not.toBe(exporter.keyOf(request));
});
