// Owns the events of blocks in memory that were asked for lately: unpacking them again would cost more than all the rest of a question.
import type { AuditEvent } from '../audit/event.ts';
import { parseLines, unpackLines, type Block } from './segment-format.ts';

/** Unpacks a block on another thread; what it gives parses the events, oldest first. They may be shared: nobody changes them. */
export type Unpack = (block: Block) => Promise<() => readonly AuditEvent[]>;

export const unpackBlock: Unpack = async (block) => {
  const text = await unpackLines(block);
  return () => parseLines(text);
};

/** Keeps the blocks used last, as long as their texts are not longer than `maxLength` together. */
export function createUnpacked(maxLength: number): Unpack {
  const kept = new Map<Block, { readonly events: readonly AuditEvent[]; readonly length: number }>();
  let length = 0;

  const recall = (block: Block): readonly AuditEvent[] | undefined => {
    const known = kept.get(block);
    if (known === undefined) return undefined;
    // The map is in order of use.
    kept.delete(block);
    kept.set(block, known);
    return known.events;
  };
  const keep = (block: Block, text: string): readonly AuditEvent[] => {
    const events = parseLines(text);
    if (text.length > maxLength) return events;
    kept.set(block, { events, length: text.length });
    length += text.length;
    for (const [oldest, entry] of kept) {
      if (length <= maxLength) break;
      kept.delete(oldest);
      length -= entry.length;
    }
    return events;
  };
  return async (block) => {
    const known = recall(block);
    if (known !== undefined) return () => known;
    const text = await unpackLines(block);
    // Another question may have kept it meanwhile.
    return () => recall(block) ?? keep(block, text);
  };
}
