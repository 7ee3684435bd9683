// Owns the audit log with the local store in front of it: what was read once and is over is answered from here.
import type { AuditLog, SliceRead } from '../audit/audit-log.ts';
import { joinWindows } from '../audit/intervals.ts';
import type { AuditQuery, IsOwnRead, TimeWindow } from '../audit/query.ts';
import { RETENTION_DAYS } from '../audit/readable.ts';
import { toAuditError } from '../errors.ts';
import type { Clock } from '../clock.ts';
import type { StoreContext } from './context.ts';
import { createDisk, type Disk } from './disk.ts';
import { removeDays, removeParts, type Removal } from './folder.ts';
import { createKeeper, dayState, oldestKept, type DayRules, type DayState } from './keeper.ts';
import type { StoreScope } from './layout.ts';
import { createMemoryCache } from './memory-cache.ts';
import { NOTICE_WORDS } from './notice-wording.ts';
import { createNotices, type Notices, type StoreNotice } from './notices.ts';
import { readInOrder } from './ordered-read.ts';
import { fingerprintOf, planSteps, type Holdings } from './plan.ts';
import { errorCode, openSegmentStore, type SegmentStore } from './segments.ts';
import { readInSlices } from './slice-read.ts';
import { unpackBlock } from './unpacked.ts';
import { DAY_MS, daysIn, dayWindow } from './utc-days.ts';

export interface StoredLogOptions {
  /** The log that is asked for what is not held here. */
  readonly inner: AuditLog;
  /** The store's folder; without it, only memory is used. */
  readonly dir?: string;
  /** Whose log it is; asked once, before the first read. Where it fails, nothing on disk is used. */
  readonly scope: () => Promise<StoreScope>;
  readonly clock: Clock;
  readonly isOwnRead: IsOwnRead;
  readonly onNotice?: (notice: StoreNotice) => void;
  readonly disk?: Disk;
  /** Segments of older days are removed. */
  readonly keepDays?: number;
  /** A day is kept on disk once it has been over for this long: until then events may come late. */
  readonly sealAfterMs?: number;
  /** What is younger than this is always asked for again. Not less than followers look back for late events. */
  readonly closedAfterMs?: number;
  /** The time up to which the log can hold anything by now; default: that of `clock`. What is younger is not closed. */
  readonly logNowMs?: () => number;
  /** The time by which the log has forgotten; default: that of `clock`. */
  readonly edgeNowMs?: () => number;
  /** Memory forgets after this, so that late events of today are found. */
  readonly memoryAgeMs?: number;
  readonly memoryBytes?: number;
  /** How many days the log remembers. */
  readonly logDays?: number;
}

export interface StoredLog extends AuditLog {
  /** What the store had to say in this process, the latest 100. */
  notices(): readonly StoreNotice[];
  /** The segments on disk; undefined where there is no folder or the scope is not known. */
  segments(): Promise<SegmentStore | undefined>;
  /** Like readSlices, but asks the log for everything, held or not, and keeps the answer. */
  readAnew(query: AuditQuery, options?: Parameters<AuditLog['readSlices']>[1]): SliceRead;
  /** The parts of a query's window for which some key of it is not held, oldest first. */
  missing(query: AuditQuery): Promise<readonly TimeWindow[]>;
  /** Whether `day` may be kept now. */
  stateOf(day: string): DayState;
  /** Removes what killed writers left behind. Never throws. */
  tidy(): Promise<void>;
  readonly clock: Clock;
}

const MINUTE_MS = 60_000;

export function createStoredLog(options: StoredLogOptions): StoredLog {
  const { dir, clock, disk = createDisk() } = options;
  const rules: DayRules = {
    sealAfterMs: options.sealAfterMs ?? DAY_MS,
    logDays: options.logDays ?? RETENTION_DAYS,
    keepDays: options.keepDays ?? RETENTION_DAYS,
  };
  const notices = createNotices(options.onNotice);
  const segments = openOnce(options, disk, notices);
  const stateOf = (day: string): DayState => dayState(dayWindow(day).startMs, timesOf(options), rules);
  // Of days that are open nothing lies on disk: looking there would cost more than answering from memory.
  const mayBeOnDisk = (window: TimeWindow): boolean =>
    dir !== undefined && daysIn(window).some((day) => stateOf(day) !== 'open');
  const retire = createRetirement(options, { rules, notices, disk, segments });
  const context = createContext(options, { rules, notices, segments, mayBeOnDisk, retire });
  const anew: StoreContext = { ...context, holdings: () => Promise.resolve({ pieces: () => [] }) };
  return {
    read: (query, readOptions = {}) => readInOrder(context, query, readOptions),
    readSlices: (query, sliceOptions = {}) => readInSlices(context, query, sliceOptions),
    readAnew: (query, sliceOptions = {}) => readInSlices(anew, query, sliceOptions),
    async fingerprint(query) {
      const { window, eventKeys } = query;
      // What may lie on disk is looked for by the read alone: twice would cost more than it saves.
      if (mayBeOnDisk(window)) return undefined;
      const said = context.listen();
      const steps = planSteps(window, eventKeys, await context.holdings(query));
      // What the store has to say belongs into the answer.
      return said().length === 0 ? fingerprintOf(steps) : undefined;
    },
    notices: () => notices.list(),
    async missing(query) {
      const steps = planSteps(query.window, query.eventKeys, await context.holdings(query));
      return joinWindows(steps.flatMap((step) => (step.missing === 'nothing' ? [] : [step.window])));
    },
    segments,
    stateOf,
    async tidy() {
      if (dir !== undefined) await removeParts(dir, disk, clock.now()).catch(() => undefined);
    },
    clock,
  };
}

function timesOf({ clock, logNowMs = () => clock.now(), edgeNowMs = () => clock.now() }: StoredLogOptions) {
  return { nowMs: logNowMs(), edgeNowMs: edgeNowMs() };
}

/** What the reads of one stored log share. */
interface ContextParts {
  readonly rules: DayRules;
  readonly notices: Notices;
  readonly segments: StoredLog['segments'];
  readonly mayBeOnDisk: (window: TimeWindow) => boolean;
  readonly retire: () => Promise<void>;
}

function createContext(options: StoredLogOptions, parts: ContextParts): StoreContext {
  const { inner, clock, isOwnRead } = options;
  const logNowMs = (): number => timesOf(options).nowMs;
  const { rules, notices, segments, mayBeOnDisk, retire } = parts;
  const memory = { maxBytes: options.memoryBytes ?? 32 * 1024 * 1024, maxAgeMs: options.memoryAgeMs ?? 15 * MINUTE_MS };
  const cache = createMemoryCache(memory);
  return {
    inner,
    clock,
    isOwnRead,
    async keeper() {
      const store = await segments();
      return createKeeper({
        ...(store === undefined ? {} : { store }),
        cache,
        notices,
        logNowMs,
        edgeNowMs: () => timesOf(options).edgeNowMs,
        ...rules,
        closedAfterMs: options.closedAfterMs ?? 2 * MINUTE_MS,
      });
    },
    holdings: async ({ window, eventKeys }) => ({
      ...(mayBeOnDisk(window) ? await indexOf(await segments(), window, eventKeys, notices) : {}),
      pieces: (lane, part) => cache.find(lane, part, logNowMs()),
    }),
    async load(held) {
      if (held.from === 'disk') {
        const segment = await (await segments())?.load(held.eventKey, held.day);
        return segment && { blocks: segment.blocks, unpack: unpackBlock };
      }
      const blocks = held.piece.blocks.get(held.eventKey);
      return blocks && { blocks, unpack: cache.unpack };
    },
    listen() {
      const since = notices.listen();
      return () => since().flatMap(({ code, words }) => (code === 'removed' ? [] : [words]));
    },
    afterRead: retire,
  };
}

/** Opens the scope's folder at the first call that succeeds. */
function openOnce(
  { dir, scope }: StoredLogOptions,
  disk: Disk,
  notices: Notices,
): () => Promise<SegmentStore | undefined> {
  let opening: Promise<SegmentStore | undefined> | undefined;
  const open = async (): Promise<SegmentStore | undefined> => {
    if (dir === undefined) return undefined;
    try {
      return openSegmentStore({ dir, scope: await scope(), disk, notices });
    } catch (error) {
      opening = undefined;
      const { code } = toAuditError(error);
      notices.add({ code: 'not_used', words: NOTICE_WORDS.unknownOwner(code) });
      return undefined;
    }
  };
  return () => (opening ??= open());
}

async function indexOf(
  store: SegmentStore | undefined,
  window: TimeWindow,
  eventKeys: readonly string[] | undefined,
  notices: Notices,
): Promise<Pick<Holdings, 'index'>> {
  try {
    return store === undefined ? {} : { index: await store.index(window, eventKeys) };
  } catch (error) {
    notices.add({ code: 'not_used', words: NOTICE_WORDS.unreadable(errorCode(error)) });
    return {};
  }
}

interface RetirementParts {
  readonly rules: DayRules;
  readonly notices: Notices;
  readonly disk: Disk;
  readonly segments: () => Promise<SegmentStore | undefined>;
}

/**
 * What it gives removes days of this log that are older than the store keeps; it looks once a UTC day, however often it is called. Called
 * after reads, when the API has told its time: a clock here that is years ahead would delete all, also what the log has forgotten.
 */
function createRetirement(
  options: StoredLogOptions,
  { rules, notices, disk, segments }: RetirementParts,
): () => Promise<void> {
  let retiredDay = '';
  return async () => {
    const { dir } = options;
    const before = oldestKept(timesOf(options).nowMs, rules.keepDays);
    if (dir === undefined || retiredDay === before) return;
    // Another log in the same folder may be kept for longer, by a program of its own.
    const folder = (await segments())?.folder;
    if (folder === undefined) return;
    retiredDay = before;
    await removeOld({ dir, disk, before, folder }, notices);
  };
}

async function removeOld(removal: Required<Removal>, notices: Notices): Promise<void> {
  try {
    const { segments } = await removeDays(removal);
    if (segments === 0) return;
    notices.add({ code: 'removed', words: NOTICE_WORDS.removed(segments, removal.before) });
  } catch (error) {
    notices.add({ code: 'not_used', words: NOTICE_WORDS.notRemoved(errorCode(error)) });
  }
}
