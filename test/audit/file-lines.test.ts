// Tests that lines come out as they went in, wherever the chunks of a file end.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readLines } from '../../src/audit/file-lines.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function linesOf(content: string | Buffer) {
  const path = join(await temporaryFolder(), 'text');
  await writeFile(path, content);
  const lines: string[] = [];
  let bytes = 0;
  const onBytes = (chunk: Buffer) => {
    bytes += chunk.byteLength;
  };
  for await (const batch of readLines(path, { onBytes })) lines.push(...batch);
  return { lines, bytes };
}

// Longer than a chunk, with characters of four bytes that chunk ends cut through.
const LONG = Array.from({ length: 20_000 }, (_, index) => `${'🇷🇺'.repeat(index % 40)}я${index}`);

test('plain and gzip give the same lines; bytes are those on disk', async () => {
  const text = `${LONG.join('\n')}\n`;
  expect(await linesOf(text)).toEqual({ lines: LONG, bytes: Buffer.byteLength(text) });
  const zipped = gzipSync(text);
  expect(await linesOf(zipped)).toEqual({ lines: LONG, bytes: zipped.byteLength });
});

test('the last line may lack its end, a byte order mark stays, and an empty file has no line', async () => {
  expect((await linesOf('\uFEFFa\r\n\nb')).lines).toEqual(['\uFEFFa\r', '', 'b']);
  expect((await linesOf('')).lines).toEqual([]);
});
