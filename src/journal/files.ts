// Owns the journal's files: one a month, found by name, appended to, never rewritten or deleted.
import { open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from '../export/file-errors.ts';
import { digestOf, GENESIS } from './line.ts';

/** What a file of the journal is called. */
export const JOURNAL_FILE = /^journal-\d{4}-\d{2}\.ndjson$/u;
const NEWLINE = 10;
const TAIL_BYTES = 65_536;

export function fileNameAt(atMs: number): string {
  return `journal-${new Date(atMs).toISOString().slice(0, 7)}.ndjson`;
}

/** Names of the journal's files in `dir`, oldest first. */
export async function journalFiles(dir: string): Promise<string[]> {
  try {
    return (await readdir(dir)).filter((name) => JOURNAL_FILE.test(name)).toSorted();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

interface Tail {
  readonly size: number;
  /** Digest of the last line; undefined in an empty file. */
  readonly digest: string | undefined;
  /** False where the last line was cut short, by a power cut. */
  readonly endsWhole: boolean;
}

async function tailOf(file: FileHandle): Promise<Tail> {
  const { size } = await file.stat();
  if (size === 0) return { size, digest: undefined, endsWhole: true };
  for (let length = TAIL_BYTES; ; length *= 2) {
    const from = Math.max(0, size - length);
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(size - from), position: from });
    const bytes = buffer.subarray(0, bytesRead);
    const endsWhole = bytes.at(-1) === NEWLINE;
    const end = endsWhole ? bytes.length - 1 : bytes.length;
    const start = bytes.lastIndexOf(NEWLINE, end - 1) + 1;
    if (start > 0 || from === 0) return { size, digest: digestOf(bytes.subarray(start, end)), endsWhole };
  }
}

async function lastDigestOf(path: string): Promise<string | undefined> {
  const file = await open(path, 'r');
  try {
    return (await tailOf(file)).digest;
  } finally {
    await file.close();
  }
}

/** The digest that the first line of a file points to: the last line of `names`, the months before it. */
export async function lastDigestIn(dir: string, names: readonly string[]): Promise<string> {
  for (const name of names.toReversed()) {
    const digest = await lastDigestOf(join(dir, name));
    if (digest !== undefined) return digest;
  }
  return GENESIS;
}

/**
 * Appends to the file of the month: `write` gets the digest of the line before and gives the text to add, whole lines. Call
 * it in turn: what was last in the journal is read anew, since another process may have written it.
 */
export async function appendLines(dir: string, nowMs: number, write: (prev: string) => string): Promise<void> {
  const names = await journalFiles(dir);
  // Never behind the newest file, whatever the clock says: the chain runs through the files in the order of their names.
  const name = [fileNameAt(nowMs), ...names.slice(-1)].toSorted().at(-1) ?? '';
  const file = await open(join(dir, name), 'a+', 0o600);
  try {
    const { size, digest, endsWhole } = await tailOf(file);
    const text = write(
      digest ??
        (await lastDigestIn(
          dir,
          names.filter((other) => other < name),
        )),
    );
    try {
      // A line that a power cut left unfinished stays as it is, and the chain goes on after it.
      await file.appendFile(endsWhole ? text : `\n${text}`);
    } catch (error) {
      // The lines will be tried again: those that a full disk still took would stand there twice.
      await file.truncate(size).catch(() => undefined);
      throw error;
    }
  } finally {
    await file.close();
  }
}
