// Owns the parts into which a window is cut: what each has still to read, and how one is divided.
import { PAGE_EVENTS } from './client.ts';
import type { TimedEvent } from './event.ts';
import type { RunPage } from './pages.ts';
import type { TimeWindow } from './query.ts';

/** The parts of one event key (or of all events), oldest first. Parts that were read and handed on are gone. */
export interface Lane {
  readonly eventKey: string | undefined;
  readonly parts: Part[];
  /** Events a millisecond where it was read last. */
  density: number | undefined;
  /** Events of its pages so far. */
  scanned: number;
}

/** A stretch of time that one cursor run reads, from its end down. */
export interface Part {
  readonly lane: Lane;
  /** Rises when the older half is given away. */
  startMs: number;
  readonly endMs: number;
  /** Whole second from which on everything is read. */
  completeMs: number;
  /** Oldest time seen; what is newer is complete. */
  oldestMs: number;
  /** From here on everything has been handed on. */
  takenMs: number;
  state: 'idle' | 'busy' | 'done';
  /** Made to read side by side, not because it was asked for: may cost a request that one run would not. */
  readonly isFork: boolean;
  run: AsyncGenerator<RunPage, undefined> | undefined;
  density: number | undefined;
  /** Matching events that were not handed on. */
  waiting: TimedEvent[];
}

const SECOND_MS = 1000;

export function createLane(eventKey: string | undefined, windows: readonly TimeWindow[]): Lane {
  const lane: Lane = { eventKey, parts: [], density: undefined, scanned: 0 };
  for (const window of windows) lane.parts.push(createPart(lane, window, false));
  return lane;
}

function createPart(lane: Lane, { startMs, endMs }: TimeWindow, isFork: boolean): Part {
  const untouched = { completeMs: endMs, oldestMs: endMs, takenMs: endMs, run: undefined, density: undefined };
  return { lane, startMs, endMs, ...untouched, state: 'idle', isFork, waiting: [] };
}

/** Milliseconds that `part` has still to read. */
export function unreadMs(part: Part): number {
  return part.state === 'done' ? 0 : Math.max(0, part.completeMs - part.startMs);
}

/** Events that `part` has probably still to read; 0 where nothing is known. */
export function unreadEvents(part: Part): number {
  return (part.density ?? part.lane.density ?? 0) * unreadMs(part);
}

export function unreadPages(part: Part): number {
  return unreadEvents(part) / PAGE_EVENTS;
}

export function isDivisible(part: Part): boolean {
  return unreadMs(part) >= 2 * SECOND_MS;
}

/** Gives the older half of what `part` has still to read, on whole seconds, to a new part. Only where it is divisible. */
export function divide(part: Part, isFork: boolean): Part {
  const { lane, startMs } = part;
  const halfMs = Math.floor(unreadMs(part) / 2 / SECOND_MS) * SECOND_MS;
  const older = createPart(lane, { startMs, endMs: startMs + halfMs }, isFork);
  part.startMs = older.endMs;
  lane.parts.splice(lane.parts.indexOf(part), 0, older);
  return older;
}

/** Takes a page of the run of `part` in; `keep` is asked once for each event that is the part's own. */
export function absorb(part: Part, page: RunPage, keep: (timed: TimedEvent) => boolean): void {
  measureDensity(part, page);
  // What was given away while the request was on its way is read by another part.
  for (const timed of page.events) {
    if (timed.timeMs < part.startMs) continue;
    part.lane.scanned += 1;
    if (keep(timed)) part.waiting.push(timed);
  }
  part.oldestMs = page.oldestMs;
  part.completeMs = Math.max(part.startMs, page.completeMs);
  part.state = page.isLast || page.oldestMs < part.startMs ? 'done' : 'idle';
  if (part.state === 'done') {
    part.completeMs = part.startMs;
    part.run = undefined;
  }
}

function measureDensity(part: Part, { events, oldestMs, isLast }: RunPage): void {
  // An empty page in the middle says nothing; at the end it says that there is next to nothing.
  if (events.length === 0 && !isLast) return;
  const spanMs = part.oldestMs - (isLast ? part.startMs : oldestMs);
  const density = Math.max(0.5, events.length) / Math.max(1, spanMs);
  // Means of logarithms: density changes by factors of a thousand, between a busy hour and a night.
  part.density = part.density === undefined ? density : Math.sqrt(part.density * density);
  part.lane.density = part.lane.density === undefined ? density : Math.sqrt(part.lane.density * density);
}

/** Hands on what is waiting from `fromMs` up, oldest first; all from there on must have been read. */
export function take(part: Part, fromMs: number): TimedEvent[] {
  const all = part.waiting;
  const taken = all.every(({ timeMs }) => timeMs >= fromMs) ? all : all.filter(({ timeMs }) => timeMs >= fromMs);
  part.waiting = taken === all ? [] : all.filter(({ timeMs }) => timeMs < fromMs);
  part.takenMs = fromMs;
  return taken.sort(byTime);
}

/** The order of the log, as compareEvents() has it, without parsing times again. */
export function byTime(a: TimedEvent, b: TimedEvent): number {
  if (a.timeMs !== b.timeMs) return a.timeMs - b.timeMs;
  return a.event.id < b.event.id ? -1 : a.event.id > b.event.id ? 1 : 0;
}
