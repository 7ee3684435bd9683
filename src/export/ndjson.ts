// Owns the NDJSON format: each event as the API sent it, one JSON object a line.
import { isAuditEvent, type AuditEvent } from '../audit/event.ts';
import type { ExportFormat } from './format.ts';

function readEvent(line: string): AuditEvent | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isAuditEvent(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Unknown fields, nulls and every character stay: JSON escapes line ends and lone surrogates, so nothing needs a rule here. */
export const ndjson: ExportFormat = {
  extension: 'ndjson',
  mediaType: 'application/x-ndjson',
  head: '',
  isSpoolForm: true,
  row: (event) => `${JSON.stringify(event)}\n`,
  readRow: readEvent,
  printed: (text) => text,
};
