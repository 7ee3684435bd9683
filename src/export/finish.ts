// Owns the end of an export: from the spool to one file with its manifest, each whole or not there at all.
import { createHash } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Coverage } from '../audit/audit-log.ts';
import type { TimeWindow } from '../audit/query.ts';
import { FORMATS } from './formats.ts';
import { manifestText, readManifest, type ExportSource, type Manifest } from './manifest.ts';
import { contentOf } from './merge.ts';
import { filtersOf, type ExportRequest } from './request.ts';
import type { Spool, SpoolParts } from './spool.ts';
import { addCounts, countsOf, createTally, tallySchema, uncountEvent, type TallyCounts } from './tally.ts';
import type { Target } from './target.ts';
import { publish, writeFileWhole } from './to-file.ts';

export interface FinishParts extends SpoolParts {
  readonly programVersion: string;
  readonly source: ExportSource;
}

const fileIn = (spoolPath: string) => join(spoolPath, 'file');
const manifestIn = (spoolPath: string) => join(spoolPath, 'manifest.json');

const iso = (timeMs: number) => new Date(timeMs).toISOString();

function windowOut({ startMs, endMs }: TimeWindow) {
  return { start_time: iso(startMs), end_time: iso(endMs) };
}

/** First and last event; the spool knows them, so that the file need not be looked into. */
function edgesOf({ edges: { first, last } }: Spool): Pick<Manifest, 'first_event' | 'last_event'> {
  if (first === undefined || last === undefined) return {};
  return {
    first_event: { id: first.id, created_at: iso(first.ms) },
    last_event: { id: last.id, created_at: iso(last.ms) },
  };
}

/** Only sources that gave something; the file's own where there is no event at all. */
function sourcesOf({ kind }: ExportSource, { events, from_store: store }: TallyCounts): Record<string, number> {
  const given = { [kind]: events - store, store };
  return Object.fromEntries(
    Object.entries(given).filter(([name, count]) => count > 0 || (name === kind && events === 0)),
  );
}

interface Finished {
  readonly coverage: Coverage;
  readonly counts: TallyCounts;
  readonly written: Pick<Manifest, 'bytes' | 'sha256'>;
}

function manifestOf(parts: FinishParts, request: ExportRequest, target: Target, spool: Spool, finished: Finished) {
  const { query, format, compression } = request;
  const { coverage, counts, written } = finished;
  const manifest: Manifest = {
    schema_version: 1,
    program: 'pachca-audit-mcp',
    program_version: parts.programVersion,
    created_at: iso(parts.clock.now()),
    source: parts.source,
    window: { ...windowOut(query.window), time_zone: query.timeZone },
    filters: filtersOf(query),
    file_name: target.name,
    format,
    compression,
    ...tallySchema.parse(counts),
    sources: sourcesOf(parts.source, counts),
    requests: spool.earlierRequests + coverage.requests,
    ...edgesOf(spool),
    ...written,
    complete: coverage.complete,
    ...(coverage.complete ? {} : { stopped_by: coverage.stoppedBy, covered: coverage.covered.map(windowOut) }),
  };
  return manifest;
}

/** Writes the file and its manifest from what the spool holds, gives them their names and removes the spool. */
export async function finishExport(
  parts: FinishParts,
  request: ExportRequest,
  target: Target,
  spool: Spool,
  { coverage, signal }: { coverage: Coverage; signal?: AbortSignal },
): Promise<Manifest> {
  const tally = createTally();
  addCounts(tally, countsOf(spool.tally));
  const content = contentOf(FORMATS[request.format], spool.slices, (event) =>
    uncountEvent(tally, event, parts.isOwnRead(event)),
  );
  await parts.renewLock();
  const hash = createHash('sha256');
  let bytes = 0;
  await writeFileWhole(fileIn(spool.path), content, {
    openFile: parts.openFile,
    compression: request.compression,
    onBytes(chunk) {
      hash.update(chunk);
      bytes += chunk.byteLength;
    },
    ...(signal === undefined ? {} : { signal }),
  });
  const written = { bytes, sha256: hash.digest('hex') };
  const manifest = manifestOf(parts, request, target, spool, { coverage, counts: countsOf(tally), written });
  await writeFileWhole(manifestIn(spool.path), [Buffer.from(manifestText(manifest))], parts);
  await parts.renewLock();
  // A file beside the manifest of another one would be called forged by whoever checks it.
  if (request.overwrite) await rm(target.manifestPath, { force: true });
  await publish(fileIn(spool.path), target.path, request.overwrite);
  await publish(manifestIn(spool.path), target.manifestPath, true);
  await spool.remove();
  return manifest;
}

/**
 * The manifest of an export that was killed after its file got its name and before all was in place, with the rest done now; undefined
 * where there is no such thing. The file is known by its second name in the spool.
 */
export async function finishPublication(spoolPath: string, target: Target): Promise<Manifest | undefined> {
  const [ours, theirs] = await Promise.all([inodeOf(fileIn(spoolPath)), inodeOf(target.path)]);
  if (ours === undefined || ours !== theirs) return undefined;
  const [ready, placed] = await Promise.all([inodeOf(manifestIn(spoolPath)), inodeOf(target.manifestPath)]);
  if (ready !== undefined) await publish(manifestIn(spoolPath), target.manifestPath, true);
  else if (placed === undefined) return undefined;
  const manifest = await readManifest(target.manifestPath);
  await rm(spoolPath, { recursive: true, force: true });
  return manifest;
}

async function inodeOf(path: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(path, { bigint: true });
    return `${dev}/${ino}`;
  } catch {
    return undefined;
  }
}
