// Owns the events of blocks in memory that were asked for lately: unpacking them again would cost more than all the rest of a question.
import type { AuditEvent } from '../audit/event.ts';
import { createRecentMap } from '../recent-map.ts';
import { parseLines, unpackLines, type Block } from './segment-format.ts';

/** Unpacks a block on another thread; what it gives parses the events, oldest first. They may be shared: nobody changes them. */
export type Unpack = (block: Block) => Promise<() => readonly AuditEvent[]>;

export const unpackBlock: Unpack = async (block) => {
  const text = await unpackLines(block);
  return () => parseLines(text);
};

/** Keeps the blocks used last, as long as their texts are not longer than `maxLength` together. */
export function createUnpacked(maxLength: number): Unpack {
  const kept = createRecentMap<Block, readonly AuditEvent[]>(maxLength);
  const parse = (block: Block, text: string): readonly AuditEvent[] => {
    const events = parseLines(text);
    kept.set(block, events, text.length);
    return events;
  };
  return async (block) => {
    const known = kept.get(block);
    if (known !== undefined) return () => known;
    const text = await unpackLines(block);
    // Another question may have parsed it meanwhile.
    return () => kept.get(block) ?? parse(block, text);
  };
}
