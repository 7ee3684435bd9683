// Owns what an export has read so far: segments in a folder of its own. The state is just the segments that are there.
import { rm } from 'node:fs/promises';
import type { Slice } from '../audit/audit-log.ts';
import { eventTimeMs, type AuditEvent } from '../audit/event.ts';
import { joinWindows } from '../audit/intervals.ts';
import type { TimeWindow } from '../audit/query.ts';
import { AuditError } from '../errors.ts';
import { createSegmentFiles } from './segment-files.ts';
import { inOrder } from './segment.ts';
import { createCommits, type CommitParts } from './spool-commits.ts';
import { readState, type Edges, type SpooledSlice } from './spool-state.ts';
import type { Tally } from './tally.ts';
import type { OpenFile } from './to-file.ts';

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

export interface SpoolParts extends CommitParts {
  readonly openFile: OpenFile;
}

function checkInside({ startMs, endMs }: TimeWindow, events: readonly AuditEvent[]): void {
  const [first, last] = [events[0], events.at(-1)];
  if (first === undefined || last === undefined) return;
  if (eventTimeMs(first) >= startMs && eventTimeMs(last) < endMs) return;
  throw new AuditError('internal', `The source gave an event outside its slice (${first.id} to ${last.id}).`);
}

/** Opens the spool at `path`, with what an earlier run left there. */
export async function openSpool(path: string, parts: SpoolParts): Promise<Spool> {
  const state = await readState(path, parts.clock.now());
  const files = createSegmentFiles(path, state.lastNumber, parts.openFile);
  const commits = createCommits(state, files, parts);
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
      commits.add(slice, events);
      if (commits.isDue()) await commits.start(requests());
    },
    async flush(requests) {
      try {
        await commits.finish(requests);
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
