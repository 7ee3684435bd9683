// Tests that verification finds what was changed, and names it.
import { appendFile, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ExportDone } from '../../src/export/exporter.ts';
import { verifyExport } from '../../src/export/verify.ts';
import { sampleEvents, sampleQuery, sampleWindow } from '../support/sample-events.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { done, exportFixture } from './support/fixture.ts';
import { createScriptedLog } from './support/scripted-log.ts';

let result: ExportDone;

async function exportWith(compression: 'none' | 'gzip'): Promise<ExportDone> {
  const { start } = await exportFixture(createScriptedLog({ events: sampleEvents(50) }));
  return done(await start(sampleQuery(sampleWindow(50)), { compression }));
}

beforeEach(async () => {
  result = await exportWith('none');
});

const problemsOf = async () => (await verifyExport(result.manifestPath)).problems.map(({ en }) => en);

async function editLines(edit: (lines: string[]) => string[]): Promise<void> {
  const lines = (await readFile(result.filePath, 'utf8')).trimEnd().split('\n');
  await writeFile(result.filePath, `${edit(lines).join('\n')}\n`);
}

async function editManifest(change: Record<string, unknown>): Promise<void> {
  const manifest: unknown = JSON.parse(await readFile(result.manifestPath, 'utf8'));
  await writeFile(result.manifestPath, JSON.stringify(Object.assign({}, manifest, change)));
}

test('a file as it was written is whole, and what was found is said', async () => {
  const { manifest, filePath } = result;
  expect(await verifyExport(result.manifestPath)).toEqual({
    ok: true,
    problems: [],
    manifest,
    filePath,
    events: 50,
    bytes: manifest.bytes,
    sha256: manifest.sha256,
  });
});

test('a part that the manifest calls whole is found, since it still says what ended the reading', async () => {
  await editManifest({ complete: true, stopped_by: 'retention' });
  expect(await problemsOf()).toEqual(['complete: it says true beside what ended the reading early.']);
  await editManifest({ stopped_by: undefined, covered: [] });
  expect(await problemsOf()).toHaveLength(1);
});

test('a line that is gone shows in the bytes, the events and its counts', async () => {
  await editLines((lines) => lines.slice(0, -1));
  const problems = (await problemsOf()).join('\n');
  for (const what of ['bytes', 'sha256', 'events: the manifest says 50, the file has 49', 'by_day', 'last_event']) {
    expect(problems).toContain(what);
  }
});

test('lines out of order and lines that come twice are named', async () => {
  await editLines((lines) => [lines[1] ?? '', lines[0] ?? '', lines[0] ?? '', ...lines.slice(2)]);
  const problems = await problemsOf();
  expect(problems).toContain('line 2 is older than the line before.');
  expect(problems.join('\n')).toMatch(/line 3 repeats the event /);
});

test('of a file full of nonsense a few lines are named, and the rest is counted', async () => {
  await editLines((lines) => lines.map(() => 'nonsense'));
  const problems = await problemsOf();
  expect(problems.filter((problem) => problem.endsWith('is not an event.'))).toHaveLength(5);
  expect(problems).toContain('45 more lines are wrong.');
});

test('a file that is gone is a problem, not a crash', async () => {
  await rm(result.filePath);
  expect(await verifyExport(result.manifestPath)).toMatchObject({ ok: false, events: 0, bytes: 0 });
  expect(await problemsOf()).toContain(`${result.filePath} is not there.`);
});

describe('gzip', () => {
  beforeEach(async () => {
    result = await exportWith('gzip');
  });

  test('the sha256 is of the file as it lies on disk', async () => {
    expect(await verifyExport(result.manifestPath)).toMatchObject({ ok: true, events: 50 });
    await writeFile(result.filePath, gzipSync(gunzipSync(await readFile(result.filePath)), { level: 1 }));
    const problems = await problemsOf();
    expect(problems.every((problem) => /^(?:bytes|sha256):/.test(problem))).toBe(true);
    expect(problems.length).toBeGreaterThan(0);
  });

  test('a file cut short is said to be not whole', async () => {
    await truncate(result.filePath, result.manifest.bytes - 20);
    expect((await problemsOf()).join('\n')).toMatch(/is not whole/);
  });

  test('bytes behind the end are found', async () => {
    await appendFile(result.filePath, 'x');
    expect((await problemsOf()).join('\n')).toContain('sha256');
  });
});

test('counts that were changed in the manifest are found', async () => {
  await editManifest({ by_event_key: { user_login: 50 }, events: 51 });
  const problems = (await problemsOf()).join('\n');
  expect(problems).toContain('by_event_key user_login: the manifest says 50, the file has 10.');
  expect(problems).toContain('by_event_key chat_renamed: the manifest says 0, the file has 10.');
  expect(problems).toContain('events: the manifest says 51');
});

test.each([
  ['window', { window: { start_time: '2020-01-01T00:00:00Z', end_time: '2020-01-02T00:00:00Z', time_zone: 'UTC' } }],
  ['window', { window: { start_time: '2030-01-02T00:00:00Z', end_time: '2020-01-01T00:00:00Z', time_zone: 'UTC' } }],
  ['filters', { filters: { event_keys: ['message_deleted'] } }],
  ['sources', { sources: { api: 49 } }],
  ['own_reads', { own_reads: 999 }],
])('a manifest whose %s the rows contradict is found out', async (what, change) => {
  await editManifest(change);
  expect(await problemsOf()).toEqual([expect.stringMatching(new RegExp(`^${what}: `))]);
});

test('a manifest of a newer version with more in it is read', async () => {
  await editManifest({ signature: { by: 'someone' } });
  expect(await verifyExport(result.manifestPath)).toMatchObject({ ok: true });
});

test('a manifest that points out of its folder is refused', async () => {
  await editManifest({ file_name: '../../etc/passwd' });
  await expect(verifyExport(result.manifestPath)).rejects.toMatchObject({ code: 'outside_export_dir' });
});

test('what is no manifest is called so', async () => {
  const folder = await temporaryFolder();
  await expect(verifyExport(join(folder, 'none'))).rejects.toMatchObject({ code: 'not_found' });
  await expect(verifyExport(dirname(folder))).rejects.toMatchObject({ code: 'not_found' });
  await expect(verifyExport(result.filePath)).rejects.toMatchObject({ code: 'invalid_input' });
});

test('a check can be cancelled', async () => {
  await expect(verifyExport(result.manifestPath, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
});
