// Owns the sheet of a day that was read whole: which keys it had, so that a missing segment is noticed and a key that is not named had no events.
import { z } from 'zod';
import { encodeSigned, decodeSigned } from './signed-json.ts';

const bodySchema = z.object({
  format: z.literal(1),
  scope: z.string(),
  day: z.string(),
  /** Clock time (ms) at which the read of the log began. */
  read_at: z.number(),
  /** Events by key, for every key that had some. */
  keys: z.array(z.tuple([z.string(), z.int().nonnegative()])),
});
export type DaySheet = z.output<typeof bodySchema>;

export function encodeSheet(sheet: Omit<DaySheet, 'format'>): Buffer {
  return encodeSigned(bodySchema.parse({ format: 1, ...sheet }));
}

/** The sheet in `bytes`; undefined where it is damaged or of another scope or day. */
export function decodeSheet(bytes: Buffer, scope: string, day: string): DaySheet | undefined {
  const sheet = decodeSigned(bytes, bodySchema);
  return sheet?.scope === scope && sheet.day === day ? sheet : undefined;
}
