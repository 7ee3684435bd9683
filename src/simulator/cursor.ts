// Owns cursors: opaque text that names a place, a direction and the query it belongs to, and cannot be made up.
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Position } from './log-columns.ts';

export interface Cursor extends Position {
  direction: 'older' | 'newer';
  /** The event at the place itself belongs to the page. */
  inclusive: boolean;
  /** Tells cursors of one place apart, so that a page without events still moves on. */
  step: number;
}

export interface CursorCodec {
  encode(cursor: Cursor, query: string): string;
  /** Undefined for a cursor that is not ours (or of the recorded requests), or was given for another query. */
  decode(text: string, query: string): Cursor | undefined;
}

const payloadSchema = z.tuple([z.number(), z.string(), z.enum(['older', 'newer']), z.boolean(), z.number()]);

/** The form of the stand-in against which the vendor's clients were recorded: their requests play here as they stand. */
const recordedSchema = z.strictObject({ t: z.iso.datetime(), id: z.uuid(), d: z.enum(['n', 'p']) });

function recordedCursor(text: string): Cursor | undefined {
  try {
    const { t, id, d } = recordedSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    const direction = d === 'n' ? 'older' : 'newer';
    return { timeMs: Date.parse(t), id, direction, inclusive: false, step: 0 };
  } catch {
    return undefined;
  }
}

/** `query` is any text that is the same for the same filters. */
export function createCursorCodec(secret: string): CursorCodec {
  const sign = (payload: string, query: string): string =>
    createHmac('sha1', secret).update(payload).update('\n').update(query).digest('base64url').slice(0, 12);
  return {
    encode({ timeMs, id, direction, inclusive, step }, query) {
      const payload = Buffer.from(JSON.stringify([timeMs, id, direction, inclusive, step])).toString('base64url');
      return `${payload}_${sign(payload, query)}`;
    },
    decode(text, query) {
      const payload = text.slice(0, Math.max(0, text.length - 13));
      if (payload === '' || text !== `${payload}_${sign(payload, query)}`) return recordedCursor(text);
      const parsed = payloadSchema.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
      const [timeMs, id, direction, inclusive, step] = parsed;
      return { timeMs, id, direction, inclusive, step };
    },
  };
}
