// Owns the sheet of a day that was read whole: which keys it had, so that a missing segment is noticed and a key that is not named had no events.
import { createHash } from 'node:crypto';
import { z } from 'zod';

const bodySchema = z.object({
  format: z.literal(1),
  scope: z.string(),
  day: z.string(),
  /** Clock time (ms) at which the read of the log began. */
  read_at: z.number(),
  /** Events by key, for every key that had some. */
  keys: z.array(z.tuple([z.string(), z.int().nonnegative()])),
});
const sheetSchema = z.object({ ...bodySchema.shape, sha256: z.string() });
export type DaySheet = z.output<typeof bodySchema>;

export function encodeSheet(sheet: Omit<DaySheet, 'format'>): Buffer {
  const body = bodySchema.parse({ format: 1, ...sheet });
  return Buffer.from(`${JSON.stringify({ ...body, sha256: digestOf(body) })}\n`);
}

/** The sheet in `bytes`; undefined where it is damaged or of another scope or day. */
export function decodeSheet(bytes: Buffer, scope: string, day: string): DaySheet | undefined {
  try {
    const { sha256, ...sheet } = sheetSchema.parse(JSON.parse(bytes.toString('utf8')));
    return sha256 === digestOf(sheet) && sheet.scope === scope && sheet.day === day ? sheet : undefined;
  } catch {
    return undefined;
  }
}

function digestOf(sheet: DaySheet): string {
  return createHash('sha256').update(JSON.stringify(sheet)).digest('hex');
}
