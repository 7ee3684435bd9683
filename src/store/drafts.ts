// Owns what a read has brought so far and the store may keep: the events of each key and day, packed, until the day is known to be whole.
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { compareEvents, eventTimeMs, type AuditEvent } from '../audit/event.ts';
import { packLines, unpackLines, type Block } from './segment-format.ts';
import { DAY_MS } from './utc-days.ts';

const zip = promisify(gzip);

/** A key, or undefined for a read of all keys. */
export type Lane = string | undefined;

/** Smaller chunks stay text: packing them one by one would save little. */
const PACK_CHARS = 32 * 1024;

interface Chunk {
  readonly position: number;
  readonly packed: Buffer | string;
}

interface Draft {
  readonly chunks: Map<string, Chunk[]>;
  /** False once something of it was dropped, or did not belong there: then it is never kept. */
  isFit: boolean;
  bytes: number;
}

export interface Drafts {
  /** Adds events. `position` puts chunks of one lane in order; chunks share no millisecond. */
  add(lane: Lane, events: readonly AuditEvent[], position: number): Promise<void>;
  /** The blocks of one lane and day by key, and forgets them. Undefined where they must not be kept. */
  take(lane: Lane, dayStartMs: number): Promise<ReadonlyMap<string, readonly Block[]> | undefined>;
}

/** Holds at most about `maxBytes`: what comes beyond is not kept. */
export function createDrafts(maxBytes: number): Drafts {
  const drafts = new Map<string, Draft>();
  let bytes = 0;

  const draftOf = (lane: Lane, dayStartMs: number): Draft => {
    const id = draftId(lane, dayStartMs);
    const draft = drafts.get(id) ?? { chunks: new Map(), isFit: true, bytes: 0 };
    drafts.set(id, draft);
    return draft;
  };
  const drop = (draft: Draft): void => {
    draft.isFit = false;
    draft.chunks.clear();
    bytes -= draft.bytes;
    draft.bytes = 0;
  };

  return {
    async add(lane, events, position) {
      for (const [dayStartMs, ofDay] of groupBy(events, (event) => dayStart(eventTimeMs(event)))) {
        const draft = draftOf(lane, dayStartMs);
        for (const [eventKey, ofKey] of groupBy(ofDay, (event) => event.event_key)) {
          if (lane !== undefined && lane !== eventKey) drop(draft);
          if (!draft.isFit) break;
          const packed = await pack(ofKey);
          const chunks = draft.chunks.get(eventKey) ?? [];
          draft.chunks.set(eventKey, chunks);
          chunks.push({ position, packed });
          draft.bytes += packed.length;
          bytes += packed.length;
          if (bytes > maxBytes) drop(draft);
        }
      }
    },
    async take(lane, dayStartMs) {
      const draft = draftOf(lane, dayStartMs);
      drafts.delete(draftId(lane, dayStartMs));
      bytes -= draft.bytes;
      if (!draft.isFit) return undefined;
      const blocks = new Map<string, readonly Block[]>();
      for (const [eventKey, chunks] of draft.chunks) blocks.set(eventKey, await packLines(unpack(chunks)));
      return blocks;
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

async function pack(events: readonly AuditEvent[]): Promise<Buffer | string> {
  const lines = events.toSorted(compareEvents).map((event) => `${JSON.stringify(event)}\n`);
  const text = lines.join('');
  return text.length < PACK_CHARS ? text : await zip(text, { level: 1 });
}

async function* unpack(chunks: readonly Chunk[]): AsyncGenerator<string> {
  for (const { packed } of chunks.toSorted((a, b) => a.position - b.position))
    yield typeof packed === 'string' ? packed : await unpackLines({ gzip: packed });
}
