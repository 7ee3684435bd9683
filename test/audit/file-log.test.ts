// Tests of answering from an exported file: whole, narrowed, broken, changed.
import { appendFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { compareEvents, type AuditEvent } from '../../src/audit/event.ts';
import { openFileLog, type FileLog } from '../../src/audit/file-log.ts';
import type { AuditQuery } from '../../src/audit/query.ts';
import { readFileScope } from '../../src/export/file-scope.ts';
import { done, exportFixture } from '../export/support/fixture.ts';
import { createScriptedLog } from '../export/support/scripted-log.ts';
import { createInstantClock } from '../support/instant-clock.ts';
import { sampleEvents, sampleQuery, SAMPLE_START_MS, sampleWindow } from '../support/sample-events.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const EVENTS = sampleEvents(3000);
const WINDOW = sampleWindow(3000);
const parts = { clock: createInstantClock(), isOwnRead: () => false };

async function fileOf(events: readonly AuditEvent[], compress = false): Promise<string> {
  const path = join(await temporaryFolder(), 'log');
  const text = events.map((event) => `${JSON.stringify(event)}\n`).join('');
  await writeFile(path, compress ? gzipSync(text) : text);
  return path;
}

async function read(log: FileLog, query: AuditQuery) {
  const { batches, coverage } = log.read(query);
  const events: AuditEvent[] = [];
  for await (const batch of batches) events.push(...batch);
  return { events, coverage: coverage() };
}

/** An export of the sample events, and the log over its file. */
async function exported(filters: Partial<AuditQuery> = {}) {
  const { start } = await exportFixture(createScriptedLog({ events: EVENTS }));
  const result = done(await start(sampleQuery(WINDOW, filters), { compression: 'gzip' }));
  const open = async () => {
    const scope = await readFileScope(result.filePath);
    return openFileLog({ ...parts, path: result.filePath, ...(scope === undefined ? {} : { scope }) });
  };
  return { result, open };
}

test.each([false, true])('answers in both orders from a file (gzip: %s)', async (compress) => {
  const log = await openFileLog({ ...parts, path: await fileOf(EVENTS, compress) });
  expect(log).toMatchObject({ events: 3000, span: { startMs: SAMPLE_START_MS, endMs: SAMPLE_START_MS + 3_000_000 } });
  const window = { startMs: SAMPLE_START_MS + 100_000, endMs: SAMPLE_START_MS + 200_000 };
  expect((await read(log, sampleQuery(window))).events).toEqual(EVENTS.slice(100, 200));
  const newest = await read(log, sampleQuery(window, { order: 'newest_first', eventKeys: ['user_login'] }));
  expect(newest.events).toEqual(
    EVENTS.slice(100, 200)
      .filter((event) => event.event_key === 'user_login')
      .toReversed(),
  );
  expect(newest.coverage).toMatchObject({ complete: true, eventsScanned: newest.events.length });
});

test('events of one millisecond come by id, however they lie in the file, since the pages of a list go by time and id', async () => {
  // More than one batch of lines are of one millisecond.
  const ties = EVENTS.map((event, index) => ({
    ...event,
    created_at: new Date(SAMPLE_START_MS + Math.floor(index / 1400) * 1000).toISOString(),
  }));
  const inFile = ties.toSorted((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at) || (a.id < b.id ? 1 : -1));
  const log = await openFileLog({ ...parts, path: await fileOf(inFile) });
  const inOrder = ties.toSorted(compareEvents);
  expect(inFile).not.toEqual(inOrder);
  expect((await read(log, sampleQuery(WINDOW))).events).toEqual(inOrder);
  const newest = await read(log, sampleQuery(WINDOW, { order: 'newest_first' }));
  expect(newest.events).toEqual(inOrder.toReversed());
});

describe('without a manifest', () => {
  test('it is taken as whole from its first to its last event, and says so', async () => {
    const log = await openFileLog({ ...parts, path: await fileOf(EVENTS) });
    expect(log.notes.map(({ en }) => en).join(' ')).toMatch(/no manifest/);
    expect((await read(log, sampleQuery(WINDOW))).coverage).toMatchObject({
      complete: false,
      stoppedBy: 'retention',
      covered: [log.span],
    });
  });

  test('an empty file covers nothing', async () => {
    const log = await openFileLog({ ...parts, path: await fileOf([]) });
    expect(log).not.toHaveProperty('span');
    expect((await read(log, sampleQuery(WINDOW))).coverage).toMatchObject({ complete: false, covered: [] });
  });
});

describe('with its manifest', () => {
  test('the window of the export is covered, events or not', async () => {
    const log = await (await exported()).open();
    expect(log.notes).toEqual([]);
    expect(await read(log, sampleQuery(WINDOW))).toMatchObject({
      events: EVENTS.toSorted(compareEvents),
      coverage: { complete: true, stoppedBy: 'end' },
    });
    const wider = { startMs: WINDOW.startMs - 1000, endMs: WINDOW.endMs };
    expect((await read(log, sampleQuery(wider))).coverage).toMatchObject({ complete: false, covered: [WINDOW] });
  });

  test('a file narrowed by filters answers whole only what is as narrow', async () => {
    const log = await (await exported({ eventKeys: ['user_login', 'chat_renamed'], actorId: '5' })).open();
    expect(log.notes.map(({ en }) => en).join(' ')).toContain('(event_keys, actor_id)');
    const coverageOf = async (filters: Partial<AuditQuery>) =>
      (await read(log, sampleQuery(WINDOW, filters))).coverage.complete;
    expect(await coverageOf({})).toBe(false);
    expect(await coverageOf({ actorId: '5' })).toBe(false);
    expect(await coverageOf({ eventKeys: ['user_login'] })).toBe(false);
    expect(await coverageOf({ eventKeys: ['user_login', 'user_logout'], actorId: '5' })).toBe(false);
    expect(await coverageOf({ eventKeys: ['user_login'], actorId: '5' })).toBe(true);
    expect(await coverageOf({ eventKeys: ['user_login'], actorId: '5', ipAddress: '10.0.0.0/8' })).toBe(true);
  });

  test('hours of the day are as narrow only in the same zone', async () => {
    const timeOfDay = { fromMinute: 0, toMinute: 30 };
    const log = await (await exported({ timeOfDay, timeZone: 'Europe/Moscow' })).open();
    const isComplete = async (timeZone: string) =>
      (await read(log, sampleQuery(WINDOW, { timeOfDay, timeZone }))).coverage.complete;
    expect([await isComplete('Europe/Moscow'), await isComplete('UTC')]).toEqual([true, false]);
  });

  test('a file that was changed answers, but nothing counts as whole, and a note says why', async () => {
    const { result, open } = await exported();
    await appendFile(result.filePath, gzipSync(`${JSON.stringify({ ...EVENTS[2999], id: 'forged' })}\n`));
    const log = await open();
    expect(log.notes.map(({ en }) => en).join(' ')).toMatch(/differs from its manifest.*sha256/);
    const { events, coverage } = await read(log, sampleQuery(WINDOW));
    expect(events).toHaveLength(3001);
    expect(coverage).toMatchObject({ complete: false, covered: [] });
  });

  test('it can be exported again', async () => {
    const log = await (await exported()).open();
    const { start } = await exportFixture(log, { source: { kind: 'file', location: 'log' } });
    const again = done(await start(sampleQuery(WINDOW), { format: 'csv' }));
    expect(again.manifest).toMatchObject({ events: 3000, complete: true, source: { kind: 'file' } });
  });
});

describe('a file that cannot be used', () => {
  const opened = async (path: string) => openFileLog({ ...parts, path });

  test.each([
    ['is not JSON', '{"id": broken'],
    ['is not an audit event', '{"id":"1","event_key":"user_login"}'],
    ['is not JSON', ''],
  ])('is refused with the number of the line that %s', async (what, line) => {
    const path = await fileOf(EVENTS.slice(0, 2));
    await appendFile(path, `${line}\n${JSON.stringify(EVENTS[2])}\n`);
    await expect(opened(path)).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(new RegExp(`^Line 3 of .* ${what}`)),
    });
  });

  test('is refused where it is not in time order', async () => {
    const [first, second] = EVENTS;
    if (first === undefined || second === undefined) throw new Error('no events');
    await expect(opened(await fileOf([second, first]))).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(/^Line 2 of .* is older than the line before/),
    });
  });

  test('is refused where an event is in it twice: it would be counted twice', async () => {
    const path = await fileOf([...EVENTS.slice(0, 3), ...EVENTS.slice(2, 5)]);
    await expect(opened(path)).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(/^Line 4 of .* is an event of a line before/),
    });
  });

  test('may begin with a byte order mark', async () => {
    const path = join(await temporaryFolder(), 'log');
    await writeFile(
      path,
      `\uFEFF${EVENTS.slice(0, 2)
        .map((event) => JSON.stringify(event))
        .join('\r\n')}\r\n`,
    );
    expect((await opened(path)).events).toBe(2);
  });

  test('is refused where its gzip is cut short', async () => {
    const path = await fileOf(EVENTS, true);
    await truncate(path, (await stat(path)).size - 100);
    await expect(opened(path)).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(/not whole/),
      hint: expect.stringContaining('export the window again'),
    });
  });

  test('is refused where it has no line ends', async () => {
    const path = join(await temporaryFolder(), 'log');
    await writeFile(path, 'x'.repeat(17 * 1024 * 1024));
    await expect(opened(path)).rejects.toMatchObject({ code: 'invalid_input' });
  });

  test('is refused where it is not there', async () => {
    await expect(opened('/nowhere/log')).rejects.toMatchObject({ code: 'not_found' });
  });
});
