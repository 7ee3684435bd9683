// Owns the file of names beside the segments: who was called what when the list of people was read last.
import { z } from 'zod';
import type { KeptName, NameList } from '../audit/kept-names.ts';
import { decodeSigned, encodeSigned } from './signed-json.ts';

const bodySchema = z.object({
  format: z.literal(1),
  scope: z.string(),
  /** Clock time (ms) at which the read of the list began. */
  read_at: z.number(),
  names: z.array(z.object({ id: z.string(), name: z.string(), bot: z.literal(true).exactOptional() })),
});

export function encodeNames(scope: string, { atMs, names }: NameList): Buffer {
  const entries = [...names].map(([id, name]) => ({ id, ...name }));
  return encodeSigned(bodySchema.parse({ format: 1, scope, read_at: atMs, names: entries }));
}

/** The names in `bytes`; undefined where they are damaged or of another scope. */
export function decodeNames(bytes: Buffer, scope: string): NameList | undefined {
  const body = decodeSigned(bytes, bodySchema);
  if (body?.scope !== scope) return undefined;
  const names = body.names.map(({ id, ...name }): [string, KeptName] => [id, name]);
  return { atMs: body.read_at, names: new Map(names) };
}
