// Owns the bytes of a segment: NDJSON in gzip members of about 512 KiB, with count, digest and origin in the gzip header.
//
// Every gzip reader sees plain NDJSON. What we need to know stands in the header's "extra" field (RFC 1952, 2.3.1.1), which
// readers skip: one file, one rename, so that data and digest can never be of two different writers.
import { isAscii } from 'node:buffer';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { z } from 'zod';
import type { AuditEvent } from '../audit/event.ts';
import { timeOfText } from '../audit/time-text.ts';
import { pack, unpack } from './gzip.ts';
import { DAMAGES } from './notice-wording.ts';

/** A block is what a read holds in memory of one key at a time: about 1,300 events. */
const BLOCK_BYTES = 512 * 1024;
const PIECE_LINES = 128;
const LINE_BREAK = 0x0a;
const PLAIN_HEADER_BYTES = 10;
/** A gzip header with one extra subfield, before the subfield's data. */
const HEADER_BYTES = PLAIN_HEADER_BYTES + 6;
const EMPTY_BODY = gzipSync('').subarray(PLAIN_HEADER_BYTES);
const HEAD_FIELD = 'PS';
const BLOCK_FIELD = 'PB';
const BLOCK_FIELD_BYTES = 24;

/** Some events of one key in time order, packed: one gzip member. Times are those of the first and the last, milliseconds. */
export interface Block {
  readonly gzip: Buffer;
  readonly events: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

const headSchema = z.object({
  format: z.literal(1),
  scope: z.string(),
  event_key: z.string(),
  day: z.string(),
  events: z.int().nonnegative(),
  /** Clock time (ms) at which the read of the log began. */
  read_at: z.number(),
});
const signedHeadSchema = z.object({ ...headSchema.shape, sha256: z.string() });
export type SegmentHead = z.output<typeof headSchema>;

export interface Segment {
  readonly head: SegmentHead;
  /** Oldest first. */
  readonly blocks: readonly Block[];
}

/** What lies on disk is not what was written; `damage` says how it shows. */
export class DamagedSegment extends Error {
  override readonly name = 'DamagedSegment';
  readonly damage: keyof typeof DAMAGES;

  constructor(damage: keyof typeof DAMAGES, options?: ErrorOptions) {
    super(DAMAGES[damage].en, options);
    this.damage = damage;
  }
}

/** Packs the NDJSON of one key as blocks, in one pass over what comes. */
export interface BlockPacker {
  /** `lines`: whole lines, in time order, after those that came before. */
  add(lines: Buffer): Promise<void>;
  end(): Promise<Block[]>;
}

export function createBlockPacker(): BlockPacker {
  const blocks: Block[] = [];
  let waiting: Buffer[] = [];
  let bytes = 0;
  return {
    async add(lines) {
      waiting.push(lines);
      bytes += lines.length;
      if (bytes < BLOCK_BYTES) return;
      let rest = Buffer.concat(waiting);
      while (rest.length >= BLOCK_BYTES) {
        const cut = rest.lastIndexOf(LINE_BREAK, BLOCK_BYTES - 1) + 1 || rest.indexOf(LINE_BREAK) + 1;
        blocks.push(await packBlock(rest.subarray(0, cut)));
        rest = rest.subarray(cut);
      }
      waiting = [rest];
      bytes = rest.length;
    },
    async end() {
      if (bytes > 0) blocks.push(await packBlock(Buffer.concat(waiting)));
      return blocks;
    },
  };
}

async function packBlock(lines: Buffer): Promise<Block> {
  let events = 0;
  for (let at = lines.indexOf(LINE_BREAK); at !== -1; at = lines.indexOf(LINE_BREAK, at + 1)) events += 1;
  const firstMs = timeOfLine(lines.toString('utf8', 0, lines.indexOf(LINE_BREAK)));
  const lastMs = timeOfLine(lines.toString('utf8', lines.lastIndexOf(LINE_BREAK, lines.length - 2) + 1));
  const body = (await pack(lines, 6)).subarray(PLAIN_HEADER_BYTES);
  const field = Buffer.alloc(BLOCK_FIELD_BYTES);
  const header = gzipHeader(BLOCK_FIELD, field);
  field.writeUInt32LE(header.length + body.length, 0);
  field.writeUInt32LE(events, 4);
  field.writeDoubleLE(firstMs, 8);
  field.writeDoubleLE(lastMs, 16);
  return { gzip: Buffer.concat([gzipHeader(BLOCK_FIELD, field), body]), events, firstMs, lastMs };
}

function timeOfLine(line: string): number {
  const event: unknown = JSON.parse(line);
  return isStoredEvent(event) ? timeOfText(event.created_at) : Number.NaN;
}

/** The events in the lines of a block, oldest first, as the API sent them. */
export function parseLines(lines: Buffer): AuditEvent[] {
  // Most logs are ASCII all through, which is told and copied faster than it is decoded.
  const text = lines.toString(isAscii(lines) ? 'latin1' : 'utf8', 0, Math.max(0, lines.length - 1));
  return text === ''
    ? []
    : text.split('\n').map((line) => {
        const event: unknown = JSON.parse(line);
        if (!isStoredEvent(event)) throw new DamagedSegment('notEvent');
        return event;
      });
}

/** The same, some at a time: the text and the objects of a whole block would age, and to sweep what has aged is slow. */
export function* parseInPieces(lines: Buffer): Generator<AuditEvent[]> {
  for (let from = 0; from < lines.length;) {
    let to = from;
    for (let count = 0; count < PIECE_LINES && to < lines.length; count += 1) to = lines.indexOf(LINE_BREAK, to) + 1;
    yield parseLines(lines.subarray(from, to));
    from = to;
  }
}

/** The NDJSON lines of `block`. */
export function unpackLines({ gzip }: Pick<Block, 'gzip'>): Promise<Buffer> {
  return unpack(gzip);
}

// The digest says that this is what was written, and only events were written: no need for the schema, which costs more.
function isStoredEvent(value: unknown): value is AuditEvent {
  return (
    typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    'created_at' in value &&
    'event_key' in value &&
    typeof value.id === 'string' &&
    typeof value.created_at === 'string' &&
    typeof value.event_key === 'string'
  );
}

/** A segment's file, in chunks: an empty gzip member with the head, then the blocks. */
export function encodeSegment(head: Omit<SegmentHead, 'format' | 'events'>, blocks: readonly Block[]): Buffer[] {
  const events = blocks.reduce((sum, block) => sum + block.events, 0);
  const plain = headSchema.parse({ format: 1, ...head, events });
  const body = [EMPTY_BODY, ...blocks.map((block) => block.gzip)];
  const signed = Buffer.from(JSON.stringify({ ...plain, sha256: digestOf(plain, body) }));
  return [gzipHeader(HEAD_FIELD, signed), ...body];
}

/** The segment in `bytes`, its digest checked. Throws DamagedSegment. */
export function decodeSegment(bytes: Buffer): Segment {
  const field = extraField(bytes, HEAD_FIELD);
  const { sha256, ...head } = parseHead(field);
  const body = bytes.subarray(HEADER_BYTES + field.length);
  if (digestOf(head, [body]) !== sha256) throw new DamagedSegment('digest');
  const blocks: Block[] = [];
  for (let at = EMPTY_BODY.length; at < body.length;) {
    const block = readBlock(body.subarray(at));
    blocks.push(block);
    at += block.gzip.length;
  }
  return { head, blocks };
}

// The head is part of what is signed: a good segment in another day's, key's or workspace's place is noticed too.
function digestOf(head: SegmentHead, chunks: readonly Buffer[]): string {
  const hash = createHash('sha256').update(JSON.stringify(head)).update('\n');
  for (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}

function gzipHeader(name: string, data: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES + data.length);
  // Magic, deflate, FEXTRA, no time, no level, unknown system; then the length of the extra field, subfield, its length.
  header.set([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255]);
  header.writeUInt16LE(4 + data.length, PLAIN_HEADER_BYTES);
  header.write(name, PLAIN_HEADER_BYTES + 2, 'latin1');
  header.writeUInt16LE(data.length, PLAIN_HEADER_BYTES + 4);
  header.set(data, HEADER_BYTES);
  return header;
}

/** The extra field `name` of the gzip member at the start of `bytes`. */
function extraField(bytes: Buffer, name: string): Buffer {
  const isOurs = bytes.length >= HEADER_BYTES && bytes.readUInt32BE(0) === 0x1f8b0804;
  if (!isOurs || bytes.toString('latin1', 12, 14) !== name) throw new DamagedSegment('notSegment');
  const end = HEADER_BYTES + bytes.readUInt16LE(PLAIN_HEADER_BYTES + 4);
  if (bytes.length < end) throw new DamagedSegment('cutShort');
  return bytes.subarray(HEADER_BYTES, end);
}

function parseHead(field: Buffer): z.output<typeof signedHeadSchema> {
  try {
    return signedHeadSchema.parse(JSON.parse(field.toString('utf8')));
  } catch (error) {
    throw new DamagedSegment('head', { cause: error });
  }
}

function readBlock(bytes: Buffer): Block {
  const field = extraField(bytes, BLOCK_FIELD);
  const size = field.length === BLOCK_FIELD_BYTES ? field.readUInt32LE(0) : 0;
  if (size <= BLOCK_FIELD_BYTES || size > bytes.length) throw new DamagedSegment('blockCutShort');
  return {
    gzip: bytes.subarray(0, size),
    events: field.readUInt32LE(4),
    firstMs: field.readDoubleLE(8),
    lastMs: field.readDoubleLE(16),
  };
}
