// Owns what a read has brought so far and the store may keep: the events of each key and day, packed, until the day is known to be whole.
import { z } from 'zod';
import { compareEvents, eventTimeMs, type AuditEvent } from '../audit/event.ts';
import { pack, unpack } from './gzip.ts';
import type { Keeper } from './keeper.ts';
import type { Scratch } from './scratch.ts';
import { createBlockPacker, type Block, type BlockPacker } from './segment-format.ts';
import { DAY_MS } from './utc-days.ts';

// What waits for the disk beyond this waits on the disk.
const MOST_HELD_BYTES = 4 * 1024 * 1024;
// Text of a day that is put together at a time: of a big day, some keys after the others.
const MOST_PLAIN_BYTES = 4 * 1024 * 1024;
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
  readonly length: number;
  /** Held here, or where it lies in the scratch file. */
  readonly gzip: Buffer | number;
}

const sizesSchema = z.array(z.tuple([z.string(), z.number()]));

interface Draft {
  readonly isForDisk: boolean;
  readonly chunks: Chunk[];
  /** Bytes of the lines of each key. */
  readonly sizes: Map<string, number>;
  /** False once something of it was dropped, or did not belong there: then it is never kept. */
  isFit: boolean;
}

export interface Drafts {
  /** Adds events. `position` puts chunks of one lane in order; chunks share no millisecond. */
  add(lane: Lane, events: readonly AuditEvent[], position: number): Promise<void>;
  /** The blocks of one lane and day by key, and forgets them. Undefined where they must not be kept. */
  take(lane: Lane, dayStartMs: number): Promise<ReadonlyMap<string, readonly Block[]> | undefined>;
  /** Gives back what is held. Never throws. */
  close(): Promise<void>;
}

/** Bounded in memory: what is too much waits on the disk where it goes there once it is whole, and is not kept elsewhere. */
export function createDrafts(keeper: Pick<Keeper, 'keepsOnDisk' | 'openScratch'>): Drafts {
  const drafts = new Map<string, Draft>();
  let scratch: Promise<Scratch> | undefined;
  let heldBytes = 0;
  let memoryBytes = 0;

  const draftOf = (lane: Lane, dayStartMs: number): Draft => {
    const id = draftId(lane, dayStartMs);
    const draft = drafts.get(id) ?? {
      isForDisk: keeper.keepsOnDisk(dayStartMs),
      chunks: [],
      sizes: new Map(),
      isFit: true,
    };
    drafts.set(id, draft);
    return draft;
  };
  const drop = (draft: Draft): void => {
    draft.isFit = false;
    release(draft);
    draft.chunks.length = 0;
  };
  const release = (draft: Draft): void => {
    if (draft.isForDisk) heldBytes -= bytesHeld(draft);
  };
  const openScratch = (): Promise<Scratch> => (scratch ??= keeper.openScratch());
  /** Undefined where there is no room. */
  const place = async ({ isForDisk }: Draft, gzip: Buffer): Promise<Chunk['gzip'] | undefined> => {
    if (isForDisk && heldBytes > MOST_HELD_BYTES)
      return openScratch()
        .then((file) => file.append(gzip))
        .catch(() => undefined);
    if (isForDisk) heldBytes += gzip.length;
    else memoryBytes += gzip.length;
    return gzip;
  };
  const get = async ({ gzip, length }: Chunk): Promise<Buffer> =>
    typeof gzip === 'number' ? (await openScratch()).read(gzip, length) : gzip;

  return {
    async add(lane, events, position) {
      for (const [dayStartMs, ofDay] of groupBy(events, (event) => dayStart(eventTimeMs(event)))) {
        const draft = draftOf(lane, dayStartMs);
        if (!draft.isFit) continue;
        const isForeign = lane !== undefined && ofDay.some((event) => event.event_key !== lane);
        const isTooMuch = !draft.isForDisk && memoryBytes > MOST_MEMORY_BYTES;
        const packed = isForeign || isTooMuch ? undefined : await packEvents(ofDay, draft.sizes);
        const gzip = packed && (await place(draft, packed));
        if (packed === undefined || gzip === undefined) drop(draft);
        else draft.chunks.push({ position, length: packed.length, gzip });
      }
    },
    async take(lane, dayStartMs) {
      const draft = draftOf(lane, dayStartMs);
      drafts.delete(draftId(lane, dayStartMs));
      release(draft);
      // What cannot be read back is not kept, as if it had never been here.
      return draft.isFit ? await repack(draft, get).catch(() => undefined) : undefined;
    },
    async close() {
      drafts.clear();
      await scratch?.then((file) => file.close()).catch(() => undefined);
    },
  };
}

function bytesHeld({ chunks }: Draft): number {
  return chunks.reduce((sum, { gzip, length }) => (typeof gzip === 'number' ? sum : sum + length), 0);
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

/** Adds to `total` what each key takes. */
async function packEvents(events: readonly AuditEvent[], total: Map<string, number>): Promise<Buffer> {
  const sizes: z.output<typeof sizesSchema> = [];
  const texts: Buffer[] = [];
  for (const [eventKey, ofKey] of groupBy(events, (event) => event.event_key)) {
    const lines = ofKey.toSorted(compareEvents).map((event) => `${JSON.stringify(event)}\n`);
    const text = Buffer.from(lines.join(''));
    texts.push(text);
    sizes.push([eventKey, text.length]);
    total.set(eventKey, (total.get(eventKey) ?? 0) + text.length);
  }
  const whole = Buffer.concat([Buffer.from(`${JSON.stringify(sizes)}\n`), ...texts]);
  return pack(whole, 1);
}

async function repack(
  { chunks, sizes }: Draft,
  get: (chunk: Chunk) => Promise<Buffer>,
): Promise<ReadonlyMap<string, readonly Block[]>> {
  const blocks = new Map<string, readonly Block[]>();
  const inOrder = chunks.toSorted((a, b) => a.position - b.position);
  for (const keys of keysAtATime(sizes)) {
    const packers = new Map([...keys].map((eventKey): [string, BlockPacker] => [eventKey, createBlockPacker()]));
    for (const chunk of inOrder) {
      const whole = await unpack(await get(chunk));
      let at = whole.indexOf('\n') + 1;
      for (const [eventKey, size] of sizesSchema.parse(JSON.parse(whole.toString('utf8', 0, at)))) {
        // A copy: a view would hold the lines of all other keys too.
        await packers.get(eventKey)?.add(Buffer.from(whole.subarray(at, at + size)));
        at += size;
      }
    }
    for (const [eventKey, packer] of packers) blocks.set(eventKey, await packer.end());
  }
  return blocks;
}

/** Keys in groups, whose texts are together no longer than what may be held; a longer one is alone. */
function keysAtATime(sizes: ReadonlyMap<string, number>): Set<string>[] {
  const groups: Set<string>[] = [];
  let room = 0;
  for (const [eventKey, size] of sizes) {
    if (size > room) {
      groups.push(new Set());
      room = MOST_PLAIN_BYTES;
    }
    groups.at(-1)?.add(eventKey);
    room -= size;
  }
  return groups;
}
