// Owns the files that segments are added to: one segment after the other, each on its way to the disk once it is written.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFailure } from './file-errors.ts';
import { decodeSegment, type Segment } from './segment.ts';
import { openNew, writeAll, type OpenFile } from './to-file.ts';

/** A file for each segment would cost more than what is in it; but a file is read whole when an export goes on. */
const FILE_BYTES = 8 * 1024 * 1024;
/** A disk that is slow to sync holds the writing up here. */
const MOST_UNSYNCED = 8;
const FILE_NAME = /^segment-(\d{6})$/;

export interface SegmentPlace {
  readonly file: string;
  readonly offset: number;
}

export interface SegmentFiles {
  /**
   * Adds a segment and answers where it begins. A kill takes nothing of it from then on; a power failure may, until the system has synced
   * it. One at a time, and none after one that failed.
   */
  append(pieces: readonly Uint8Array[]): Promise<SegmentPlace>;
  /** Waits until all is synced, and lets go of the file. */
  close(): Promise<void>;
}

export function segmentFileNumber(name: string): number | undefined {
  const number = FILE_NAME.exec(name)?.[1];
  return number === undefined ? undefined : Number(number);
}

/** `lastNumber`: of the newest file in `folder`. What is there is never added to, since its end may be torn. */
export function createSegmentFiles(folder: string, lastNumber: number, openFile: OpenFile): SegmentFiles {
  let number = lastNumber;
  let current: (SegmentPlace & { handle: Awaited<ReturnType<OpenFile>>; offset: number }) | undefined;
  let syncing: Promise<void>[] = [];

  const openNext = async () => {
    number += 1;
    const file = join(folder, `segment-${String(number).padStart(6, '0')}`);
    return { file, handle: await openNew(file, openFile), offset: 0 };
  };
  const close = async (): Promise<void> => {
    const [closing, synced] = [current, syncing];
    [current, syncing] = [undefined, []];
    try {
      await Promise.all(synced);
    } finally {
      await closing?.handle.close();
    }
  };
  const append = async (pieces: readonly Uint8Array[]): Promise<SegmentPlace> => {
    if (current !== undefined && current.offset >= FILE_BYTES) await close();
    const into = current ?? (await openNext());
    current = into;
    const { file, offset } = into;
    for (const piece of pieces) await writeAll(into.handle, piece);
    into.offset += pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const synced = into.handle.sync();
    // A failure is seen by whoever waits for the disk next.
    synced.catch(() => undefined);
    syncing.push(synced);
    if (syncing.length > MOST_UNSYNCED) await syncing.shift();
    return { file, offset };
  };
  const failing = async <T>(step: () => Promise<T>): Promise<T> => {
    try {
      return await step();
    } catch (error) {
      throw writeFailure(error, folder);
    }
  };
  return { append: (pieces) => failing(() => append(pieces)), close: () => failing(close) };
}

/** The segments in `file` up to a torn one: what lies behind that is read again. A file that begins with one is deleted. */
export async function readSegments(file: string): Promise<(Segment & SegmentPlace)[]> {
  const bytes = await readFile(file);
  const segments: (Segment & SegmentPlace)[] = [];
  for (let offset = 0; offset < bytes.byteLength;) {
    const segment = decodeSegment(bytes.subarray(offset));
    if (segment === undefined) break;
    segments.push({ ...segment, file, offset });
    offset += segment.bytes;
  }
  if (segments.length === 0) await rm(file, { force: true });
  return segments;
}
