// Owns one read in progress: sends requests for the parts of a window, as many side by side as it pays, until all is read or
// something ends it. What becomes of the events is the caller's business (window.ts, ordered.ts).
import { setMaxListeners } from 'node:events';
import type { Clock } from '../clock.ts';
import { toAuditError, type AuditError } from '../errors.ts';
import type { HttpClient } from '../http/http-client.ts';
import type { ReadOptions, StopReason } from './audit-log.ts';
import { PAGE_EVENTS, readPage } from './client.ts';
import type { TimedEvent } from './event.ts';
import { createPace, type Pace } from './pace.ts';
import { readPages, type ReadOnePage } from './pages.ts';
import { absorb, unreadMs, type Lane, type Part } from './parts.ts';
import type { AuditQuery } from './query.ts';
import { BudgetSpent, createSpending, type Spending } from './spending.ts';

export interface ReadingParts {
  readonly http: HttpClient;
  readonly clock: Clock;
}

export interface Reading {
  readonly lanes: readonly Lane[];
  readonly spending: Spending;
  readonly startedAtMs: number;
  /** Pages read so far. */
  pages: number;
  /** Those of them that brought half a page of events or more. */
  fullPages: number;
  /** Parts begun that were made only to read side by side. */
  forks: number;
  /** Those of them that turned out to hold more than a page. */
  usefulForks: number;
  inFlight: number;
  /** Milliseconds that are not read yet, summed over the lanes. */
  unreadMs: number;
  /** Why it ended early; the first reason holds. */
  stopped: { reason: StopReason; failure?: AuditError } | undefined;
  /** Sends what may be sent now. */
  pump(): void;
  /** Resolves when a page has come, or when the read was stopped. */
  progress(): Promise<void>;
  stop(reason: StopReason, failure?: AuditError): void;
  /** Gives up what is in flight; resolves when nothing is. */
  close(): Promise<void>;
}

export interface ReadingOptions {
  readonly query: AuditQuery;
  readonly lanes: readonly Lane[];
  readonly limits: ReadOptions;
  /** The part to read next; undefined where nothing should be sent now. */
  readonly pick: (reading: Reading) => Part | undefined;
  /** Whether an event is handed on; asked once for each. */
  readonly keep: (timed: TimedEvent) => boolean;
  /** Called when a page of `part` was taken in. */
  readonly onPage: (part: Part) => void;
  /** False: the next request waits until the caller asks with pump(). */
  readonly isEager: (reading: Reading) => boolean;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

interface State extends Reading {
  readonly parts: ReadingParts;
  readonly options: ReadingOptions;
  readonly pace: Pace;
  readonly controller: AbortController;
  wake: () => void;
}

export function startReading(parts: ReadingParts, options: ReadingOptions): Reading {
  const { limits, lanes } = options;
  const controller = new AbortController();
  // One listener for each request in flight.
  setMaxListeners(0, controller.signal);
  const release = watchLimits(() => state, limits, parts.clock);
  const state: State = {
    parts,
    options,
    lanes,
    controller,
    spending: createSpending(limits.maxRequests),
    pace: createPace(),
    startedAtMs: parts.clock.now(),
    pages: 0,
    fullPages: 0,
    forks: 0,
    usefulForks: 0,
    inFlight: 0,
    unreadMs: lanes.reduce((sum, lane) => sum + lane.parts.reduce((ofLane, part) => ofLane + unreadMs(part), 0), 0),
    stopped: undefined,
    wake: () => {},
    pump: () => pump(state),
    progress: () =>
      new Promise<void>((resolve) => {
        state.wake = resolve;
      }),
    stop(reason, failure) {
      state.stopped ??= { reason, ...(failure === undefined ? {} : { failure }) };
      // A spent budget lets come home what was paid for; everything else ends at once.
      if (reason !== 'budget') controller.abort(new Error(`The read was ended: ${reason}`));
      state.wake();
    },
    async close() {
      release();
      state.stopped ??= { reason: 'limit' };
      controller.abort(new Error('The read is over'));
      while (state.inFlight > 0) await state.progress();
    },
  };
  if (limits.signal?.aborted === true) state.stop('cancelled');
  return state;
}

/** Ends the read when the caller's signal is aborted or the deadline is there; returns how to stop watching. */
function watchLimits(state: () => Reading, { signal, deadlineAt }: ReadOptions, clock: Clock): () => void {
  const onAbort = () => state().stop('cancelled');
  signal?.addEventListener('abort', onAbort, { once: true });
  // The clock is asked before every request; this timer only cuts off one that hangs.
  const leftMs = Math.min(LONGEST_TIMER_MS, (deadlineAt ?? Number.POSITIVE_INFINITY) - clock.now());
  const timer = leftMs < LONGEST_TIMER_MS ? setTimeout(() => state().stop('deadline'), Math.max(0, leftMs)) : undefined;
  return () => {
    signal?.removeEventListener('abort', onAbort);
    clearTimeout(timer);
  };
}

function pump(state: State): void {
  const { options, parts, spending } = state;
  const { deadlineAt = Number.POSITIVE_INFINITY } = options.limits;
  while (state.stopped === undefined && state.inFlight < state.pace.target()) {
    if (parts.clock.now() >= deadlineAt) return state.stop('deadline');
    if (!spending.allowsCall()) {
      // Calls in flight may give back what they do not need.
      if (state.inFlight === 0 && state.unreadMs > 0) state.stop('budget');
      return;
    }
    const part = options.pick(state);
    if (part === undefined) return;
    // Never rejects: how it ends is in the state.
    void step(state, part);
  }
}

/** One request: the next page of `part`. */
async function step(state: State, part: Part): Promise<void> {
  const { options } = state;
  begin(state, part);
  try {
    const next = await part.run?.next();
    if (next?.done === false) {
      // Measured here: the older half may have been given away while the request was on its way.
      const before = unreadMs(part);
      const isFirst = part.density === undefined;
      absorb(part, next.value, options.keep);
      state.unreadMs += unreadMs(part) - before;
      state.pages += 1;
      if (next.value.events.length >= PAGE_EVENTS / 2) state.fullPages += 1;
      if (isFirst && part.isFork && part.state === 'idle' && part.density !== undefined) state.usefulForks += 1;
      options.onPage(part);
    }
  } catch (error) {
    fail(state, part, error);
  }
  state.inFlight -= 1;
  state.wake();
  if (options.isEager(state)) pump(state);
}

function begin(state: State, part: Part): void {
  state.inFlight += 1;
  if (part.run === undefined) {
    if (part.isFork) state.forks += 1;
    const window = { startMs: part.startMs, endMs: part.completeMs };
    part.run = readPages(pageReader(state, part), window, state.parts.clock.now());
  }
  part.state = 'busy';
}

function fail(state: State, part: Part, error: unknown): void {
  part.state = 'idle';
  if (error instanceof BudgetSpent) state.stop('budget');
  else if (state.stopped === undefined) {
    const failure = toAuditError(error);
    state.stop(failure.code === 'rate_limited' ? 'rate_limit' : 'error', failure);
  }
}

function pageReader(state: State, part: Part): ReadOnePage {
  const { parts, options, spending, pace } = state;
  const filters = options.query;
  return async (window, cursor) => {
    const call = spending.beginCall();
    const askedAtMs = parts.clock.now();
    let waitMs: number | undefined;
    let sentAtMs = askedAtMs;
    const onAttempt = () => {
      call.attempt();
      sentAtMs = parts.clock.now();
      // Pauses before a repeat are no wait at the rate limit.
      waitMs ??= sentAtMs - askedAtMs;
    };
    try {
      const request = { window, filters, eventKey: part.lane.eventKey, cursor };
      const page = await readPage(parts.http, request, { signal: state.controller.signal, onAttempt });
      pace.record(waitMs ?? 0, parts.clock.now() - sentAtMs, state.inFlight);
      return page;
    } finally {
      call.end();
    }
  };
}
