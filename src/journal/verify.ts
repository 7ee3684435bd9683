// Owns the check of a journal: that every line is there, whole, and the one that was written after the one before it.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { journalFiles, lastDigestIn } from './files.ts';
import { digestOf, GENESIS, journalLineSchema } from './line.ts';

export interface JournalProblem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly problem: 'not_readable' | 'chain_broken' | 'cut_short';
}

export interface JournalCheck {
  readonly isWhole: boolean;
  readonly lines: number;
  readonly files: readonly string[];
  readonly firstAt?: string;
  readonly lastAt?: string;
  /** Digest of the last line: written down elsewhere, it shows later that no line was cut off at the end. */
  readonly head: string;
  /** Digest of the line that the first one follows, of a month that is not here: nothing shows whether lines between them are missing. */
  readonly follows?: string;
  /** The first hundred. */
  readonly problems: readonly JournalProblem[];
}

const MAX_PROBLEMS = 100;
const NEWLINE = 10;

/** Lines of a file as bytes, without their line feeds; `isWhole` is false for a last one that has none. */
async function* linesOf(path: string): AsyncGenerator<{ bytes: Buffer; isWhole: boolean }> {
  let rest = Buffer.alloc(0);
  const chunks: AsyncIterable<Buffer> = createReadStream(path);
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = rest.indexOf(NEWLINE); end !== -1; end = rest.indexOf(NEWLINE, from)) {
      yield { bytes: rest.subarray(from, end), isWhole: true };
      from = end + 1;
    }
    rest = rest.subarray(from);
  }
  if (rest.length > 0) yield { bytes: rest, isWhole: false };
}

function parsed(bytes: Buffer) {
  try {
    return journalLineSchema.safeParse(JSON.parse(bytes.toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

interface Progress {
  lines: number;
  head: string | undefined;
  follows?: string;
  firstAt?: string;
  lastAt?: string;
  problems: JournalProblem[];
}

async function checkFile(path: string, progress: Progress): Promise<void> {
  const file = basename(path);
  let number = 0;
  for await (const { bytes, isWhole } of linesOf(path)) {
    number += 1;
    const line = parsed(bytes);
    const add = (problem: JournalProblem['problem']) => progress.problems.push({ file, line: number, problem });
    if (!isWhole) add('cut_short');
    else if (line === undefined) add('not_readable');
    else if (progress.head === undefined && line.prev !== GENESIS) progress.follows = line.prev;
    else if (progress.head !== undefined && line.prev !== progress.head) add('chain_broken');
    if (line !== undefined) {
      progress.firstAt ??= line.at;
      progress.lastAt = line.at;
    }
    progress.head = digestOf(bytes);
    progress.lines += 1;
  }
}

/** What the first line of `file` must point to; undefined where no month before it is in `dir`. */
async function digestBefore(dir: string, file: string): Promise<string | undefined> {
  const before = (await journalFiles(dir)).filter((name) => name < file);
  return before.length === 0 ? undefined : lastDigestIn(dir, before);
}

/** Checks a journal's folder, all months as one chain, or one of its files after the months beside it. Rejects where `path` can not be read. */
export async function verifyJournal(path: string): Promise<JournalCheck> {
  const isFolder = (await stat(path)).isDirectory();
  const dir = isFolder ? path : dirname(path);
  const files = isFolder ? await journalFiles(dir) : [basename(path)];
  const head = isFolder ? GENESIS : await digestBefore(dir, basename(path));
  const progress: Progress = { lines: 0, head, problems: [] };
  for (const file of files) await checkFile(join(dir, file), progress);
  const { problems, head: last, ...counted } = progress;
  return {
    ...counted,
    files,
    isWhole: problems.length === 0,
    head: last ?? GENESIS,
    problems: problems.slice(0, MAX_PROBLEMS),
  };
}
