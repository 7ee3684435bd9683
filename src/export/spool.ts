// Owns what an export has read so far: segments in a folder of its own. The state is just the segments that are there.
import { lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Slice } from '../audit/audit-log.ts';
import { eventTimeMs, type AuditEvent } from '../audit/event.ts';
import { joinWindows } from '../audit/intervals.ts';
import type { IsOwnRead, TimeWindow } from '../audit/query.ts';
import type { Clock } from '../clock.ts';
import { AuditError } from '../errors.ts';
import { writeFailure } from './file-errors.ts';
import { createTextBuffer, type TextBuffer } from '../text/text-buffer.ts';
import {
  createSegmentFiles,
  readSegments,
  segmentFileNumber,
  type SegmentFiles,
  type SegmentPlace,
} from './segment-files.ts';
import { compareMarks, encodeHead, encodeSlice, inOrder, type Mark, type SliceEntry } from './segment.ts';
import { addCounts, countEvents, countsOf, createTally, type Tally } from './tally.ts';
import type { OpenFile } from './to-file.ts';

// A sync for each slice would cost more than reading it, and what is not synced is lost in a kill: it stays a small share of what is
// there already. Slow sources sync by time, so that a kill loses at most a moment's reading.
const COMMIT_SHARE = 0.03;
const FEWEST_COMMIT_BYTES = 64 * 1024;
const MOST_COMMIT_BYTES = 1024 * 1024;
const COMMIT_AFTER_MS = 100;
/** Far less than what a lock may be silent for; each look costs turns that a busy process has few of. */
const RENEW_AFTER_MS = 10_000;

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

export interface Spool {
  readonly path: string;
  /** Committed slices. */
  readonly slices: readonly SpooledSlice[];
  /** Of the events in them. */
  readonly edges: Readonly<Edges>;
  /** Counts of the committed slices. */
  readonly tally: Tally;
  /** HTTP requests that earlier runs spent. */
  readonly earlierRequests: number;
  /** Whether an earlier run left something. */
  readonly isResumed: boolean;
  /** What need not be read again, windows of one key joined. */
  have(): Pick<Slice, 'window' | 'eventKey'>[];
  /** Takes a slice; it is on disk after the next commit. `requests`: spent by this run so far. */
  add(slice: Slice, requests: () => number): Promise<void>;
  /** Commits what is pending, and `requests`. */
  flush(requests: number): Promise<void>;
  remove(): Promise<void>;
}

export interface SpoolParts {
  readonly clock: Pick<Clock, 'now'>;
  readonly isOwnRead: IsOwnRead;
  readonly openFile: OpenFile;
  /** Called now and then before a commit; what it throws ends the export. */
  readonly renewLock: () => Promise<void>;
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
function place({ slices, edges }: SpoolState, entries: readonly SliceEntry[], { file, offset }: SegmentPlace): void {
  let at = offset;
  for (const { startMs, endMs, eventKey, bytes, first, last } of entries) {
    slices.push({ startMs, endMs, eventKey, bytes, file, offset: at });
    at += bytes;
    if (first !== undefined && (edges.first === undefined || compareMarks(first, edges.first) < 0)) edges.first = first;
    if (last !== undefined && (edges.last === undefined || compareMarks(last, edges.last) > 0)) edges.last = last;
  }
}

function checkInside({ startMs, endMs }: TimeWindow, events: readonly AuditEvent[]): void {
  const [first, last] = [events[0], events.at(-1)];
  if (first === undefined || last === undefined) return;
  if (eventTimeMs(first) >= startMs && eventTimeMs(last) < endMs) return;
  throw new AuditError('internal', `The source gave an event outside its slice (${first.id} to ${last.id}).`);
}

interface SpoolState {
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

async function readState(path: string, nowMs: number): Promise<SpoolState> {
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
    for (const { slices, counts, requests, file, offset, headBytes } of await readSegments(join(path, name))) {
      place(state, slices, { file, offset: offset + headBytes });
      state.bytes += slices.reduce((sum, { bytes }) => sum + bytes, 0);
      addCounts(state.tally, counts);
      state.requests += requests;
    }
  }
  return state;
}

interface Pending {
  readonly entries: SliceEntry[];
  readonly tally: Tally;
  /** Bytes: as text, they would wait for the disk in the heap, and age there. */
  readonly lines: TextBuffer;
}

async function writeSegment(
  files: SegmentFiles,
  { clock, renewLock }: SpoolParts,
  state: SpoolState,
  pending: Pending,
  requests: number,
): Promise<void> {
  const nowMs = clock.now();
  if (nowMs - state.renewedAtMs >= RENEW_AFTER_MS) {
    await renewLock();
    state.renewedAtMs = nowMs;
  }
  const counts = countsOf(pending.tally);
  const data = pending.lines.bytes();
  const head = encodeHead(pending.entries, data, counts, requests);
  const { file, offset } = await files.append([head, data]);
  place(state, pending.entries, { file, offset: offset + head.byteLength });
  addCounts(state.tally, counts);
}

/** Opens the spool at `path`, with what an earlier run left there. */
export async function openSpool(path: string, parts: SpoolParts): Promise<Spool> {
  const state = await readState(path, parts.clock.now());
  const files = createSegmentFiles(path, state.lastNumber, parts.openFile);
  const emptied = (lines: TextBuffer): Pending => {
    lines.clear();
    return { entries: [], tally: createTally(), lines };
  };
  let pending = emptied(createTextBuffer());
  /** Those of the segment that is being written, or was last. */
  let written = createTextBuffer();
  let committedAtMs = parts.clock.now();
  let committedRequests = 0;
  let writing = Promise.resolve();

  /** Starts to write what is pending, one segment at a time: while it is on its way to disk, reading goes on. */
  async function commit(requests: number): Promise<void> {
    await writing;
    writing = writeSegment(files, parts, state, pending, requests - committedRequests);
    // A failure is seen by whoever waits for the write next.
    writing.catch(() => undefined);
    committedRequests = requests;
    committedAtMs = parts.clock.now();
    state.bytes += pending.lines.length;
    const { lines } = pending;
    pending = emptied(written);
    written = lines;
  }

  function isCommitDue(): boolean {
    const dueBytes = Math.min(MOST_COMMIT_BYTES, Math.max(FEWEST_COMMIT_BYTES, state.bytes * COMMIT_SHARE));
    return pending.lines.length >= dueBytes || parts.clock.now() - committedAtMs >= COMMIT_AFTER_MS;
  }

  return {
    path,
    slices: state.slices,
    edges: state.edges,
    tally: state.tally,
    earlierRequests: state.requests,
    isResumed: state.slices.length > 0,
    have: () => joinByKey(state.slices),
    async add(slice, requests) {
      const events = inOrder(slice.events);
      checkInside(slice.window, events);
      countEvents(pending.tally, events, parts.isOwnRead);
      if (slice.isStored === true) pending.tally.fromStore += events.length;
      pending.entries.push(encodeSlice(slice, events, pending.lines));
      if (isCommitDue()) await commit(requests());
    },
    async flush(requests) {
      try {
        if (pending.entries.length > 0 || requests > committedRequests) await commit(requests);
        await writing;
      } finally {
        await files.close();
      }
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

function joinByKey(slices: readonly SpooledSlice[]): Pick<Slice, 'window' | 'eventKey'>[] {
  const byKey = new Map<string | undefined, TimeWindow[]>();
  for (const slice of slices) {
    const ofKey = byKey.get(slice.eventKey);
    if (ofKey === undefined) byKey.set(slice.eventKey, [slice]);
    else ofKey.push(slice);
  }
  return [...byKey].flatMap(([eventKey, ofKey]) =>
    joinWindows(ofKey).map((window) => (eventKey === undefined ? { window } : { window, eventKey })),
  );
}
