// Owns the room that the drafts of one read share: what of them is held here, and what waits in the scratch file instead.
import type { Scratch } from './scratch.ts';

// All text that is not packed yet.
const MOST_OPEN_BYTES = 2 * 1024 * 1024;
// What waits for the disk beyond this waits on the disk.
const MOST_HELD_BYTES = 4 * 1024 * 1024;
// All that one read may bring for memory: a read of more would only push out what smaller questions left there.
const MOST_MEMORY_BYTES = 6 * 1024 * 1024;

/** Something packed. */
export interface Chunk {
  readonly length: number;
  /** Held here, or where it lies in the scratch file. */
  readonly gzip: Buffer | number;
}

export interface DraftRoom {
  /** Counts `bytes` of text that is not packed yet; negative: text that was, and is packed or dropped now. */
  countOpen(bytes: number): void;
  hasTooMuchOpen(): boolean;
  /** Whether what does not go to disk is more than memory is for. */
  hasTooMuchForMemory(): boolean;
  /** Undefined where there is no room. */
  put(gzip: Buffer, isForDisk: boolean): Promise<Chunk | undefined>;
  get(chunk: Chunk): Promise<Buffer>;
  /** Gives back the room of chunks that were put for the disk. */
  release(chunks: readonly Chunk[]): void;
  /** Never throws. */
  close(): Promise<void>;
}

/** `open` is called once at most, when something has to wait on the disk. */
export function createDraftRoom(open: () => Promise<Scratch>): DraftRoom {
  let scratch: Promise<Scratch> | undefined;
  let openBytes = 0;
  let heldBytes = 0;
  let memoryBytes = 0;

  const openScratch = (): Promise<Scratch> => (scratch ??= open());

  return {
    countOpen(bytes) {
      openBytes += bytes;
    },
    hasTooMuchOpen: () => openBytes > MOST_OPEN_BYTES,
    hasTooMuchForMemory: () => memoryBytes > MOST_MEMORY_BYTES,
    async put(gzip, isForDisk) {
      const { length } = gzip;
      if (isForDisk && heldBytes > MOST_HELD_BYTES)
        return openScratch()
          .then(async (file) => ({ length, gzip: await file.append(gzip) }))
          .catch(() => undefined);
      if (isForDisk) heldBytes += length;
      else memoryBytes += length;
      return { length, gzip };
    },
    get: async ({ gzip, length }) => (typeof gzip === 'number' ? (await openScratch()).read(gzip, length) : gzip),
    release(chunks) {
      heldBytes -= chunks.reduce((sum, { gzip, length }) => (typeof gzip === 'number' ? sum : sum + length), 0);
    },
    async close() {
      await scratch?.then((file) => file.close()).catch(() => undefined);
    },
  };
}
