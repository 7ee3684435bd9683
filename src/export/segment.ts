// Owns the form of one segment on disk: a line of JSON that says what is inside, then the events of some slices as NDJSON.
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { compareEvents, eventTimeMs, type AuditEvent } from '../audit/event.ts';
import type { Slice } from '../audit/audit-log.ts';
import type { TextBuffer } from '../text/text-buffer.ts';
import { ndjson } from './ndjson.ts';
import { spoolTallySchema, type TallyCounts } from './tally.ts';

/** Where an event stands in the order of the log. */
const markSchema = z.object({ ms: z.int(), id: z.string() });
export type Mark = z.output<typeof markSchema>;

const sliceSchema = z.object({
  startMs: z.int(),
  endMs: z.int(),
  eventKey: z.string().exactOptional(),
  bytes: z.int().nonnegative(),
  /** Absent where the slice holds no event. */
  first: markSchema.exactOptional(),
  last: markSchema.exactOptional(),
});
/** What a segment says of one slice; its events are the next `bytes` bytes. */
export type SliceEntry = z.output<typeof sliceSchema>;

const headSchema = z.object({
  version: z.literal(1),
  slices: z.array(sliceSchema),
  counts: spoolTallySchema,
  /** HTTP requests that these slices cost. */
  requests: z.int().nonnegative(),
  /** When they had been read, milliseconds. Absent in segments of older versions. */
  readAtMs: z.int().exactOptional(),
  crc32: z.int(),
});

export interface Segment {
  readonly slices: readonly SliceEntry[];
  readonly counts: TallyCounts;
  readonly requests: number;
  readonly readAtMs?: number;
  /** Of its first line, and of all of it. */
  readonly headBytes: number;
  readonly bytes: number;
}

export function compareMarks(a: Mark, b: Mark): number {
  return a.ms - b.ms || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** Whether each event comes after the one before. */
function isInOrder(events: readonly AuditEvent[]): boolean {
  return events.every((event, index) => {
    const before = events[index - 1];
    return before === undefined || compareEvents(before, event) < 0;
  });
}

/** The same events in the order of the log, each id once; the list itself where that is so already. */
export function inOrder(events: readonly AuditEvent[]): readonly AuditEvent[] {
  if (isInOrder(events)) return events;
  const inTime = events.toSorted(compareEvents);
  return inTime.filter((event, index) => event.id !== inTime[index - 1]?.id);
}

/** Adds `events` (in order) of `slice` to `lines`, as they will lie in the segment. */
export function encodeSlice({ window, eventKey }: Slice, events: readonly AuditEvent[], lines: TextBuffer): SliceEntry {
  const before = lines.length;
  for (const event of events) lines.add(ndjson.row(event));
  const [first, last] = [events[0], events.at(-1)].map((event) =>
    event === undefined ? undefined : { ms: eventTimeMs(event), id: event.id },
  );
  return {
    ...window,
    ...(eventKey === undefined ? {} : { eventKey }),
    bytes: lines.length - before,
    ...(first === undefined || last === undefined ? {} : { first, last }),
  };
}

/** What stands in a segment before `data`, the lines of its slices. */
export function encodeHead(account: Omit<z.input<typeof headSchema>, 'version' | 'crc32'>, data: Buffer): Buffer {
  const head: z.input<typeof headSchema> = { version: 1, ...account, crc32: crc32(data) };
  return Buffer.from(`${JSON.stringify(head)}\n`);
}

/** The segment at the beginning of `bytes`; undefined where it is torn or not ours. */
export function decodeSegment(bytes: Buffer): Segment | undefined {
  const headBytes = bytes.indexOf('\n') + 1;
  try {
    const head = headSchema.parse(JSON.parse(bytes.toString('utf8', 0, headBytes)));
    const size = head.slices.reduce((sum, slice) => sum + slice.bytes, 0);
    const data = bytes.subarray(headBytes, headBytes + size);
    const isWhole = data.byteLength === size && crc32(data) === head.crc32;
    return isWhole ? { ...head, headBytes, bytes: headBytes + size } : undefined;
  } catch {
    return undefined;
  }
}
