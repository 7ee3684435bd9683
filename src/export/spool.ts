// Owns what an export has read so far: segments in a folder of its own. The state is just the segments that are there.
import { lstat, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Slice } from '../audit/audit-log.ts';
import { eventTimeMs, type AuditEvent } from '../audit/event.ts';
import { joinWindows } from '../audit/intervals.ts';
import type { IsOwnRead, TimeWindow } from '../audit/query.ts';
import type { Clock } from '../clock.ts';
import { AuditError } from '../errors.ts';
import { writeFailure } from './file-errors.ts';
import { decodeSegment, encodeSegment, encodeSlice, inOrder, type EncodedSlice, type SliceEntry } from './segment.ts';
import { addCounts, countEvent, countsOf, createTally, type Tally } from './tally.ts';
import { writeFileWhole, type OpenFile } from './to-file.ts';

// One sync for a few thousand events: a sync for each slice would cost more than reading it. Slow sources sync by time, so that a
// kill loses at most a moment's reading.
const COMMIT_BYTES = 1024 * 1024;
const COMMIT_AFTER_MS = 250;
const SEGMENT_NAME = /^segment-(\d{6})$/;

/** A slice on disk: `bytes` bytes of NDJSON in `file`, from `offset`. */
export interface SpooledSlice extends SliceEntry {
  readonly file: string;
  readonly offset: number;
}

export interface Spool {
  readonly path: string;
  /** Committed slices. */
  readonly slices: readonly SpooledSlice[];
  /** Counts of the committed slices. */
  readonly tally: Tally;
  /** HTTP requests that earlier runs spent. */
  readonly earlierRequests: number;
  /** Whether an earlier run left something. */
  readonly isResumed: boolean;
  /** What need not be read again, windows of one key joined. */
  have(): Pick<Slice, 'window' | 'eventKey'>[];
  /** Takes a slice; it is on disk after the next commit. `requests`: spent by this run so far. */
  add(slice: Slice, requests: number): Promise<void>;
  /** Commits what is pending, and `requests`. */
  flush(requests: number): Promise<void>;
  remove(): Promise<void>;
}

export interface SpoolParts {
  readonly clock: Pick<Clock, 'now'>;
  readonly isOwnRead: IsOwnRead;
  readonly openFile: OpenFile;
  /** Called before every commit; what it throws ends the export. */
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

/** `entries` with their places in `file`, one after the other from `dataOffset`. */
function placed(entries: readonly SliceEntry[], file: string, dataOffset: number): SpooledSlice[] {
  let offset = dataOffset;
  return entries.map((entry) => {
    const slice = { ...entry, file, offset };
    offset += entry.bytes;
    return slice;
  });
}

/** The slices of the segment `file`; a torn one is deleted, so that its part of the window is read again. */
async function readSegment(file: string) {
  const segment = decodeSegment(await readFile(file));
  if (segment === undefined) {
    await rm(file, { force: true });
    return undefined;
  }
  return { ...segment, slices: placed(segment.slices, file, segment.dataOffset) };
}

function checkInside({ startMs, endMs }: TimeWindow, events: readonly AuditEvent[]): void {
  const [first, last] = [events[0], events.at(-1)];
  if (first === undefined || last === undefined) return;
  if (eventTimeMs(first) >= startMs && eventTimeMs(last) < endMs) return;
  throw new AuditError('internal', `The source gave an event outside its slice (${first.id} to ${last.id}).`);
}

interface SpoolState {
  readonly slices: SpooledSlice[];
  readonly tally: Tally;
  requests: number;
  /** Number of the newest segment, torn ones included: a name is never used twice. */
  lastNumber: number;
}

async function readState(path: string): Promise<SpoolState> {
  const state: SpoolState = { slices: [], tally: createTally(), requests: 0, lastNumber: 0 };
  for (const name of (await openFolder(path)).toSorted()) {
    const number = SEGMENT_NAME.exec(name)?.[1];
    if (number === undefined) continue;
    state.lastNumber = Number(number);
    const segment = await readSegment(join(path, name));
    if (segment === undefined) continue;
    state.slices.push(...segment.slices);
    addCounts(state.tally, segment.counts);
    state.requests += segment.requests;
  }
  return state;
}

interface Pending {
  readonly encoded: EncodedSlice[];
  readonly tally: Tally;
  readonly sinceMs: number;
  bytes: number;
}

async function writeSegment(path: string, parts: SpoolParts, state: SpoolState, pending: Pending, requests: number) {
  await parts.renewLock();
  state.lastNumber += 1;
  const file = join(path, `segment-${String(state.lastNumber).padStart(6, '0')}`);
  const counts = countsOf(pending.tally);
  const { chunks, dataOffset } = encodeSegment(pending.encoded, counts, requests);
  await writeFileWhole(join(path, 'segment.tmp'), chunks, parts);
  await rename(join(path, 'segment.tmp'), file);
  state.slices.push(
    ...placed(
      pending.encoded.map(({ entry }) => entry),
      file,
      dataOffset,
    ),
  );
  addCounts(state.tally, counts);
}

/** Opens the spool at `path`, with what an earlier run left there. */
export async function openSpool(path: string, parts: SpoolParts): Promise<Spool> {
  const state = await readState(path);
  const empty = (): Pending => ({ encoded: [], tally: createTally(), sinceMs: parts.clock.now(), bytes: 0 });
  let pending = empty();
  let committedRequests = 0;
  let writing = Promise.resolve();

  /** Starts to write what is pending, one segment at a time: while it is on its way to disk, reading goes on. */
  async function commit(requests: number): Promise<void> {
    await writing;
    writing = writeSegment(path, parts, state, pending, requests - committedRequests);
    // A failure is seen by whoever waits for the write next.
    writing.catch(() => undefined);
    committedRequests = requests;
    pending = empty();
  }

  return {
    path,
    slices: state.slices,
    tally: state.tally,
    earlierRequests: state.requests,
    isResumed: state.slices.length > 0,
    have: () => joinByKey(state.slices),
    async add(slice, requests) {
      const events = inOrder(slice.events);
      checkInside(slice.window, events);
      if (pending.encoded.length === 0) pending = empty();
      for (const event of events) countEvent(pending.tally, event, parts.isOwnRead(event));
      const encoded = encodeSlice(slice, events);
      pending.encoded.push(encoded);
      pending.bytes += encoded.entry.bytes;
      const isDue = parts.clock.now() - pending.sinceMs >= COMMIT_AFTER_MS;
      if (pending.bytes >= COMMIT_BYTES || isDue) await commit(requests);
    },
    async flush(requests) {
      if (pending.encoded.length > 0 || requests > committedRequests) await commit(requests);
      await writing;
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
