// Owns the reading of the days before a window: all of them where that is cheap, else the newest that the budget allows, without a gap.
import { PAGE_EVENTS } from '../audit/client.ts';
import { eventTimeMs, type AuditEvent } from '../audit/event.ts';
import { totalMs } from '../audit/intervals.ts';
import type { AuditQuery, TimeWindow } from '../audit/query.ts';
import { isHeld } from './held.ts';
import { readSinceMs } from './read-extent.ts';
import type { Stages } from './stages.ts';
import type { ToolContext } from './tool.ts';

const HOUR_MS = 3_600_000;
/** Events held in memory until it is known how far back the reading comes. */
const HELD_MAX = 60_000;
/** Shares of the budget to plan with, and to spend at most: before anything was read of the past, its cost is a guess. */
const GUESSED = { plan: 0.4, spend: 0.5 } as const;
const MEASURED = { plan: 0.5, spend: 1 } as const;
const ATTEMPTS_MAX = 5;
const PROGRESS = [50, 100] as const;

export interface Past {
  /** What was read, without a gap up to the judged window. */
  readonly window: TimeWindow;
  /** Whether that is all that was asked for. */
  readonly complete: boolean;
}

/** Requests that `events` cost in a window so much longer. */
export function pagesOf(events: number, timesLonger: number, keys: number): number {
  return Math.ceil((events * timesLonger) / PAGE_EVENTS) + keys;
}

/**
 * Gives the events of `query` away, oldest first. `eventsPerMs` is how busy the judged window was. Where the budget does
 * not allow all of the query's window, its newest part is read: rules take what is missing between the habits and the
 * window for a change of habit. Never throws for want of anything.
 */
export async function readPast(
  query: AuditQuery,
  eventsPerMs: number,
  keptRequests: number,
  take: (batch: readonly AuditEvent[]) => void,
  stages: Stages,
  context: ToolContext,
): Promise<Past> {
  const { window } = query;
  const left = (): number => Math.max(0, context.settings.maxRequests - stages.requests() - keptRequests);
  const keys = query.eventKeys?.length ?? 1;
  const pages = pagesOf(eventsPerMs, window.endMs - window.startMs, keys);
  const isCheap = pages <= left() * GUESSED.plan;
  if (!isCheap && (await isHeld(query, context))) return readWholePast(query, left(), take, stages, PROGRESS);
  const held: AuditEvent[][] = [];
  let count = 0;
  let density = eventsPerMs;
  let reachedMs = window.endMs;
  let shares: { plan: number; spend: number } = GUESSED;
  for (let attempt = 0; attempt < ATTEMPTS_MAX && reachedMs > window.startMs && count < HELD_MAX; attempt += 1) {
    const startMs = affordableStart(
      { startMs: window.startMs, endMs: reachedMs },
      density,
      query,
      left() * shares.plan,
    );
    if (startMs >= reachedMs) break;
    const events: AuditEvent[] = [];
    const piece = { ...query, window: { startMs, endMs: reachedMs } };
    const hold = (batch: readonly AuditEvent[]): void => void events.push(...batch);
    const coverage = await stages.tryRead(piece, hold, PROGRESS, Math.ceil(left() * shares.spend));
    const sinceMs = readSinceMs(coverage, reachedMs);
    if (coverage.complete || coverage.stoppedBy === 'retention') {
      // Behind a hole nothing is known without a gap.
      held.unshift(events.filter((event) => eventTimeMs(event) >= sinceMs));
      count += events.length;
      reachedMs = sinceMs;
    }
    if (!coverage.complete && coverage.stoppedBy !== 'budget') break;
    shares = MEASURED;
    const readMs = totalMs(coverage.covered);
    // What the store gave cost nothing.
    if (readMs > 0) density = (Math.max(0, coverage.requests - keys) * PAGE_EVENTS) / readMs;
  }
  for (const events of held) take(events);
  return { window: { startMs: reachedMs, endMs: window.endMs }, complete: reachedMs <= window.startMs };
}

/** The same where reading costs next to nothing: nothing is held in memory. `mostRequests`: should the store turn out to be damaged. */
export async function readWholePast(
  query: AuditQuery,
  mostRequests: number,
  take: (batch: readonly AuditEvent[]) => void,
  stages: Stages,
  progress: readonly [from: number, to: number],
): Promise<Past> {
  const { endMs } = query.window;
  const coverage = await stages.tryRead(query, take, progress, mostRequests);
  return { window: { startMs: readSinceMs(coverage, endMs), endMs }, complete: coverage.complete };
}

/** The earliest whole hour from which on `requests` pay for everything up to the window's end. */
function affordableStart({ startMs, endMs }: TimeWindow, density: number, query: AuditQuery, requests: number): number {
  const pages = requests - (query.eventKeys?.length ?? 1);
  if (pages <= 0) return endMs;
  const spanMs = (pages * PAGE_EVENTS) / density;
  if (spanMs >= endMs - startMs) return startMs;
  return endMs - Math.max(0, Math.floor(spanMs / HOUR_MS) * HOUR_MS);
}
