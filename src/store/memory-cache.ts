// Owns what this process has read lately and cannot be a segment yet: stretches of today and yesterday, packed, bounded in bytes and in age.
import type { TimeWindow } from '../audit/query.ts';
import type { Block } from './segment-format.ts';
import { createUnpacked, type Unpack } from './unpacked.ts';

/** A stretch of time that was read whole, for one key or for all. */
export interface Piece {
  /** Undefined: all keys, unknown ones included. */
  readonly lane: string | undefined;
  readonly window: TimeWindow;
  /** Blocks may reach beyond the window: whoever reads them cuts. A key that is not there has no events. */
  readonly blocks: ReadonlyMap<string, readonly Block[]>;
  /** Clock time (ms) at which the read of the log began. */
  readonly readAtMs: number;
}

/** A piece that is kept here. */
export interface KeptPiece extends Piece {
  /** No other piece of this process has it. */
  readonly id: number;
}

export interface MemoryCache {
  put(piece: Piece): void;
  /** Unpacks blocks of pieces. */
  readonly unpack: Unpack;
  /** Pieces that say something of `lane` within `window`, the latest first. */
  find(lane: string | undefined, window: TimeWindow, nowMs: number): readonly KeptPiece[];
}

export interface MemoryCacheOptions {
  readonly maxBytes: number;
  /** After this, a piece is read again: events may have come late. */
  readonly maxAgeMs: number;
}

// What an empty piece costs all the same.
const PIECE_BYTES = 500;
// About 12,000 events.
const UNPACKED_BYTES = 4 * 1024 * 1024;

let lastId = 0;

export function createMemoryCache({ maxBytes, maxAgeMs }: MemoryCacheOptions): MemoryCache {
  let pieces: KeptPiece[] = [];
  return {
    unpack: createUnpacked(UNPACKED_BYTES),
    put(piece) {
      if (bytesOf(piece) > maxBytes) return;
      // What is all in the new piece is older and says no more.
      pieces = pieces.filter((old) => !(old.lane === piece.lane && within(old.window, piece.window)));
      lastId += 1;
      pieces.push({ ...piece, id: lastId });
      let bytes = pieces.reduce((sum, kept) => sum + bytesOf(kept), 0);
      while (bytes > maxBytes) bytes -= bytesOf(pieces.shift() ?? piece);
    },
    find(lane, window, nowMs) {
      pieces = pieces.filter(({ readAtMs }) => nowMs - readAtMs <= maxAgeMs);
      const fitting = pieces.filter((piece) => piece.lane === undefined || piece.lane === lane);
      return fitting.filter((piece) => overlaps(piece.window, window)).toReversed();
    },
  };
}

function bytesOf({ blocks }: Piece): number {
  return [...blocks.values()].flat().reduce((sum, block) => sum + block.gzip.length, PIECE_BYTES);
}

function within(inner: TimeWindow, outer: TimeWindow): boolean {
  return inner.startMs >= outer.startMs && inner.endMs <= outer.endMs;
}

function overlaps(a: TimeWindow, b: TimeWindow): boolean {
  return a.startMs < b.endMs && b.startMs < a.endMs;
}
