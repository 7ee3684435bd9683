// Tests of what may be in the way of an export: files, links, folders, a full disk.
import { mkdir, open, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { verifyExport } from '../../src/export/verify.ts';
import { sampleEvents, sampleQuery, sampleWindow } from '../support/sample-events.ts';
import { done, exportFixture, spoolNameOf } from './support/fixture.ts';
import { createScriptedLog } from './support/scripted-log.ts';

const COUNT = 3000;
const EVENTS = sampleEvents(COUNT);
const QUERY = sampleQuery(sampleWindow(COUNT));

describe('what is in the way', () => {
  const empty = () => createScriptedLog({ events: [] });

  test('a file that exists is left alone, and nothing is read', async () => {
    const log = empty();
    const { start, exportDir } = await exportFixture(log);
    await writeFile(join(exportDir, 'a.ndjson'), 'mine');
    await expect(start(QUERY, { fileName: 'a.ndjson' })).rejects.toMatchObject({ code: 'file_exists' });
    expect(await readFile(join(exportDir, 'a.ndjson'), 'utf8')).toBe('mine');
    expect(log.runs).toEqual([]);
    expect(await readdir(exportDir)).toEqual(['a.ndjson']);
  });

  test('a file that comes while the export runs is left alone, and what was read is kept', async () => {
    const { exportDir, start } = await exportFixture(
      createScriptedLog({
        events: EVENTS,
        async beforeSlice(index, run) {
          if (index === 0 && run === 0) await writeFile(join(exportDir, 'a.ndjson'), 'mine');
        },
      }),
    );
    await expect(start(QUERY, { fileName: 'a.ndjson' })).rejects.toMatchObject({ code: 'file_exists' });
    expect(await readFile(join(exportDir, 'a.ndjson'), 'utf8')).toBe('mine');
    expect(done(await start(QUERY, { fileName: 'b.ndjson' }))).toMatchObject({
      resumed: true,
      coverage: { requests: 0 },
    });
  });

  test('overwrite replaces the file and its manifest', async () => {
    const { start } = await exportFixture(createScriptedLog({ events: EVENTS }));
    const first = done(await start(sampleQuery(sampleWindow(10)), { fileName: 'a.ndjson' }));
    const second = done(await start(QUERY, { fileName: 'a.ndjson', overwrite: true }));
    expect(second.filePath).toBe(first.filePath);
    expect(await verifyExport(second.manifestPath)).toMatchObject({ ok: true, events: COUNT });
  });

  test('a symlink in place of the file is refused, with overwrite too', async () => {
    const { start, exportDir } = await exportFixture(empty());
    await writeFile(join(exportDir, 'victim'), 'x');
    await symlink(join(exportDir, 'victim'), join(exportDir, 'a.ndjson'));
    for (const overwrite of [false, true]) {
      const attempt = start(QUERY, { fileName: 'a.ndjson', overwrite });
      await expect(attempt).rejects.toMatchObject({ code: 'outside_export_dir' });
    }
    expect(await readFile(join(exportDir, 'victim'), 'utf8')).toBe('x');
  });

  test('a symlink in place of the spool is refused', async () => {
    const { start, exportDir } = await exportFixture(empty());
    const request = { query: QUERY, format: 'ndjson', compression: 'none', overwrite: false } as const;
    await mkdir(join(exportDir, 'elsewhere'));
    await symlink(join(exportDir, 'elsewhere'), join(exportDir, spoolNameOf(request)));
    await expect(start(QUERY)).rejects.toMatchObject({ code: 'outside_export_dir' });
  });

  test('a folder in place of the file is refused', async () => {
    const { start, exportDir } = await exportFixture(empty());
    await mkdir(join(exportDir, 'a.ndjson'));
    const attempt = start(QUERY, { fileName: 'a.ndjson', overwrite: true });
    await expect(attempt).rejects.toMatchObject({ code: 'invalid_input' });
  });

  test('a folder that cannot be written is named with the reason', async () => {
    const { exportDir } = await exportFixture(empty());
    await writeFile(join(exportDir, 'file'), '');
    const inFile = await exportFixture(empty(), { exportDir: join(exportDir, 'file', 'exports') });
    await expect(inFile.start(QUERY)).rejects.toMatchObject({
      code: 'not_configured',
      message: expect.stringMatching(/file\/exports cannot be written \(ENOTDIR\)/),
    });
  });

  test('the export folder itself may be a symlink: its owner chose it', async () => {
    const { exportDir } = await exportFixture(empty());
    await mkdir(join(exportDir, 'real'));
    await symlink(join(exportDir, 'real'), join(exportDir, 'link'));
    const linked = await exportFixture(empty(), { exportDir: join(exportDir, 'link') });
    expect(done(await linked.start(QUERY)).filePath.startsWith(join(exportDir, 'real'))).toBe(true);
  });
});

describe('a full disk', () => {
  /** Lets `bytes` through, then says what a full disk says. */
  function fullAfter(bytes: number): typeof open {
    let left = bytes;
    return async (...args) => {
      const file = await open(...args);
      const write = file.write.bind(file);
      Object.assign(file, {
        write: (chunk: Uint8Array, offset: number) => {
          left -= chunk.byteLength - offset;
          if (left < 0) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
          return write(chunk, offset);
        },
      });
      return file;
    };
  }

  const many = sampleEvents(6000);
  const query = sampleQuery(sampleWindow(6000));

  test.each([
    ['at once', 10_000, /: 0 events are kept/],
    ['half-way', 900_000, /: [23]\d{3} events are kept/],
    ['while the file is put together', 3_000_000, /: 6000 events are kept/],
  ])('%s: what is kept is said, and the same call goes on from there', async (_when, bytes, hint) => {
    const log = createScriptedLog({ events: many, sliceSeconds: 100 });
    const { exportDir, start } = await exportFixture(log, { openFile: fullAfter(bytes) });
    await expect(start(query)).rejects.toMatchObject({ code: 'no_space', hint: expect.stringMatching(hint) });
    expect((await readdir(exportDir)).filter((name) => !name.startsWith('.'))).toEqual([]);
    const roomy = await exportFixture(log, { exportDir });
    expect(done(await roomy.start(query)).manifest.events).toBe(6000);
    expect(new Set(log.runs.flat()).size).toBe(61);
  });
});
