// Owns what a read has brought so far and the store may keep: the events of each key and day, packed, until the day is known to be whole.
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import { compareEvents, eventTimeMs, type AuditEvent } from '../audit/event.ts';
import { createBlockPacker, type Block, type BlockPacker } from './segment-format.ts';
import { DAY_MS } from './utc-days.ts';

const zip = promisify(gzip);
const unzip = promisify(gunzip);

// Some 150,000 events on their way to disk at one moment.
const MOST_DISK_BYTES = 12 * 1024 * 1024;
// All that one read may bring for memory: a read of more would only push out what smaller questions left there.
const MOST_MEMORY_BYTES = 6 * 1024 * 1024;

/** A key, or undefined for a read of all keys. */
export type Lane = string | undefined;

/**
 * Events of one day, packed as one, for apart they are too short to pack well: a line that tells the bytes of each key, then the lines of
 * one key after the other, each in time order.
 */
interface Chunk {
  readonly position: number;
  readonly gzip: Buffer;
}

const sizesSchema = z.array(z.tuple([z.string(), z.number()]));

interface Draft {
  readonly isForDisk: boolean;
  readonly chunks: Chunk[];
  /** False once something of it was dropped, or did not belong there: then it is never kept. */
  isFit: boolean;
}

export interface Drafts {
  /** Adds events. `position` puts chunks of one lane in order; chunks share no millisecond. */
  add(lane: Lane, events: readonly AuditEvent[], position: number): Promise<void>;
  /** The blocks of one lane and day by key, and forgets them. Undefined where they must not be kept. */
  take(lane: Lane, dayStartMs: number): Promise<ReadonlyMap<string, readonly Block[]> | undefined>;
}

/** Bounded in bytes: a day that is too much is not kept. `isForDisk`: a day goes to disk once it is whole, and not to memory. */
export function createDrafts(isForDisk: (dayStartMs: number) => boolean): Drafts {
  const drafts = new Map<string, Draft>();
  let diskBytes = 0;
  let memoryBytes = 0;

  const draftOf = (lane: Lane, dayStartMs: number): Draft => {
    const id = draftId(lane, dayStartMs);
    const draft = drafts.get(id) ?? { isForDisk: isForDisk(dayStartMs), chunks: [], isFit: true };
    drafts.set(id, draft);
    return draft;
  };
  const drop = (draft: Draft): void => {
    draft.isFit = false;
    release(draft);
    draft.chunks.length = 0;
  };
  const release = (draft: Draft): void => {
    if (draft.isForDisk) diskBytes -= bytesOf(draft);
  };
  const isFull = (draft: Draft): boolean =>
    draft.isForDisk ? diskBytes > MOST_DISK_BYTES : memoryBytes > MOST_MEMORY_BYTES;

  return {
    async add(lane, events, position) {
      for (const [dayStartMs, ofDay] of groupBy(events, (event) => dayStart(eventTimeMs(event)))) {
        const draft = draftOf(lane, dayStartMs);
        if (!draft.isFit) continue;
        const isForeign = lane !== undefined && ofDay.some((event) => event.event_key !== lane);
        if (isForeign || isFull(draft)) {
          drop(draft);
          continue;
        }
        const chunk = await pack(ofDay, position);
        draft.chunks.push(chunk);
        if (draft.isForDisk) diskBytes += chunk.gzip.length;
        else memoryBytes += chunk.gzip.length;
      }
    },
    async take(lane, dayStartMs) {
      const draft = draftOf(lane, dayStartMs);
      drafts.delete(draftId(lane, dayStartMs));
      release(draft);
      return draft.isFit ? await repack(draft.chunks) : undefined;
    },
  };
}

function bytesOf({ chunks }: Draft): number {
  return chunks.reduce((sum, { gzip: { length } }) => sum + length, 0);
}

export function dayStart(timeMs: number): number {
  return Math.floor(timeMs / DAY_MS) * DAY_MS;
}

function draftId(lane: Lane, dayStartMs: number): string {
  return lane === undefined ? `${dayStartMs}` : `${dayStartMs} ${lane}`;
}

function groupBy<K>(events: readonly AuditEvent[], keyOf: (event: AuditEvent) => K): Map<K, AuditEvent[]> {
  const groups = new Map<K, AuditEvent[]>();
  for (const event of events) {
    const group = groups.get(keyOf(event));
    if (group === undefined) groups.set(keyOf(event), [event]);
    else group.push(event);
  }
  return groups;
}

async function pack(events: readonly AuditEvent[], position: number): Promise<Chunk> {
  const sizes: z.output<typeof sizesSchema> = [];
  const texts: Buffer[] = [];
  for (const [eventKey, ofKey] of groupBy(events, (event) => event.event_key)) {
    const lines = ofKey.toSorted(compareEvents).map((event) => `${JSON.stringify(event)}\n`);
    const text = Buffer.from(lines.join(''));
    texts.push(text);
    sizes.push([eventKey, text.length]);
  }
  const whole = Buffer.concat([Buffer.from(`${JSON.stringify(sizes)}\n`), ...texts]);
  // A copy: what zlib gives is a view of a buffer of 16 KiB, however little of that it is.
  return { position, gzip: Buffer.from(await zip(whole, { level: 1 })) };
}

async function repack(chunks: readonly Chunk[]): Promise<ReadonlyMap<string, readonly Block[]>> {
  const packers = new Map<string, BlockPacker>();
  for (const chunk of chunks.toSorted((a, b) => a.position - b.position)) {
    const whole = await unzip(chunk.gzip);
    let at = whole.indexOf('\n') + 1;
    for (const [eventKey, size] of sizesSchema.parse(JSON.parse(whole.toString('utf8', 0, at)))) {
      const packer = packers.get(eventKey) ?? createBlockPacker();
      packers.set(eventKey, packer);
      await packer.add(whole.toString('utf8', at, at + size));
      at += size;
    }
  }
  const blocks = new Map<string, readonly Block[]>();
  for (const [eventKey, packer] of packers) blocks.set(eventKey, await packer.end());
  return blocks;
}
