// Owns the list of export formats; a format that is not here does not exist.
import { csv } from './csv.ts';
import type { ExportFormat } from './format.ts';
import { ndjson } from './ndjson.ts';

export const FORMAT_NAMES = ['ndjson', 'csv'] as const;
export type FormatName = (typeof FORMAT_NAMES)[number];

export const FORMATS = { ndjson, csv } as const satisfies Record<FormatName, ExportFormat>;
