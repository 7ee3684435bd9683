// Owns the manifest: what an export file holds, written beside it, so that anyone can check the file later.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { AuditError } from '../errors.ts';
import { STOP_REASONS } from '../audit/audit-log.ts';
import { errnoOf } from './file-errors.ts';
import { FORMAT_NAMES } from './formats.ts';
import { tallySchema } from './tally.ts';

const time = z.iso.datetime({ offset: true });
const eventRefSchema = z.object({ id: z.string(), created_at: z.string() });

export const sourceSchema = z.object({
  kind: z.enum(['api', 'demo', 'file']),
  /** The API's base URL, or the name of the file. */
  location: z.string(),
});
/** Where the events came from. */
export type ExportSource = z.output<typeof sourceSchema>;

export const filtersSchema = z.object({
  event_keys: z.array(z.string()).readonly().exactOptional(),
  actor_id: z.string().exactOptional(),
  actor_type: z.string().exactOptional(),
  entity_id: z.string().exactOptional(),
  entity_type: z.string().exactOptional(),
  chat_id: z.string().exactOptional(),
  ip_address: z.string().exactOptional(),
  time_of_day: z.object({ from_minute: z.int(), to_minute: z.int() }).exactOptional(),
});
export type ManifestFilters = z.output<typeof filtersSchema>;

/** Loose: a manifest of a newer version of this program stays readable. */
export const manifestSchema = z.looseObject({
  schema_version: z.literal(1),
  program: z.string(),
  program_version: z.string(),
  created_at: time,
  source: sourceSchema,
  /** Half-open, whole seconds, UTC. */
  window: z.object({ start_time: time, end_time: time, time_zone: z.string() }),
  filters: filtersSchema,
  file_name: z.string(),
  format: z.enum(FORMAT_NAMES),
  compression: z.enum(['none', 'gzip']),
  ...tallySchema.shape,
  /** Events by where they came from: the local store, or `source` itself. Absent in manifests of older versions. */
  sources: z.record(z.string(), z.int().nonnegative()).exactOptional(),
  /** HTTP requests spent on these events, earlier runs included. */
  requests: z.int().nonnegative(),
  /** Absent where the file holds no event. */
  first_event: eventRefSchema.exactOptional(),
  last_event: eventRefSchema.exactOptional(),
  /** Of the file as it lies on disk. */
  bytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** False where the log no longer held a part of the window: `covered` says what it held. */
  complete: z.boolean(),
  stopped_by: z.enum(STOP_REASONS).exactOptional(),
  covered: z.array(z.object({ start_time: time, end_time: time })).exactOptional(),
});
export type Manifest = z.output<typeof manifestSchema>;

export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** Throws `not_found` where there is no such file, `invalid_input` where it is no manifest of ours. */
export async function readManifest(path: string): Promise<Manifest> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const hint = 'Give the path of a file that ends in .manifest.json.';
    throw new AuditError('not_found', `The manifest ${path} cannot be read (${errnoOf(error) ?? 'unknown'}).`, {
      hint,
      cause: error,
    });
  }
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new AuditError('invalid_input', `${path} is not a manifest of this program.`, {
      hint: 'Give the path of a file that ends in .manifest.json and was written by an export.',
      cause: error,
    });
  }
}
