// Owns the events of blocks in memory that were asked for lately: unpacking them again would cost more than all the rest of a question.
import type { AuditEvent } from '../audit/event.ts';
import { createRecentMap } from '../recent-map.ts';
import { parseInPieces, parseLines, unpackLines, type Block } from './segment-format.ts';

/** Unpacks a block on another thread; what it gives parses the events, oldest first, in pieces. They may be shared: nobody changes them. */
export type Unpack = (block: Block) => Promise<() => Iterable<readonly AuditEvent[]>>;

export const unpackBlock: Unpack = async (block) => {
  const lines = await unpackLines(block);
  return () => parseInPieces(lines);
};

/** Keeps the blocks used last, as long as their lines are not longer than `maxBytes` together. */
export function createUnpacked(maxBytes: number): Unpack {
  const kept = createRecentMap<Block, readonly AuditEvent[]>(maxBytes);
  const parse = (block: Block, lines: Buffer): readonly AuditEvent[] => {
    const events = parseLines(lines);
    kept.set(block, events, lines.length);
    return events;
  };
  return async (block) => {
    const known = kept.get(block);
    if (known !== undefined) return () => [known];
    const lines = await unpackLines(block);
    // Another question may have parsed it meanwhile.
    return () => [kept.get(block) ?? parse(block, lines)];
  };
}
