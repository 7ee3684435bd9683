// Owns reading a text file of any size, plain or gzip, as batches of whole lines.
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip } from 'node:zlib';
import { AuditError } from '../errors.ts';

const CHUNK_BYTES = 256 * 1024;
// Far above any event; a file without line ends must not fill the memory.
const MAX_LINE_CHARS = 16 * 1024 * 1024;

export interface LineOptions {
  signal?: AbortSignal;
  /** Sees the bytes as they lie on disk, before gzip is undone. */
  onBytes?: (chunk: Buffer) => void;
}

/** By the bytes, not by the name: a renamed file stays readable. */
async function isGzip(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

async function* bytesOf(path: string, { signal, onBytes }: LineOptions): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES, ...(signal === undefined ? {} : { signal }) });
  for await (const chunk of file) {
    if (!Buffer.isBuffer(chunk)) continue;
    onBytes?.(chunk);
    yield chunk;
  }
}

async function textOf(path: string, options: LineOptions): Promise<AsyncIterable<unknown>> {
  const bytes = bytesOf(path, options);
  if (!(await isGzip(path))) return bytes;
  // The callback is empty since a failure also reaches the loop that reads what comes out.
  return pipeline(bytes, createGunzip({ chunkSize: CHUNK_BYTES }), () => undefined);
}

function notWhole(path: string, what: string, cause?: unknown): AuditError {
  return new AuditError('invalid_input', `${path} is not whole: ${what}.`, {
    hint: 'Take the file from where it came once more, or export the window again: what is left of it proves nothing.',
    cause,
  });
}

/**
 * The lines of the file at `path` without their line ends, in batches. Throws `invalid_input` for a gzip stream that is cut short and
 * for a line without end; errors of the file system pass as they are.
 */
export async function* readLines(path: string, options: LineOptions = {}): AsyncGenerator<readonly string[]> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  try {
    for await (const chunk of await textOf(path, options)) {
      if (!Buffer.isBuffer(chunk)) continue;
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > MAX_LINE_CHARS) throw notWhole(path, 'a line has no end');
      if (lines.length > 0) yield lines;
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) {
      throw notWhole(path, error.message, error);
    }
    throw error;
  }
  rest += decoder.end();
  if (rest !== '') yield [rest];
}
