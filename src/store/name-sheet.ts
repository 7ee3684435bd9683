// Owns the file of names beside the segments: who was called what when the list of people was read last.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { KeptName, NameList } from '../audit/kept-names.ts';

const bodySchema = z.object({
  format: z.literal(1),
  scope: z.string(),
  /** Clock time (ms) at which the read of the list began. */
  read_at: z.number(),
  names: z.array(z.object({ id: z.string(), name: z.string(), bot: z.literal(true).exactOptional() })),
});
const sheetSchema = z.object({ ...bodySchema.shape, sha256: z.string() });

export function encodeNames(scope: string, { atMs, names }: NameList): Buffer {
  const entries = [...names].map(([id, name]) => ({ id, ...name }));
  const body = bodySchema.parse({ format: 1, scope, read_at: atMs, names: entries });
  return Buffer.from(`${JSON.stringify({ ...body, sha256: digestOf(body) })}\n`);
}

/** The names in `bytes`; undefined where they are damaged or of another scope. */
export function decodeNames(bytes: Buffer, scope: string): NameList | undefined {
  try {
    const { sha256, ...body } = sheetSchema.parse(JSON.parse(bytes.toString('utf8')));
    if (sha256 !== digestOf(body) || body.scope !== scope) return undefined;
    const names = body.names.map(({ id, ...name }): [string, KeptName] => [id, name]);
    return { atMs: body.read_at, names: new Map(names) };
  } catch {
    return undefined;
  }
}

function digestOf(body: z.output<typeof bodySchema>): string {
  return createHash('sha256').update(JSON.stringify(body)).digest('hex');
}
