// Owns the way of slices to disk: gathered, and written as one segment when it is worth a sync.
import type { Slice } from '../audit/audit-log.ts';
import type { AuditEvent } from '../audit/event.ts';
import type { IsOwnRead } from '../audit/query.ts';
import type { Clock } from '../clock.ts';
import { createTextBuffer, type TextBuffer } from '../text/text-buffer.ts';
import type { SegmentFiles } from './segment-files.ts';
import { encodeHead, encodeSlice, type SliceEntry } from './segment.ts';
import { place, type SpoolState } from './spool-state.ts';
import { addCounts, countEvents, countsOf, createTally, type Tally } from './tally.ts';

// A sync for each slice would cost more than reading it, and what is not synced is lost in a kill: it stays a small share of what is
// there already. Slow sources sync by time, so that a kill loses at most a moment's reading.
const COMMIT_SHARE = 0.03;
const FEWEST_COMMIT_BYTES = 64 * 1024;
const MOST_COMMIT_BYTES = 1024 * 1024;
const COMMIT_AFTER_MS = 100;
/** Far less than what a lock may be silent for; each look costs turns that a busy process has few of. */
const RENEW_AFTER_MS = 10_000;

export interface CommitParts {
  readonly clock: Pick<Clock, 'now'>;
  readonly isOwnRead: IsOwnRead;
  /** Called now and then before a commit; what it throws ends the export. */
  readonly renewLock: () => Promise<void>;
}

interface Pending {
  readonly entries: SliceEntry[];
  readonly tally: Tally;
  /** Bytes: as text, they would wait for the disk in the heap, and age there. */
  readonly lines: TextBuffer;
}

async function writeSegment(
  files: SegmentFiles,
  { clock, renewLock }: CommitParts,
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
  const head = encodeHead({ slices: pending.entries, counts, requests, readAtMs: nowMs }, data);
  const { file, offset } = await files.append([head, data]);
  place(state, pending.entries, { file, offset: offset + head.byteLength });
  addCounts(state.tally, counts);
}

function emptied(lines: TextBuffer): Pending {
  lines.clear();
  return { entries: [], tally: createTally(), lines };
}

/** Commits to `files`; what is committed is in `state`. */
export function createCommits(state: SpoolState, files: SegmentFiles, parts: CommitParts) {
  let pending = emptied(createTextBuffer());
  /** Those of the segment that is being written, or was last. */
  let written = createTextBuffer();
  let committedAtMs = parts.clock.now();
  let committedRequests = 0;
  let writing = Promise.resolve();

  /** Starts to write what is pending, one segment at a time: while it is on its way to disk, reading goes on. */
  async function start(requests: number): Promise<void> {
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

  return {
    add(slice: Slice, events: readonly AuditEvent[]): void {
      countEvents(pending.tally, events, parts.isOwnRead);
      if (slice.isStored === true) pending.tally.fromStore += events.length;
      pending.entries.push(encodeSlice(slice, events, pending.lines));
    },
    /** Whether what is pending is enough, or old enough. */
    isDue(): boolean {
      const dueBytes = Math.min(MOST_COMMIT_BYTES, Math.max(FEWEST_COMMIT_BYTES, state.bytes * COMMIT_SHARE));
      return pending.lines.length >= dueBytes || parts.clock.now() - committedAtMs >= COMMIT_AFTER_MS;
    },
    start,
    /** Commits what is left, and waits until all is on disk. `requests`: as for `start`, spent by this run so far. */
    async finish(requests: number): Promise<void> {
      if (pending.entries.length > 0 || requests > committedRequests) await start(requests);
      await writing;
    },
  };
}
