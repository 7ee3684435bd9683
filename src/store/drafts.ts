// Owns what a read has brought so far and the store may keep: the events of each key and day, packed, until the day is known to be whole.
import { z } from 'zod';
import { compareEvents, eventTimeMs, type AuditEvent } from '../audit/event.ts';
import { pack, unpack } from './gzip.ts';
import type { Keeper } from './keeper.ts';
import type { Scratch } from './scratch.ts';
import { createBlockPacker, type Block } from './segment-format.ts';
import { DAY_MS } from './utc-days.ts';

// Text of a day that is packed as one: a page alone would pack badly, and a thousand of them slowly.
const CHUNK_BYTES = 128 * 1024;
// All text that is not packed yet.
const MOST_OPEN_BYTES = 2 * 1024 * 1024;
// What waits for the disk beyond this waits on the disk.
const MOST_HELD_BYTES = 4 * 1024 * 1024;
// Text of a day that is put together at a time: of a big day, some keys after the others.
const MOST_PLAIN_BYTES = 4 * 1024 * 1024;
// All that one read may bring for memory: a read of more would only push out what smaller questions left there.
const MOST_MEMORY_BYTES = 6 * 1024 * 1024;

/** A key, or undefined for a read of all keys. */
export type Lane = string | undefined;

/** Events that were added at once: bytes of the lines of each key, and these lines, one key after the other, each in time order. */
interface Run {
  readonly position: number;
  readonly sizes: readonly (readonly [eventKey: string, bytes: number])[];
  readonly lines: readonly Buffer[];
}

/** Runs of one day, packed: a line that tells position and sizes of each, then the lines of one after the other. */
interface Chunk {
  readonly length: number;
  /** Held here, or where it lies in the scratch file. */
  readonly gzip: Buffer | number;
}

const runsSchema = z.array(z.tuple([z.number(), z.array(z.tuple([z.string(), z.number()]))]));

interface Draft {
  readonly isForDisk: boolean;
  readonly chunks: Chunk[];
  /** Not packed yet. */
  open: Run[];
  openBytes: number;
  /** Bytes of the lines of each key. */
  readonly sizes: Map<string, number>;
  /** False once something of it was dropped, or did not belong there: then it is never kept. */
  isFit: boolean;
}

export interface Drafts {
  /** Adds events. `position` puts what is added to one lane in order; two of them share no millisecond. One call at a time. */
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
  let openBytes = 0;

  const draftOf = (lane: Lane, dayStartMs: number): Draft => {
    const id = draftId(lane, dayStartMs);
    const draft = drafts.get(id) ?? {
      isForDisk: keeper.keepsOnDisk(dayStartMs),
      chunks: [],
      open: [],
      openBytes: 0,
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
    closeRuns(draft);
  };
  const closeRuns = (draft: Draft): readonly Run[] => {
    const runs = draft.open;
    openBytes -= draft.openBytes;
    draft.open = [];
    draft.openBytes = 0;
    return runs;
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
  const packOpen = async (draft: Draft): Promise<void> => {
    if (draft.openBytes === 0) return;
    const packed = await packRuns(closeRuns(draft));
    const gzip = await place(draft, packed);
    if (gzip === undefined) drop(draft);
    else draft.chunks.push({ length: packed.length, gzip });
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
        if (isForeign || isTooMuch) {
          drop(draft);
          continue;
        }
        const bytes = addRun(draft, ofDay, position);
        openBytes += bytes;
        if (draft.openBytes >= CHUNK_BYTES) await packOpen(draft);
        if (openBytes > MOST_OPEN_BYTES) for (const each of drafts.values()) await packOpen(each);
      }
    },
    async take(lane, dayStartMs) {
      const draft = draftOf(lane, dayStartMs);
      await packOpen(draft);
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

/** Returns how many bytes longer `draft` became. */
function addRun(draft: Draft, events: readonly AuditEvent[], position: number): number {
  const sizes: [string, number][] = [];
  const lines: Buffer[] = [];
  let bytes = 0;
  for (const [eventKey, ofKey] of groupBy(events, (event) => event.event_key)) {
    const text = Buffer.from(
      ofKey
        .toSorted(compareEvents)
        .map((event) => `${JSON.stringify(event)}\n`)
        .join(''),
    );
    lines.push(text);
    sizes.push([eventKey, text.length]);
    bytes += text.length;
    draft.sizes.set(eventKey, (draft.sizes.get(eventKey) ?? 0) + text.length);
  }
  draft.open.push({ position, sizes, lines });
  draft.openBytes += bytes;
  return bytes;
}

function packRuns(runs: readonly Run[]): Promise<Buffer> {
  const head = runs.map(({ position, sizes }) => [position, sizes]);
  return pack(Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), ...runs.flatMap(({ lines }) => lines)]), 1);
}

async function repack(
  { chunks, sizes }: Draft,
  get: (chunk: Chunk) => Promise<Buffer>,
): Promise<ReadonlyMap<string, readonly Block[]>> {
  const blocks = new Map<string, readonly Block[]>();
  for (const keys of keysAtATime(sizes)) {
    const found = new Map([...keys].map((eventKey): [string, { position: number; lines: Buffer }[]] => [eventKey, []]));
    for (const chunk of chunks) {
      const whole = await unpack(await get(chunk));
      let at = whole.indexOf('\n') + 1;
      for (const [position, ofRun] of runsSchema.parse(JSON.parse(whole.toString('utf8', 0, at)))) {
        for (const [eventKey, size] of ofRun) {
          // A copy: a view would hold the lines of all other keys too.
          found.get(eventKey)?.push({ position, lines: Buffer.from(whole.subarray(at, at + size)) });
          at += size;
        }
      }
    }
    for (const [eventKey, runs] of found) {
      const packer = createBlockPacker();
      for (const { lines } of runs.sort((a, b) => a.position - b.position)) await packer.add(lines);
      blocks.set(eventKey, await packer.end());
    }
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
