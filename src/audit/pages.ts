// Owns one cursor run: the pages of one window, newest first, each event once, and the guards that make it end.
import { AuditError } from '../errors.ts';
import type { EventPage } from './client.ts';
import type { TimedEvent } from './event.ts';
import type { TimeWindow } from './query.ts';

export interface RunPage {
  /** Events of the window that did not come before in this run. */
  readonly events: readonly TimedEvent[];
  /** Oldest time reached: what is newer is complete, what is as old may have siblings on the next page. */
  readonly oldestMs: number;
  /** Whole second from which up to the end of the window everything is read. */
  readonly completeMs: number;
  /** Nothing older is left in the window. */
  readonly isLast: boolean;
}

export type ReadOnePage = (window: TimeWindow, cursor: string | undefined) => Promise<EventPage>;

// Each costs a request, and a log that goes on like this is broken.
const MAX_BARREN_PAGES = 300;
// Below this, a complaint about too large a range is not about the range.
const SMALLEST_RANGE_MS = 60_000;
// Pages may overlap, also over short and empty ones: so many events that came last are known again.
const IDS_KNOWN = 200;
// What is younger than this when a run begins may still appear while it goes on.
const LATE_MS = 120_000;
const SECOND_MS = 1000;

interface Run {
  readonly window: TimeWindow;
  /** What is being read: the window, or a piece of it where the window is too large for the API. */
  piece: TimeWindow;
  longestMs: number;
  cursor: string | undefined;
  readonly cursors: Set<string>;
  /** Times of the events of the second that is still being read, and of nothing else: memory stays flat. */
  pending: Map<string, number>;
  /** Ids on the pages just before, the last one first. */
  lastPages: readonly ReadonlySet<string>[];
  readonly lateFromMs: number;
  oldestMs: number;
  completeMs: number;
  restartedAtMs: number | undefined;
  barrenPages: number;
}

/**
 * Reads `window` page by page. A cursor that the API does not know any more is no loss: the run goes on from the time that it
 * has reached. A range that is too large is cut smaller. Throws `bad_response` when pages come out of order (what is complete
 * would not be), when a cursor comes a second time, or when page after page brings nothing new.
 */
export async function* readPages(
  readPage: ReadOnePage,
  window: TimeWindow,
  nowMs: number,
): AsyncGenerator<RunPage, undefined> {
  const run: Run = {
    window,
    piece: window,
    longestMs: window.endMs - window.startMs,
    cursor: undefined,
    cursors: new Set(),
    pending: new Map(),
    lastPages: [],
    lateFromMs: nowMs - LATE_MS,
    oldestMs: window.endMs,
    completeMs: window.endMs,
    restartedAtMs: undefined,
    barrenPages: 0,
  };
  for (;;) {
    const page = await readOrTurn(readPage, run);
    if (page === undefined) continue;
    const taken = takePage(run, page);
    yield taken;
    if (taken.isLast) return;
    guard(run, taken);
  }
}

/** The next page; undefined where the API refused it and the run was set to ask otherwise. */
async function readOrTurn(readPage: ReadOnePage, run: Run): Promise<EventPage | undefined> {
  try {
    return await readPage(run.piece, run.cursor);
  } catch (error) {
    const code = error instanceof AuditError ? error.code : undefined;
    const rangeMs = run.piece.endMs - run.piece.startMs;
    if (run.cursor === undefined && code === 'range_too_large' && rangeMs > SMALLEST_RANGE_MS) {
      run.longestMs = Math.floor(rangeMs / 2 / SECOND_MS) * SECOND_MS;
    } else if (run.cursor !== undefined && run.restartedAtMs !== run.completeMs && isAboutRequest(code)) {
      // Each new start must have got further: that makes this end.
      run.restartedAtMs = run.completeMs;
    } else throw error;
    startPiece(run, run.completeMs);
    return undefined;
  }
}

function isAboutRequest(code: AuditError['code'] | undefined): boolean {
  return code === 'rejected' || code === 'not_found' || code === 'range_too_large';
}

function startPiece(run: Run, endMs: number): void {
  run.cursor = undefined;
  // The same cursors may rightly come again from here.
  run.cursors.clear();
  run.piece = { startMs: Math.max(run.window.startMs, endMs - run.longestMs), endMs };
}

function takePage(run: Run, page: EventPage): RunPage {
  const events: TimedEvent[] = [];
  // A set of its own for each page: one that lives as long as the run drags what it held into old memory.
  const ids = new Set<string>();
  const unseen: number[] = [];
  for (const timed of page.events) {
    const { timeMs, event } = timed;
    // The ends may be inclusive.
    if (timeMs < run.piece.startMs || timeMs >= run.piece.endMs || ids.has(event.id)) continue;
    ids.add(event.id);
    if (run.pending.has(event.id)) continue;
    if (timeMs >= run.completeMs) {
      if (!run.lastPages.some((known) => known.has(event.id))) unseen.push(timeMs);
      continue;
    }
    events.push(timed);
    if (timeMs < run.oldestMs) run.oldestMs = timeMs;
  }
  refuseDisorder(run, unseen, page);
  remember(run, ids);
  run.cursor = page.nextCursor;
  const isPieceRead = page.nextCursor === undefined;
  // The second of the oldest event may go on on the next page; all above is complete.
  if (isPieceRead) moveDown(run, run.piece.startMs);
  else moveDown(run, Math.floor(run.oldestMs / SECOND_MS) * SECOND_MS + SECOND_MS);
  for (const { timeMs, event } of events) if (timeMs < run.completeMs) run.pending.set(event.id, timeMs);
  const isLast = isPieceRead && run.piece.startMs <= run.window.startMs;
  if (isPieceRead && !isLast) {
    run.oldestMs = run.piece.startMs;
    startPiece(run, run.piece.startMs);
  }
  return { events, oldestMs: run.oldestMs, completeMs: run.completeMs, isLast };
}

/** `unseen`: times of events among what was taken for complete. Where pages overlap, a few may have appeared late; the next read has them. */
function refuseDisorder({ lateFromMs }: Run, unseen: readonly number[], page: EventPage): void {
  if (unseen.every((timeMs) => timeMs >= lateFromMs) && unseen.length * 2 <= page.events.length) return;
  throw new AuditError('bad_response', 'The pages of the log are not in order: an event came after older ones', {
    hint: 'Events may have come late while it was read: make the same call again.',
    retryable: true,
  });
}

function remember(run: Run, ids: ReadonlySet<string>): void {
  if (ids.size === 0) return;
  let known = ids.size;
  const before = run.lastPages.filter((page) => {
    const isNeeded = known < IDS_KNOWN;
    known += page.size;
    return isNeeded;
  });
  run.lastPages = [ids, ...before];
}

function moveDown(run: Run, completeMs: number): void {
  if (completeMs >= run.completeMs) return;
  run.completeMs = completeMs;
  if (run.pending.size > 0) run.pending = new Map([...run.pending].filter(([, timeMs]) => timeMs < completeMs));
}

function guard(run: Run, { events }: RunPage): void {
  run.barrenPages = events.length > 0 || run.cursor === undefined ? 0 : run.barrenPages + 1;
  if (run.barrenPages > MAX_BARREN_PAGES) {
    throw new AuditError('bad_response', `${MAX_BARREN_PAGES} pages of the log in a row brought nothing new`);
  }
  if (run.cursor === undefined) return;
  if (run.cursors.has(run.cursor)) {
    throw new AuditError('bad_response', 'The pages of the log go in a circle: a cursor came a second time');
  }
  run.cursors.add(run.cursor);
}
