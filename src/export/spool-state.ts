// Owns what the segments of a spool hold: read from its folder when it is opened, and kept up with each that is added.
import { lstat, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TimeWindow } from '../audit/query.ts';
import { AuditError } from '../errors.ts';
import { writeFailure } from './file-errors.ts';
import { readSegments, segmentFileNumber, type SegmentPlace } from './segment-files.ts';
import { compareMarks, type Mark, type Segment, type SliceEntry } from './segment.ts';
import { addCounts, createTally, type Tally } from './tally.ts';

/** Events come up to a day late, as for the local store. */
const LATE_MS = 24 * 60 * 60_000;
/** What goes on this soon is one reading, during which events may come late in any case. */
const RESUMED_AT_ONCE_MS = 60 * 60_000;

/** A slice on disk: `bytes` bytes of NDJSON in `file`, from `offset`. Kept small: of a million events there are many thousands. */
export interface SpooledSlice extends TimeWindow {
  readonly eventKey: string | undefined;
  readonly bytes: number;
  readonly file: string;
  readonly offset: number;
}

/** Where the first and the last of some events stand; absent where there is none. */
export interface Edges {
  first?: Mark;
  last?: Mark;
}

/** Kept up as segments are added. */
export interface SpoolState {
  renewedAtMs: number;
  /** Of all segments. */
  bytes: number;
  readonly slices: SpooledSlice[];
  readonly edges: Edges;
  readonly tally: Tally;
  requests: number;
  /** Of the newest file, torn ones included: a name is never used twice. */
  lastNumber: number;
}

async function openFolder(path: string): Promise<string[]> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    if (!(await lstat(path)).isDirectory()) {
      throw new AuditError('outside_export_dir', `${path} is not a folder but leads elsewhere.`);
    }
    return await readdir(path);
  } catch (error) {
    throw writeFailure(error, path);
  }
}

/** Takes note of `entries`, whose bytes lie one after the other in `file` from `offset`. */
export function place(
  { slices, edges }: SpoolState,
  entries: readonly SliceEntry[],
  { file, offset }: SegmentPlace,
): void {
  let at = offset;
  for (const { startMs, endMs, eventKey, bytes, first, last } of entries) {
    slices.push({ startMs, endMs, eventKey, bytes, file, offset: at });
    at += bytes;
    if (first !== undefined && (edges.first === undefined || compareMarks(first, edges.first) < 0)) edges.first = first;
    if (last !== undefined && (edges.last === undefined || compareMarks(last, edges.last) > 0)) edges.last = last;
  }
}

/** Whether events may have come into these slices since they were read: an export that goes on days later must not call itself whole. */
function isOvertaken({ slices, readAtMs }: Segment, nowMs: number): boolean {
  if (readAtMs === undefined || nowMs - readAtMs < RESUMED_AT_ONCE_MS) return false;
  return slices.some(({ endMs }) => endMs > readAtMs - LATE_MS);
}

/** What the segments in the folder at `path` hold; the folder is made where there is none. */
export async function readState(path: string, nowMs: number): Promise<SpoolState> {
  const state: SpoolState = {
    renewedAtMs: nowMs,
    bytes: 0,
    slices: [],
    edges: {},
    tally: createTally(),
    requests: 0,
    lastNumber: 0,
  };
  for (const name of (await openFolder(path)).toSorted()) {
    const number = segmentFileNumber(name);
    if (number === undefined) continue;
    state.lastNumber = number;
    for (const segment of await readSegments(join(path, name))) {
      const { slices, counts, requests, file, offset, headBytes } = segment;
      state.requests += requests;
      if (isOvertaken(segment, nowMs)) continue;
      place(state, slices, { file, offset: offset + headBytes });
      state.bytes += slices.reduce((sum, { bytes }) => sum + bytes, 0);
      addCounts(state.tally, counts);
    }
  }
  return state;
}
