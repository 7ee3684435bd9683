// Checks what a server does of itself, as a client starts it.
import { access, mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { startStdioServer } from '../support/stdio-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('a server that nobody calls tidies its store', { timeout: 60_000 }, async () => {
  const folder = await temporaryFolder();
  const keyFolder = join(folder, 'store', '0'.repeat(24), 'event_key=user_login');
  const left = join(keyFolder, 'day=2026-01-01.ndjson.gz.00000000-0000-4000-8000-000000000000.part');
  await mkdir(keyFolder, { recursive: true });
  await writeFile(left, 'of a writer that was killed');
  const twoHoursAgo = Date.now() / 1000 - 7200;
  await utimes(left, twoHoursAgo, twoHoursAgo);
  const server = startStdioServer(['--store-dir', join(folder, 'store')], { XDG_DATA_HOME: folder });
  await vi.waitFor(() => expect(access(left)).rejects.toThrow('ENOENT'), { timeout: 30_000, interval: 100 });
  expect(await server.end()).toMatchObject({ code: 0, stdout: '' });
});
