// Owns reading the token from a file that nobody else may read.
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { AuditError } from '../errors.ts';

const OTHERS = 0o077;
/** A token is short; a larger file is some other file. */
const MAX_BYTES = 4096;
/** A pipe, as `<(command)` makes one, is given this long. */
const PATIENCE_MS = 5000;
const PAUSE_MS = 20;

/** The text of the token file, trimmed. Throws `not_configured` when it is missing, too large or open to others. */
export function readTokenFile(path: string, hasFileModes: boolean): string {
  const refuse = (message: string, hint: string, cause?: unknown) =>
    new AuditError('not_configured', `PACHCA_TOKEN_FILE ${path}: ${message}.`, {
      hint,
      fields: [{ field: 'PACHCA_TOKEN_FILE', message, value: path }],
      ...(cause === undefined ? {} : { cause }),
    });
  let fd: number | undefined;
  try {
    // Without waiting: a pipe to which nobody writes would hold the program for ever.
    fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stat = fstatSync(fd);
    if (stat.isDirectory()) throw refuse('it is a folder', 'Give the path of a file.');
    const { mode, size } = stat;
    if (hasFileModes && (mode & OTHERS) !== 0) {
      throw refuse('other users of this machine can read it', `Run: chmod 600 ${path}`);
    }
    const bytes = size > MAX_BYTES ? undefined : readAll(fd, stat.isFIFO());
    if (bytes === undefined) throw refuse('too large for a token', 'Put the token alone into the file.');
    const text = bytes.toString('utf8').trim();
    if (text === '') throw refuse('it is empty', 'Put the token alone into the file.');
    return text;
  } catch (error) {
    if (error instanceof AuditError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    throw refuse(`it cannot be read (${code})`, 'Give the path of a file that you can read.', error);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** All that there is; undefined where that is more than a token. `waits`: for who writes into a pipe, a while. */
function readAll(fd: number, waits: boolean): Buffer | undefined {
  const buffer = Buffer.alloc(MAX_BYTES + 1);
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  let length = 0;
  for (let patienceMs = waits ? PATIENCE_MS : 0; length <= MAX_BYTES; patienceMs -= PAUSE_MS) {
    const read = readSome(fd, buffer, length);
    length += read ?? 0;
    if (read === 0 && (length > 0 || patienceMs <= 0)) return buffer.subarray(0, length);
    // Half of a token is none.
    if (read === undefined && patienceMs <= 0) throw new Error('The pipe is written no further, and not ended.');
    if (!read) Atomics.wait(sleeper, 0, 0, PAUSE_MS);
  }
  return undefined;
}

/** How much was read; 0 where no writer is connected, undefined where one is that has not written yet. */
function readSome(fd: number, buffer: Buffer, from: number): number | undefined {
  try {
    return readSync(fd, buffer, from, buffer.length - from, null);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return undefined;
    throw error;
  }
}
