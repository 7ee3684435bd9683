// Owns watching one read of the log go by: what it brought goes into drafts, and what it read whole goes to the keeper.
import { intersectWindows, joinWindows, passedBy, subtractWindows } from '../audit/intervals.ts';
import type { Slice } from '../audit/audit-log.ts';
import { eventTimeMs, type AuditEvent } from '../audit/event.ts';
import type { TimeWindow } from '../audit/query.ts';
import { createDrafts, dayStart, type Drafts, type Lane } from './drafts.ts';
import type { Keeper } from './keeper.ts';
import type { Order } from './ordered-streams.ts';
import { DAY_MS, dayWindow, daysIn } from './utc-days.ts';

const FLUSH_EVENTS = 2000;
const SECOND_MS = 1000;

export interface OrderedGathering {
  add(batch: readonly AuditEvent[]): Promise<void>;
  /** To be called once. `hasEnded`: the read came to its end; else it was left after the last batch. */
  finish(hasEnded: boolean): Promise<void>;
}

export interface OrderedGatheringOptions {
  readonly lanes: readonly Lane[];
  readonly window: TimeWindow;
  readonly order: Order;
  /** What the read has covered at this moment. */
  readonly covered: () => readonly TimeWindow[];
  readonly keeper: Keeper;
}

/** Gathers an ordered read of `lanes` over `window`. */
export function gatherOrdered({ lanes, window, order, covered, keeper }: OrderedGatheringOptions): OrderedGathering {
  const drafts = createDrafts(keeper);
  const isForward = order === 'oldest_first';
  let waiting: AuditEvent[] = [];
  let flushes = 0;
  let lastMs: number | undefined;
  const settle = createSettler(drafts, { lanes, window, covered, keeper });

  const flush = async (events: readonly AuditEvent[]): Promise<void> => {
    flushes += 1;
    for (const lane of lanes) {
      const ofLane = lane === undefined ? events : events.filter((event) => event.event_key === lane);
      if (ofLane.length > 0) await drafts.add(lane, ofLane, isForward ? flushes : -flushes);
    }
  };
  return {
    async add(batch) {
      const first = waiting[0] ?? batch[0];
      for (const event of batch) waiting.push(event);
      const last = waiting.at(-1);
      if (first === undefined || last === undefined) return;
      lastMs = eventTimeMs(last);
      const isNextDay = dayStart(lastMs) !== dayStart(eventTimeMs(first));
      if (!isNextDay && waiting.length < FLUSH_EVENTS) return;
      // Events of one millisecond stay together, so that chunks need no merging.
      const isDone = (event: AuditEvent): boolean => eventTimeMs(event) !== lastMs;
      await flush(waiting.filter(isDone));
      waiting = waiting.filter((event) => !isDone(event));
      if (isNextDay) await settle(passedBy({ window, order }, lastMs, DAY_MS), false);
    },
    async finish(hasEnded) {
      try {
        await flush(waiting);
        waiting = [];
        if (hasEnded) await settle(window, true);
        else if (lastMs !== undefined) await settle(passedBy({ window, order }, lastMs, SECOND_MS), true);
      } finally {
        await drafts.close();
      }
    },
  };
}

/** Settles the days of an ordered read, each once: those that are passed and whole, and at the last call all that are left. */
function createSettler(
  drafts: Drafts,
  { lanes, window, covered, keeper }: Omit<OrderedGatheringOptions, 'order'>,
): (passed: TimeWindow, isLast: boolean) => Promise<void> {
  let days = daysIn(window).map((day) => intersectWindows([dayWindow(day)], [window]));
  return async (passed, isLast) => {
    // A read may count as covered what it has not handed out yet, so a stretch is whole only where it is passed too.
    const whole = intersectWindows([passed], covered());
    const ready = days.filter((day) => isLast || subtractWindows(day, whole).length === 0);
    days = days.filter((day) => !ready.includes(day));
    for (const day of ready)
      for (const lane of lanes) await settleDay(drafts, keeper, lane, day, intersectWindows(day, whole));
  };
}

export interface SliceGathering {
  add(slice: Slice): Promise<void>;
  /** To be called once. `isComplete`: all that was asked for was read, though there may have been no slice for nothing. */
  finish(isComplete: boolean): Promise<void>;
}

/** Gathers slices. `asked`: the windows that were asked for, by lane. */
export function gatherSlices(asked: ReadonlyMap<Lane, readonly TimeWindow[]>, keeper: Keeper): SliceGathering {
  const drafts = createDrafts(keeper);
  const read = new Map<Lane, TimeWindow[]>();
  const settled = new Set<string>();
  let isFit = true;

  const settle = async (lane: Lane, window: TimeWindow, isLast: boolean): Promise<void> => {
    for (const day of daysIn(window)) {
      const whole = intersectWindows(read.get(lane) ?? [], [dayWindow(day)]);
      const isWhole = subtractWindows([dayWindow(day)], whole).length === 0;
      const id = `${day} ${lane ?? ''}`;
      if (settled.has(id) || !(isWhole || isLast)) continue;
      settled.add(id);
      await settleDay(drafts, keeper, lane, [dayWindow(day)], whole);
    }
  };

  return {
    async add({ window, eventKey, events }) {
      const lanes = [...asked.keys()];
      const lane = lanes.length === 1 ? lanes[0] : eventKey;
      isFit &&= lanes.includes(lane);
      if (!isFit) return;
      if (events.length > 0) await drafts.add(lane, events, window.startMs);
      read.set(lane, joinWindows([...(read.get(lane) ?? []), window]));
      await settle(lane, window, false);
    },
    async finish(isComplete) {
      try {
        for (const [lane, windows] of isFit ? asked : []) {
          if (isComplete) read.set(lane, joinWindows([...(read.get(lane) ?? []), ...windows]));
          for (const window of read.get(lane) ?? []) await settle(lane, window, true);
        }
      } finally {
        await drafts.close();
      }
    },
  };
}

async function settleDay(
  drafts: Drafts,
  keeper: Keeper,
  lane: Lane,
  day: readonly TimeWindow[],
  whole: readonly TimeWindow[],
): Promise<void> {
  const [first] = day;
  if (first === undefined) return;
  const startMs = dayStart(first.startMs);
  const blocks = await drafts.take(lane, startMs);
  if (blocks !== undefined && whole.length > 0) await keeper.keep(lane, startMs, whole, blocks);
}
