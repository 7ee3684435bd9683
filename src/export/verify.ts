// Owns the check of an export against its manifest: every byte, every line, every count.
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { readLines } from '../audit/file-lines.ts';
import { timeOfText } from '../audit/time-text.ts';
import { AuditError } from '../errors.ts';
import type { Text } from '../text/lang.ts';
import { errnoOf } from './file-errors.ts';
import type { ExportFormat, RowFacts } from './format.ts';
import { FORMATS } from './formats.ts';
import { readManifest, type Manifest } from './manifest.ts';
import { bump, dayOf } from './tally.ts';
import { checkFileName } from './target.ts';
import { LINE_WORDS, VERIFY_WORDS } from './verify-wording.ts';

/** Of a file that is broken throughout, this many lines are named. */
const MAX_LINE_PROBLEMS = 5;

export interface Verification {
  readonly ok: boolean;
  /** What differs, each a sentence; empty where `ok`. */
  readonly problems: readonly Text[];
  readonly manifest: Manifest;
  readonly filePath: string;
  /** As found, whatever the manifest says. */
  readonly events: number;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Checks the file that the manifest at `manifestPath` names, beside it. What is wrong with the file is in the answer; what is wrong
 * with the manifest is thrown (`not_found`, `invalid_input`, `outside_export_dir`). A forger who writes both passes: keep the
 * sha256 elsewhere where that matters.
 */
export async function verifyExport(manifestPath: string, signal?: AbortSignal): Promise<Verification> {
  const manifest = await readManifest(manifestPath);
  checkFileName(manifest.file_name);
  const filePath = join(dirname(manifestPath), manifest.file_name);
  const problems: Text[] = [];
  const hash = createHash('sha256');
  let bytes = 0;
  const rows = createRowCheck(FORMATS[manifest.format], problems);
  const onBytes = (chunk: Buffer) => {
    hash.update(chunk);
    bytes += chunk.byteLength;
  };
  try {
    const options = signal === undefined ? { onBytes } : { onBytes, signal };
    for await (const lines of readLines(filePath, options)) for (const line of lines) rows.add(line);
  } catch (error) {
    signal?.throwIfAborted();
    problems.push(readProblem(error, filePath));
  }
  const sha256 = hash.digest('hex');
  expectSame(problems, 'bytes', manifest.bytes, bytes);
  expectSame(problems, 'sha256', manifest.sha256, sha256);
  rows.compare(manifest);
  return { ok: problems.length === 0, problems, manifest, filePath, events: rows.events(), bytes, sha256 };
}

function readProblem(error: unknown, filePath: string): Text {
  if (error instanceof AuditError) return VERIFY_WORDS.notWhole(error.message);
  const errno = errnoOf(error);
  if (errno === undefined) throw error;
  return errno === 'ENOENT' ? VERIFY_WORDS.missing(filePath) : VERIFY_WORDS.unreadable(filePath, errno);
}

function expectSame<Value extends string | number | undefined>(
  problems: Text[],
  what: string,
  expected: Value,
  found: Value,
): void {
  if (expected !== found) problems.push(VERIFY_WORDS.differs(what, expected, found));
}

/** What the rows of one file come to; `compare` holds it against the manifest. */
function createRowTally(format: ExportFormat) {
  const byKey = new Map<string, number>();
  const byDay = new Map<string, number>();
  let events = 0;
  let first: RowFacts | undefined;
  let last: RowFacts | undefined;
  return {
    events: () => events,
    last: () => last,
    add(row: RowFacts): void {
      events += 1;
      bump(byKey, row.event_key, 1);
      bump(byDay, dayOf(row.created_at), 1);
      first ??= row;
      last = row;
    },
    compare(manifest: Manifest, problems: Text[]): void {
      expectSame(problems, 'events', manifest.events, events);
      compareCounts(problems, 'by_event_key', manifest.by_event_key, byKey, format.printed);
      compareCounts(problems, 'by_day', manifest.by_day, byDay, (day) => day);
      compareEdge(problems, 'first_event', manifest.first_event, first, format);
      compareEdge(problems, 'last_event', manifest.last_event, last, format);
      compareClaims(problems, manifest, { first, last, byKey }, format);
    },
  };
}

/** Goes through the lines of one file in order; `compare` then holds what it saw against the manifest. */
function createRowCheck(format: ExportFormat, problems: Text[]) {
  const head = format.head.split('\n').slice(0, -1);
  const tally = createRowTally(format);
  let lines = 0;
  // Ids of the current millisecond: in time order, a repeat can stand nowhere else.
  let idsNow = new Set<string>();
  let badLines = 0;

  const report = (what: Text) => {
    badLines += 1;
    if (badLines <= MAX_LINE_PROBLEMS) problems.push(VERIFY_WORDS.line(lines, what));
  };
  const checkOrder = (row: RowFacts) => {
    const last = tally.last();
    const step = last === undefined ? 1 : timeOfText(row.created_at) - timeOfText(last.created_at);
    if (step < 0) report(LINE_WORDS.older);
    if (step !== 0) idsNow = new Set();
    if (idsNow.has(row.id)) report(LINE_WORDS.repeats(row.id));
    idsNow.add(row.id);
  };
  return {
    events: tally.events,
    add(line: string): void {
      const expected = head[lines];
      lines += 1;
      if (expected !== undefined) {
        if (line !== expected) report(LINE_WORDS.notHeading);
        return;
      }
      const row = format.readRow(line);
      if (row === undefined) {
        report(LINE_WORDS.notEvent);
        return;
      }
      checkOrder(row);
      tally.add(row);
    },
    compare(manifest: Manifest): void {
      if (badLines > MAX_LINE_PROBLEMS) problems.push(VERIFY_WORDS.moreLines(badLines - MAX_LINE_PROBLEMS));
      tally.compare(manifest, problems);
    },
  };
}

function compareCounts(
  problems: Text[],
  what: string,
  expected: Readonly<Record<string, number>>,
  found: ReadonlyMap<string, number>,
  printed: (name: string) => string,
): void {
  const wanted = new Map<string, number>();
  for (const [name, count] of Object.entries(expected)) bump(wanted, printed(name), count);
  const differing = new Set([...wanted.keys(), ...found.keys()]);
  for (const name of differing) expectSame(problems, `${what} ${name}`, wanted.get(name) ?? 0, found.get(name) ?? 0);
}

interface Rows {
  readonly first: RowFacts | undefined;
  readonly last: RowFacts | undefined;
  readonly byKey: ReadonlyMap<string, number>;
}

/** What the manifest says of the whole must be possible for its rows. What it says of the parts that hold none cannot be checked. */
function compareClaims(problems: Text[], manifest: Manifest, { first, last, byKey }: Rows, format: ExportFormat): void {
  const { window, filters, sources, events, own_reads: ownReads } = manifest;
  const [startMs, endMs] = [Date.parse(window.start_time), Date.parse(window.end_time)];
  const isInside = (row: RowFacts | undefined): boolean =>
    row === undefined || (timeOfText(row.created_at) >= startMs && timeOfText(row.created_at) < endMs);
  if (startMs > endMs) problems.push(VERIFY_WORDS.endsEarly);
  else if (!isInside(first) || !isInside(last)) problems.push(VERIFY_WORDS.outside);
  const asked = filters.event_keys?.map((key) => format.printed(key));
  const foreign = [...byKey.keys()].filter((key) => asked?.includes(key) === false);
  if (foreign.length > 0) problems.push(VERIFY_WORDS.foreignKeys(foreign));
  if (manifest.complete && (manifest.covered !== undefined || manifest.stopped_by !== undefined)) {
    problems.push(VERIFY_WORDS.partAsWhole);
  }
  const sourced = sources && Object.values(sources).reduce((sum, count) => sum + count, 0);
  if (sourced !== undefined && sourced !== events) problems.push(VERIFY_WORDS.sources(sourced, events));
  if (ownReads > events) problems.push(VERIFY_WORDS.ownReads(ownReads, events));
}

function compareEdge(
  problems: Text[],
  what: string,
  expected: Manifest['first_event'],
  found: RowFacts | undefined,
  format: ExportFormat,
): void {
  expectSame(problems, what, expected && format.printed(expected.id), found?.id);
  if (expected === undefined || found === undefined) return;
  if (timeOfText(expected.created_at) === timeOfText(found.created_at)) return;
  expectSame(problems, `${what} time`, expected.created_at, found.created_at);
}
