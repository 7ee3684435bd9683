// Owns an exporter over a folder of its own, and a look at what it wrote.
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import type { AuditLog } from '../../../src/audit/audit-log.ts';
import type { AuditQuery } from '../../../src/audit/query.ts';
import {
  createExporter,
  type ExportDone,
  type ExporterParts,
  type ExportOptions,
  type ExportResult,
} from '../../../src/export/exporter.ts';
import { digestOf, type ExportRequest } from '../../../src/export/request.ts';
import { createInstantClock } from '../../support/instant-clock.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const SOURCE = { kind: 'api', location: 'https://api.example.test' } as const;
const LOG_ID = '1000';

/** Where the exporter of `exportFixture` keeps what it has read for `request`. */
export const spoolNameOf = (request: ExportRequest): string => `.partial-${digestOf(request, SOURCE, LOG_ID)}`;

export async function exportFixture(auditLog: AuditLog, change: Partial<ExporterParts> = {}) {
  const exportDir = change.exportDir ?? (await temporaryFolder());
  const exporter = createExporter({
    auditLog,
    clock: createInstantClock(),
    programVersion: '1.2.3',
    source: SOURCE,
    logId: () => Promise.resolve(LOG_ID),
    isOwnRead: () => false,
    ...change,
    exportDir,
  });
  const start = (query: AuditQuery, request: Partial<ExportRequest> = {}, options: ExportOptions = {}) =>
    exporter.start({ query, format: 'ndjson', compression: 'none', overwrite: false, ...request }, options);
  return { exporter, exportDir, start };
}

export function done(result: ExportResult): ExportDone {
  if (result.status !== 'done') throw new Error(`not done: ${JSON.stringify(result)}`);
  return result;
}

/** The text of an exported file, gzip undone. */
export async function textOf({ filePath, manifest }: ExportDone): Promise<string> {
  const bytes = await readFile(filePath);
  return (manifest.compression === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8');
}

/** The events of an exported NDJSON file. */
export async function eventsIn(result: ExportDone): Promise<unknown[]> {
  const lines = (await textOf(result)).split('\n');
  return lines.slice(0, -1).map((line): unknown => JSON.parse(line));
}
