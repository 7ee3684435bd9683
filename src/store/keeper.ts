// Owns what becomes of a stretch that was read whole: a closed day becomes a segment, what is only just over stays in memory.
import { createHash } from 'node:crypto';
import type { TimeWindow } from '../audit/query.ts';
import { encodeKey } from './layout.ts';
import type { Lane } from './drafts.ts';
import type { MemoryCache } from './memory-cache.ts';
import { NOTICE_WORDS } from './notice-wording.ts';
import type { Notices, StoreNotice } from './notices.ts';
import type { Text } from '../text/lang.ts';
import type { Scratch } from './scratch.ts';
import { unpackLines, type Block } from './segment-format.ts';
import { errorCode, isDiskFull, type SegmentStore } from './segments.ts';
import { DAY_MS, dayOf, dayWindow } from './utc-days.ts';

export type BlocksByKey = ReadonlyMap<string, readonly Block[]>;

/** Keeps what one read brings. */
export interface Keeper {
  /** Whether the day goes to disk once it is whole; else what is read of it goes to memory. */
  keepsOnDisk(dayStartMs: number): boolean;
  /** A place for what waits until its day is whole; asked for only where a day goes to disk. */
  openScratch(): Promise<Scratch>;
  /** Keeps `blocks`, read whole for `windows` of one day. Never throws: a full disk stops keeping, not the read. */
  keep(lane: Lane, dayStartMs: number, windows: readonly TimeWindow[], blocks: BlocksByKey): Promise<void>;
}

/**
 * `open`: may still change; `closed`: may be kept; `fading`: the log forgets while it is read, and may have begun to; `retired`: older than
 * the store keeps.
 */
export type DayState = 'open' | 'closed' | 'fading' | 'retired';

export interface DayRules {
  /** A day is closed when it has been over for this long. */
  readonly sealAfterMs: number;
  /** The log forgets after this many days. */
  readonly logDays: number;
  /** The store keeps this many days before today. */
  readonly keepDays: number;
}

/** `nowMs`: up to which the log can hold anything; `edgeNowMs`: by which it has forgotten. They differ where clocks do. */
export function dayState(
  dayStartMs: number,
  { nowMs, edgeNowMs }: { readonly nowMs: number; readonly edgeNowMs: number },
  { sealAfterMs, logDays, keepDays }: DayRules,
): DayState {
  if (dayStartMs + DAY_MS + sealAfterMs > nowMs) return 'open';
  if (dayOf(dayStartMs) < oldestKept(nowMs, keepDays)) return 'retired';
  return dayStartMs >= edgeNowMs - (logDays - 1) * DAY_MS ? 'closed' : 'fading';
}

/** The oldest day that the store keeps. */
export function oldestKept(nowMs: number, keepDays: number): string {
  return dayOf(nowMs - keepDays * DAY_MS);
}

export interface KeeperOptions extends DayRules {
  /** Absent: nothing goes to disk. */
  readonly store?: SegmentStore;
  readonly cache: MemoryCache;
  readonly notices: Notices;
  /** The log's time (ms), as it is known now: the clock here may turn out to be ahead of it. */
  readonly logNowMs: () => number;
  /** The time (ms) by which the log has forgotten. */
  readonly edgeNowMs: () => number;
  /** What is younger than this may still be incomplete, and is not even remembered. */
  readonly closedAfterMs: number;
}

export function createKeeper(options: KeeperOptions): Keeper {
  const { store, cache, notices, logNowMs, edgeNowMs, closedAfterMs } = options;
  const beganAtMs = logNowMs();
  /** When the read began: what came into the log later may be missing. */
  const readAtMs = (): number => Math.min(beganAtMs, logNowMs());
  let isDiskUsable = true;

  const isWholeDay = (windows: readonly TimeWindow[], dayStartMs: number): boolean =>
    windows.some(({ startMs, endMs }) => startMs <= dayStartMs && endMs >= dayStartMs + DAY_MS);

  const keepsOnDisk = (dayStartMs: number): boolean =>
    store !== undefined &&
    isDiskUsable &&
    dayState(dayStartMs, { nowMs: readAtMs(), edgeNowMs: edgeNowMs() }, options) === 'closed';

  return {
    keepsOnDisk,
    async openScratch() {
      if (store === undefined) throw new Error('there is no store');
      return store.openScratch(dayOf(readAtMs()));
    },
    async keep(lane, dayStartMs, windows, blocks) {
      if (store !== undefined && keepsOnDisk(dayStartMs) && isWholeDay(windows, dayStartMs)) {
        try {
          const isSealed = await seal(store, lane, dayOf(dayStartMs), blocks, readAtMs(), notices);
          if (isSealed) return;
        } catch (error) {
          isDiskUsable = false;
          notices.add(failureNotice(error));
        }
      }
      const closedBeforeMs = Math.floor((readAtMs() - closedAfterMs) / 1000) * 1000;
      for (const { startMs, endMs } of windows) {
        const window = { startMs, endMs: Math.min(endMs, closedBeforeMs) };
        if (window.startMs < window.endMs) cache.put({ lane, window, blocks, readAtMs: readAtMs() });
      }
    },
  };
}

/** False where the day holds a key that cannot be a file. */
async function seal(
  store: SegmentStore,
  lane: Lane,
  day: string,
  blocks: BlocksByKey,
  readAtMs: number,
  notices: Notices,
): Promise<boolean> {
  const keys = lane === undefined ? [...blocks.keys()] : [lane];
  if (!keys.every((eventKey) => store.canKeep(eventKey))) {
    notices.add({ code: 'not_kept', day, words: NOTICE_WORDS.badKey(day) });
    return false;
  }
  const whole = lane === undefined ? (await store.index(dayWindow(day))).wholeDay(day) : undefined;
  for (const eventKey of keys) {
    const before = await store.load(eventKey, day);
    // Another process was later here and knows more.
    if (before !== undefined && before.head.read_at > readAtMs) continue;
    const now = blocks.get(eventKey) ?? [];
    // Of a day that was read whole, a key without a segment had no events, unless it was damaged.
    const known = before?.blocks ?? (whole !== undefined && !whole.lost.includes(eventKey) ? [] : undefined);
    const change = known === undefined ? undefined : await compareContent(eventKey, day, known, now);
    await store.keep(eventKey, day, now, readAtMs);
    if (change !== undefined) notices.add({ code: 'late_events', day, words: change });
  }
  if (lane === undefined)
    await store.keepSheet(day, new Map(keys.map((key) => [key, countEvents(blocks.get(key) ?? [])])), readAtMs);
  return true;
}

async function compareContent(
  eventKey: string,
  day: string,
  before: readonly Block[],
  now: readonly Block[],
): Promise<Text | undefined> {
  if ((await contentDigest(before)) === (await contentDigest(now))) return undefined;
  return NOTICE_WORDS.changed(encodeKey(eventKey) ?? '', day, countEvents(before), countEvents(now));
}

async function contentDigest(blocks: readonly Block[]): Promise<string> {
  const hash = createHash('sha256');
  for (const block of blocks) hash.update(await unpackLines(block));
  return hash.digest('hex');
}

function countEvents(blocks: readonly Block[]): number {
  return blocks.reduce((sum, block) => sum + block.events, 0);
}

function failureNotice(error: unknown): StoreNotice {
  if (isDiskFull(error)) return { code: 'no_space', words: NOTICE_WORDS.diskFull };
  return { code: 'not_kept', words: NOTICE_WORDS.notWritten(errorCode(error)) };
}
