// Owns what a read has brought so far and the store may keep: the events of each key and day, packed, until the day is known to be whole.
import { z } from 'zod';
import { compareEvents, eventTimeMs, type AuditEvent } from '../audit/event.ts';
import { createDraftRoom, type Chunk, type DraftRoom } from './draft-room.ts';
import { pack, unpack } from './gzip.ts';
import type { BlocksByKey, Keeper } from './keeper.ts';
import { createBlockPacker, type Block } from './segment-format.ts';
import { DAY_MS } from './utc-days.ts';

// Text of a day that is packed as one: a page alone would pack badly, and a thousand of them slowly.
const CHUNK_BYTES = 128 * 1024;
// Text of a day that is put together at a time: of a big day, some keys after the others.
const MOST_PLAIN_BYTES = 4 * 1024 * 1024;

/** A key, or undefined for a read of all keys. */
export type Lane = string | undefined;

/** Events that were added at once: bytes of the lines of each key, and these lines, one key after the other, each in time order. */
interface Run {
  readonly position: number;
  readonly sizes: readonly (readonly [eventKey: string, bytes: number])[];
  readonly lines: readonly Buffer[];
}

/** What the first line of a chunk tells: position and sizes of each of its runs. */
const runsSchema = z.array(z.tuple([z.number(), z.array(z.tuple([z.string(), z.number()]))]));

interface Draft {
  readonly isForDisk: boolean;
  /** Packed runs. */
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
  take(lane: Lane, dayStartMs: number): Promise<BlocksByKey | undefined>;
  /** Gives back what is held. Never throws. */
  close(): Promise<void>;
}

/** Bounded in memory: what is too much waits on the disk where it goes there once it is whole, and is not kept elsewhere. */
export function createDrafts(keeper: Pick<Keeper, 'keepsOnDisk' | 'openScratch'>): Drafts {
  const drafts = new Map<string, Draft>();
  const room = createDraftRoom(() => keeper.openScratch());

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

  return {
    async add(lane, events, position) {
      for (const [dayStartMs, ofDay] of groupBy(events, (event) => dayStart(eventTimeMs(event)))) {
        const draft = draftOf(lane, dayStartMs);
        if (!draft.isFit) continue;
        const isForeign = lane !== undefined && ofDay.some((event) => event.event_key !== lane);
        const isTooMuch = !draft.isForDisk && room.hasTooMuchForMemory();
        if (isForeign || isTooMuch) {
          drop(draft, room);
          continue;
        }
        room.countOpen(addRun(draft, ofDay, position));
        if (draft.openBytes >= CHUNK_BYTES) await packOpen(draft, room);
        if (room.hasTooMuchOpen()) for (const each of drafts.values()) await packOpen(each, room);
      }
    },
    async take(lane, dayStartMs) {
      const draft = draftOf(lane, dayStartMs);
      await packOpen(draft, room);
      drafts.delete(draftId(lane, dayStartMs));
      release(draft, room);
      // What cannot be read back is not kept, as if it had never been here.
      return draft.isFit ? await repack(draft, room).catch(() => undefined) : undefined;
    },
    async close() {
      drafts.clear();
      await room.close();
    },
  };
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

/** The runs that were open. */
function closeRuns(draft: Draft, room: DraftRoom): readonly Run[] {
  const runs = draft.open;
  room.countOpen(-draft.openBytes);
  draft.open = [];
  draft.openBytes = 0;
  return runs;
}

async function packOpen(draft: Draft, room: DraftRoom): Promise<void> {
  if (draft.openBytes === 0) return;
  const chunk = await room.put(await packRuns(closeRuns(draft, room)), draft.isForDisk);
  if (chunk === undefined) drop(draft, room);
  else draft.chunks.push(chunk);
}

/** A line that tells position and sizes of each run, then the lines of one after the other. */
function packRuns(runs: readonly Run[]): Promise<Buffer> {
  const head = runs.map(({ position, sizes }) => [position, sizes]);
  return pack(Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), ...runs.flatMap(({ lines }) => lines)]), 1);
}

function drop(draft: Draft, room: DraftRoom): void {
  draft.isFit = false;
  release(draft, room);
  draft.chunks.length = 0;
}

/** Gives back the room of `draft`. */
function release(draft: Draft, room: DraftRoom): void {
  if (draft.isForDisk) room.release(draft.chunks);
  closeRuns(draft, room);
}

async function repack({ chunks, sizes }: Draft, room: DraftRoom): Promise<BlocksByKey> {
  const blocks = new Map<string, readonly Block[]>();
  for (const keys of keysAtATime(sizes)) {
    const found = new Map([...keys].map((eventKey): [string, { position: number; lines: Buffer }[]] => [eventKey, []]));
    for (const chunk of chunks) {
      const whole = await unpack(await room.get(chunk));
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
