// Owns the way from spooled slices, which lie in any order, to the content of one file in time order with every id once.
import type { FileHandle } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { eventTimeMs, isAuditEvent, type AuditEvent } from '../audit/event.ts';
import { AuditError } from '../errors.ts';
import { createTextBuffer } from '../text/text-buffer.ts';
import type { ExportFormat } from './format.ts';
import { withOpenFiles, type OpenFiles } from './open-files.ts';
import { compareMarks, type Mark } from './segment.ts';
import type { SpooledSlice } from './spool-state.ts';

const COPY_BYTES = 1024 * 1024;
// A merge holds one chunk for each run, and there may be a run for every event key.
const MERGE_BYTES = 64 * 1024;
const BATCH_EVENTS = 1000;

/** Slices of which each ends before the next begins: read one after the other, they are in order. */
type Run = SpooledSlice[];

/** Puts the slices into as few runs as there are slices side by side: one for a plain window, one for each key of several. */
export function runsOf(slices: readonly SpooledSlice[]): Run[] {
  const runs: Run[] = [];
  const withEvents = slices.filter(({ bytes }) => bytes > 0);
  for (const slice of withEvents.sort((a, b) => a.startMs - b.startMs)) {
    const run = runs.find((candidate) => (candidate.at(-1)?.endMs ?? Infinity) <= slice.startMs);
    if (run === undefined) runs.push([slice]);
    else run.push(slice);
  }
  return runs;
}

function cutShort({ file }: SpooledSlice): AuditError {
  return new AuditError('internal', `${file} changed while it was read.`, {
    hint: 'Make the same call again: what is not whole is read anew.',
  });
}

/** Reads all of `target` from `slice`, from its byte `done` on. */
async function readInto(target: Buffer, slice: SpooledSlice, done: number, file: FileHandle): Promise<void> {
  for (let at = 0; at < target.byteLength;) {
    const { bytesRead } = await file.read(target, at, target.byteLength - at, slice.offset + done + at);
    if (bytesRead === 0) throw cutShort(slice);
    at += bytesRead;
  }
}

/** The bytes of `slices`, in pieces of one size. A piece is good until the next but one is asked for. */
async function* bytesOf(
  slices: readonly SpooledSlice[],
  pieceBytes: number,
  files: OpenFiles,
): AsyncGenerator<Buffer, undefined> {
  // Two in turn, since the one before may still be on its way to the disk; new ones each time would be as much garbage as the file.
  let [piece, next] = [Buffer.allocUnsafe(pieceBytes), Buffer.allocUnsafe(pieceBytes)];
  let index = 0;
  let done = 0;
  for (;;) {
    // Slices are small, and one waits for a read longer than for the disk: all that fit into a piece are read side by side.
    const reads: Promise<void>[] = [];
    let filled = 0;
    for (let slice = slices[index]; slice !== undefined && filled < pieceBytes; slice = slices[index]) {
      const length = Math.min(pieceBytes - filled, slice.bytes - done);
      const file = await files.open(slice.file);
      const read = readInto(piece.subarray(filled, filled + length), slice, done, file);
      // A failure is seen below, where all are waited for.
      read.catch(() => undefined);
      reads.push(read);
      filled += length;
      done += length;
      if (done < slice.bytes) break;
      index += 1;
      done = 0;
    }
    await Promise.all(reads);
    if (filled === 0) return;
    yield piece.subarray(0, filled);
    [piece, next] = [next, piece];
  }
}

interface Entry extends Mark {
  readonly event: AuditEvent;
  readonly line: string;
}

function entryOf(line: string, slice: SpooledSlice): Entry {
  const event: unknown = JSON.parse(line);
  if (!isAuditEvent(event)) throw cutShort(slice);
  return { ms: eventTimeMs(event), id: event.id, event, line };
}

async function* entriesOf(run: Run, files: OpenFiles): AsyncGenerator<readonly Entry[]> {
  for (const slice of run) {
    const decoder = new StringDecoder('utf8');
    let rest = '';
    for await (const chunk of bytesOf([slice], MERGE_BYTES, files)) {
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      yield lines.map((line) => entryOf(line, slice));
    }
  }
}

interface Cursor {
  readonly batches: AsyncGenerator<readonly Entry[]>;
  batch: readonly Entry[];
  at: number;
}

/** Reads on until `cursor` stands on an entry; false at its end. */
async function fill(cursor: Cursor): Promise<boolean> {
  while (cursor.at >= cursor.batch.length) {
    const next = await cursor.batches.next();
    if (next.done === true) return false;
    cursor.batch = next.value;
    cursor.at = 0;
  }
  return true;
}

/** Of all cursors the entry that comes first, taken off its cursor; undefined where none has one at hand. */
function leastOf(cursors: readonly Cursor[]): { cursor: Cursor; entry: Entry } | undefined {
  let least: { cursor: Cursor; entry: Entry } | undefined;
  for (const cursor of cursors) {
    const entry = cursor.batch[cursor.at];
    if (entry !== undefined && (least === undefined || compareMarks(entry, least.entry) < 0)) least = { cursor, entry };
  }
  return least;
}

async function* mergeRuns(
  runs: readonly Run[],
  files: OpenFiles,
  onRepeat: (event: AuditEvent) => void,
): AsyncGenerator<Entry[]> {
  let cursors: Cursor[] = runs.map((run) => ({ batches: entriesOf(run, files), batch: [], at: 0 }));
  try {
    for (const cursor of cursors) await fill(cursor);
    let merged: Entry[] = [];
    let last: Entry | undefined;
    for (let least = leastOf(cursors); least !== undefined; least = leastOf(cursors)) {
      const { cursor, entry } = least;
      if (last !== undefined && compareMarks(last, entry) === 0) onRepeat(entry.event);
      else merged.push(entry);
      last = entry;
      cursor.at += 1;
      if (cursor.at >= cursor.batch.length && !(await fill(cursor))) cursors = cursors.filter((one) => one !== cursor);
      if (merged.length < BATCH_EVENTS) continue;
      yield merged;
      merged = [];
    }
    yield merged;
  } finally {
    for (const { batches } of cursors) await batches.return(undefined);
  }
}

/**
 * The content of the export, in pieces that are good until the next but one is asked for. `onRepeat` is told of an event that two slices
 * held (it is written once). The usual NDJSON export, whose slices lie side by side, is copied without looking into it.
 */
export async function* contentOf(
  format: ExportFormat,
  slices: readonly SpooledSlice[],
  onRepeat: (event: AuditEvent) => void,
): AsyncGenerator<Buffer> {
  if (format.head !== '') yield Buffer.from(format.head);
  const runs = runsOf(slices);
  const [only = []] = runs;
  const isCopy = format.isSpoolForm && runs.length <= 1;
  const print = format.isSpoolForm ? ({ line }: Entry) => `${line}\n` : ({ event }: Entry) => format.row(event);
  yield* withOpenFiles(async function* (files) {
    if (isCopy) yield* bytesOf(only, COPY_BYTES, files);
    else yield* printed(mergeRuns(runs, files, onRepeat), print);
  });
}

/** A piece of bytes for each batch. */
async function* printed(
  batches: AsyncIterable<readonly Entry[]>,
  print: (entry: Entry) => string,
): AsyncGenerator<Buffer, undefined> {
  // Two in turn, as in bytesOf().
  let [lines, next] = [createTextBuffer(), createTextBuffer()];
  for await (const batch of batches) {
    lines.clear();
    for (const entry of batch) lines.add(print(entry));
    yield lines.bytes();
    [lines, next] = [next, lines];
  }
}
