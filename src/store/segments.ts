// Owns the segments of one scope on disk: which days lie there, reading them checked, writing them.
import { join } from 'node:path';
import type { NameList } from '../audit/kept-names.ts';
import type { TimeWindow } from '../audit/query.ts';
import { decodeSheet, encodeSheet, type DaySheet } from './day-sheet.ts';
import { hasCode, type Disk } from './disk.ts';
import {
  damagedPath,
  encodeKey,
  fileKind,
  keyFolder,
  keyOfFolder,
  NAMES_FILE,
  SCOPE_FILE,
  scopeId,
  segmentPath,
  SHEET_FOLDER,
  sheetPath,
  type StoreScope,
} from './layout.ts';
import { decodeNames, encodeNames } from './name-sheet.ts';
import { DAMAGES, NOTICE_WORDS } from './notice-wording.ts';
import type { Notices } from './notices.ts';
import type { Text } from '../text/lang.ts';
import type { Scratch } from './scratch.ts';
import { DamagedSegment, decodeSegment, encodeSegment, type Block, type Segment } from './segment-format.ts';
import { daysIn } from './utc-days.ts';

/** What lies on disk at one moment. Another process may add or remove days at any time: loading has the last word. */
export interface StoreIndex {
  /** Whether `eventKey` was read for all of `day`: `segment` where there is a file to load, `empty` where it had no events. */
  holds(eventKey: string, day: string): 'segment' | 'empty' | undefined;
  /** What there is of a day that was read whole, all keys at once. Undefined: it was not. */
  wholeDay(day: string): StoredDay | undefined;
}

export interface StoredDay {
  /** Keys with a segment. */
  readonly keys: readonly string[];
  /** Keys that had events, and have no segment. */
  readonly lost: readonly string[];
  /** Clock time (ms) at which the read of the log began. */
  readonly readAtMs: number;
}

export interface SegmentStore {
  readonly folder: string;
  /** For questions about `eventKeys` it knows no whole days; absent: all keys. */
  index(window: TimeWindow, eventKeys?: readonly string[]): Promise<StoreIndex>;
  /** Undefined where it is not there, or was damaged and is now set aside. */
  load(eventKey: string, day: string): Promise<Segment | undefined>;
  /** Whether `eventKey` can be a file's name; a key that cannot is never kept. */
  canKeep(eventKey: string): boolean;
  keep(eventKey: string, day: string, blocks: readonly Block[], readAtMs: number): Promise<void>;
  /** A place for what is read now, on `day`, and waits for its own day to be whole. */
  openScratch(day: string): Promise<Scratch>;
  /** The names of people; undefined where there are none, or they cannot be used. */
  loadNames(): Promise<NameList | undefined>;
  keepNames(list: NameList): Promise<void>;
  /** Says that `day` was read whole. Its segments must be there already. */
  keepSheet(day: string, keys: ReadonlyMap<string, number>, readAtMs: number): Promise<void>;
}

export interface SegmentStoreOptions {
  readonly dir: string;
  readonly scope: StoreScope;
  readonly disk: Disk;
  readonly notices: Notices;
}

export function openSegmentStore({ dir, scope, disk, notices }: SegmentStoreOptions): SegmentStore {
  const id = scopeId(scope);
  const folder = join(dir, id);
  const files = createCheckedFiles({ folder, id, disk, notices });

  return {
    folder,
    canKeep: (eventKey) => encodeKey(eventKey) !== undefined,
    index: (window, eventKeys) => readIndex({ folder, window, eventKeys, disk, readSheet: files.sheet }),
    load: files.segment,

    async keep(eventKey, day, blocks, readAtMs) {
      const encoded = encodeKey(eventKey);
      if (encoded === undefined) throw new Error('this event key cannot be a file name');
      await markFolder(folder, scope, disk);
      const chunks = encodeSegment({ scope: id, event_key: eventKey, day, read_at: readAtMs }, blocks);
      await disk.put(segmentPath(folder, encoded, day), chunks);
    },

    async openScratch(day) {
      await markFolder(folder, scope, disk);
      return disk.openScratch(sheetPath(folder, day));
    },

    async loadNames() {
      const bytes = await disk.read(join(folder, NAMES_FILE));
      return bytes && decodeNames(bytes, id);
    },

    async keepNames(list) {
      await markFolder(folder, scope, disk);
      await disk.put(join(folder, NAMES_FILE), [encodeNames(id, list)]);
    },

    async keepSheet(day, keys, readAtMs) {
      await markFolder(folder, scope, disk);
      const sheet = encodeSheet({ scope: id, day, read_at: readAtMs, keys: [...keys] });
      await disk.put(sheetPath(folder, day), [sheet]);
    },
  };
}

interface ScopeFolder {
  readonly folder: string;
  /** The scope's id, which every file in the folder must name. */
  readonly id: string;
  readonly disk: Disk;
  readonly notices: Notices;
}

/** Files of a scope's folder by what they hold; undefined where one is not there, or was damaged and is now set aside. */
interface CheckedFiles {
  segment(eventKey: string, day: string): Promise<Segment | undefined>;
  sheet(day: string): Promise<DaySheet | undefined>;
}

function createCheckedFiles({ folder, id, disk, notices }: ScopeFolder): CheckedFiles {
  const setAside = async (path: string, day: string, words: Text): Promise<void> => {
    notices.add({ code: 'damaged', day, words });
    // On a folder that may only be read it stays where it is, and is noticed each time.
    await disk.move(path, damagedPath(path)).catch(() => undefined);
  };

  return {
    async segment(eventKey, day) {
      const encoded = encodeKey(eventKey);
      if (encoded === undefined) return undefined;
      const path = segmentPath(folder, encoded, day);
      try {
        const bytes = await disk.read(path);
        if (bytes === undefined) return undefined;
        const segment = decodeSegment(bytes);
        const { head } = segment;
        if (head.scope === id && head.event_key === eventKey && head.day === day) return segment;
        throw new DamagedSegment('elsewhere');
      } catch (error) {
        if (error instanceof DamagedSegment)
          await setAside(path, day, NOTICE_WORDS.damagedSegment(encoded, day, DAMAGES[error.damage]));
        else notices.add({ code: 'not_used', day, words: NOTICE_WORDS.notOpened(encoded, day, errorCode(error)) });
        return undefined;
      }
    },

    async sheet(day) {
      const path = sheetPath(folder, day);
      const bytes = await disk.read(path);
      if (bytes === undefined) return undefined;
      const sheet = decodeSheet(bytes, id, day);
      if (sheet === undefined) await setAside(path, day, NOTICE_WORDS.damagedSheet(day));
      return sheet;
    },
  };
}

interface IndexParts {
  readonly folder: string;
  readonly window: TimeWindow;
  readonly eventKeys: readonly string[] | undefined;
  readonly disk: Disk;
  readonly readSheet: (day: string) => Promise<DaySheet | undefined>;
}

async function readIndex({ folder, window, eventKeys, disk, readSheet }: IndexParts): Promise<StoreIndex> {
  const days = new Map<string, Set<string>>();
  const keys = eventKeys ?? (await disk.list(folder)).flatMap((name) => keyOfFolder(name) ?? []);
  await Promise.all(
    keys.map(async (eventKey) => {
      const encoded = encodeKey(eventKey);
      const names = encoded === undefined ? [] : await disk.list(keyFolder(folder, encoded));
      const kinds = names.map(fileKind).filter((kind) => kind?.kind === 'segment');
      days.set(eventKey, new Set(kinds.flatMap((kind) => kind?.day ?? [])));
    }),
  );
  const sheetFiles = (await disk.list(join(folder, SHEET_FOLDER))).map(fileKind);
  const sheetDays = new Set(sheetFiles.map((file) => (file?.kind === 'sheet' ? file.day : undefined)));
  const hasSegment = (eventKey: string, day: string): boolean => days.get(eventKey)?.has(day) === true;
  // Where every key that is asked for has its segment, the sheet has nothing to add.
  const isOpen = (day: string): boolean => eventKeys?.every((eventKey) => hasSegment(eventKey, day)) !== true;
  const wanted = daysIn(window).filter((day) => sheetDays.has(day) && isOpen(day));
  const sheets = new Map<string, DaySheet>();
  await Promise.all(
    wanted.map(async (day) => {
      const sheet = await readSheet(day);
      if (sheet !== undefined) sheets.set(day, sheet);
    }),
  );
  return {
    holds(eventKey, day) {
      if (hasSegment(eventKey, day)) return 'segment';
      const sheet = sheets.get(day);
      return sheet === undefined || sheet.keys.some(([named]) => named === eventKey) ? undefined : 'empty';
    },
    wholeDay(day) {
      const sheet = eventKeys === undefined ? sheets.get(day) : undefined;
      if (sheet === undefined) return undefined;
      // A segment that the sheet does not name was read later, of that key alone: it knows better.
      const present = [...days.keys()].filter((eventKey) => hasSegment(eventKey, day));
      const named = sheet.keys.map(([eventKey]) => eventKey);
      const lost = named.filter((eventKey) => !hasSegment(eventKey, day));
      return { keys: present, lost, readAtMs: sheet.read_at };
    },
  };
}

/** Closes the scope's folder to others and says in it whose it is, for people; the digest in its name is what counts. */
async function markFolder(folder: string, scope: StoreScope, disk: Disk): Promise<void> {
  const path = join(folder, SCOPE_FILE);
  if ((await disk.stat(path)) !== undefined) return;
  await disk.makePrivate(folder);
  await disk.put(path, [Buffer.from(`${JSON.stringify({ api_url: scope.apiUrl, owner_id: scope.ownerId })}\n`)]);
}

/** The system's code of `error`; its message would name folders. */
export function errorCode(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown failure';
}

/** Whether `error` says that the disk is full, or the owner's share of it. */
export function isDiskFull(error: unknown): boolean {
  return hasCode(error, 'ENOSPC') || hasCode(error, 'EDQUOT');
}
