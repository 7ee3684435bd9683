// Owns comparing an answer of the store with what the log behind it knows: nothing missing, nothing twice, and no claim that is not true.
import { expect } from 'vitest';
import type { AuditLog, Coverage, Slice } from '../../src/audit/audit-log.ts';
import { compareEvents, eventTimeMs, type AuditEvent } from '../../src/audit/event.ts';
import { intersectWindows, subtractWindows, totalMs } from '../../src/audit/intervals.ts';
import { matchesQuery } from '../../src/audit/local-filters.ts';
import type { AuditQuery, IsOwnRead, TimeWindow } from '../../src/audit/query.ts';
import { AuditError } from '../../src/errors.ts';

export interface Truth {
  readonly isOwnRead: IsOwnRead;
  /** Everything that ever came into the log, forgotten or not. */
  arrived(): AuditEvent[];
  /** What the log has not forgotten. */
  remembered(): TimeWindow;
}

/** What `query` should give of `windows`, oldest first. */
function expected(query: AuditQuery, windows: readonly TimeWindow[], { arrived, isOwnRead }: Truth): AuditEvent[] {
  return arrived()
    .filter((event) => windows.some((window) => isIn(event, window)))
    .filter((event) => matchesQuery(event, query) && (query.ownReads === 'keep' || !isOwnRead(event)))
    .toSorted(compareEvents);
}

function isIn(event: AuditEvent, { startMs, endMs }: TimeWindow): boolean {
  return eventTimeMs(event) >= startMs && eventTimeMs(event) < endMs;
}

/** Compared as text: key order, nulls and unknown fields are part of what the log said. */
function asLines(events: readonly AuditEvent[]): string[] {
  return events.map((event) => JSON.stringify(event));
}

export interface ReadCheck {
  /** The reader leaves after so many batches. */
  readonly leaveAfter?: number;
  readonly maxEvents?: number;
}

export async function checkRead(log: AuditLog, query: AuditQuery, truth: Truth, check: ReadCheck): Promise<void> {
  const { leaveAfter = Number.POSITIVE_INFINITY, maxEvents } = check;
  const read = log.read(query, maxEvents === undefined ? {} : { maxEvents });
  const events: AuditEvent[] = [];
  let batches = 0;
  try {
    for await (const batch of read.batches) {
      events.push(...batch);
      batches += 1;
      if (batches >= leaveAfter) break;
    }
  } catch (error) {
    // The network broke before anything was read.
    expect(error).toBeInstanceOf(AuditError);
    expect(events).toEqual([]);
    return;
  }
  const coverage = read.coverage();
  const forward = query.order === 'oldest_first' ? events : events.toReversed();
  expect(asLines(forward)).toEqual(asLines(forward.toSorted(compareEvents)));
  checkOnce(events);
  const everything = expected(query, [query.window], truth);
  expect(asLines(everything)).toEqual(expect.arrayContaining(asLines(events)));
  const covered = events.filter((event) => coverage.covered.some((window) => isIn(event, window)));
  expect(asLines(covered.toSorted(compareEvents))).toEqual(asLines(expected(query, coverage.covered, truth)));
  expect(coverage.fromStore).toBeLessThanOrEqual(events.length);
  if (maxEvents !== undefined) expect(events.length).toBeLessThanOrEqual(maxEvents);
  if (batches < leaveAfter) checkClaims(query, coverage, truth);
}

export async function checkSlices(log: AuditLog, query: AuditQuery, truth: Truth, haveMs: number): Promise<void> {
  const { startMs, endMs } = query.window;
  // Two stretches that the caller has: the first hours of everything, and later ones of one key.
  const [oneKey] = query.eventKeys ?? [];
  const middleMs = Math.min(startMs + 2 * haveMs, endMs);
  const later = { startMs: middleMs, endMs: Math.min(middleMs + haveMs, endMs) };
  const first = { window: { startMs, endMs: Math.min(startMs + haveMs, endMs) } };
  const have = haveMs === 0 ? [] : [first, ...(oneKey === undefined ? [] : [{ window: later, eventKey: oneKey }])];
  const read = log.readSlices(query, { have });
  const slices: Slice[] = [];
  try {
    for await (const slice of read.slices) slices.push(slice);
  } catch (error) {
    expect(error).toBeInstanceOf(AuditError);
    expect(slices).toEqual([]);
    return;
  }
  const coverage = read.coverage();
  checkOnce(slices.flatMap(({ events }) => events));
  for (const eventKey of query.eventKeys ?? [undefined]) {
    const ofLane = (slice: Pick<Slice, 'window' | 'eventKey'>): boolean =>
      slice.eventKey === undefined || slice.eventKey === eventKey;
    const given = slices.filter(ofLane).map(({ window }) => window);
    const had = have.filter(ofLane).map(({ window }) => window);
    expect(intersectWindows(given, had)).toEqual([]);
    expect(given.reduce((sum, window) => sum + totalMs([window]), 0)).toBe(totalMs(given));
    // A log need not give slices for nothing, so what is covered without one must be empty.
    const silent = subtractWindows(coverage.covered, [...given, ...had]);
    const laneQuery = eventKey === undefined ? query : { ...query, eventKeys: [eventKey] };
    expect(expected(laneQuery, silent, truth)).toEqual([]);
  }
  for (const { window, eventKey, events } of slices) {
    const laneQuery = eventKey === undefined ? query : { ...query, eventKeys: [eventKey] };
    expect(asLines(events)).toEqual(asLines(expected(laneQuery, [window], truth)));
  }
  checkClaims(query, coverage, truth);
}

function checkOnce(events: readonly AuditEvent[]): void {
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
}

/** A read that was not broken off covers what the log remembers, at least, and says why it is not complete. */
function checkClaims(query: AuditQuery, coverage: Coverage, truth: Truth): void {
  expect(coverage.complete).toBe(totalMs(coverage.covered) === totalMs([query.window]));
  expect(subtractWindows(coverage.covered, [query.window])).toEqual([]);
  if (coverage.complete) expect(coverage.stoppedBy).toBe('end');
  if (coverage.stoppedBy !== 'end' && coverage.stoppedBy !== 'retention') {
    expect(['limit', 'error']).toContain(coverage.stoppedBy);
    return;
  }
  const remembered = intersectWindows([query.window], [truth.remembered()]);
  expect(subtractWindows(remembered, coverage.covered)).toEqual([]);
}
