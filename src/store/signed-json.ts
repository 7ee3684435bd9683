// Owns small JSON files that carry their digest, so that damage is noticed.
import { createHash } from 'node:crypto';
import { z } from 'zod';

const signedSchema = z.looseObject({ sha256: z.string() });

export function encodeSigned(body: object): Buffer {
  return Buffer.from(`${JSON.stringify({ ...body, sha256: digestOf(body) })}\n`);
}

/** The body in `bytes`; undefined where it is damaged or not what `schema` expects. */
export function decodeSigned<T>(bytes: Buffer, schema: z.ZodType<T>): T | undefined {
  try {
    const { sha256, ...body } = signedSchema.parse(JSON.parse(bytes.toString('utf8')));
    return sha256 === digestOf(body) ? schema.parse(body) : undefined;
  } catch {
    return undefined;
  }
}

function digestOf(body: object): string {
  return createHash('sha256').update(JSON.stringify(body)).digest('hex');
}
