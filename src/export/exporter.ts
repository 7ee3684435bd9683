// Owns one export from request to file: what is missing is read into the spool, what is whole becomes a file with a manifest.
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditLog, Coverage } from '../audit/audit-log.ts';
import type { AuditQuery, IsOwnRead } from '../audit/query.ts';
import { RETENTION_DAYS } from '../audit/readable.ts';
import type { Clock } from '../clock.ts';
import { AuditError } from '../errors.ts';
import { withFlatMemory } from '../flat-memory.ts';
import { finishExport, finishPublication } from './finish.ts';
import { acquireLock, type Lock } from './lock.ts';
import type { ExportSource, Manifest } from './manifest.ts';
import { removeOldSpools, SPOOL_PREFIX } from './old-spools.ts';
import { cancelled, readMissing, type ReadMissingOptions } from './read-missing.ts';
import { defaultFileName, digestOf, type ExportRequest } from './request.ts';
import { openSpool } from './spool.ts';
import { checkFree, openExportDir, targetIn, type Target } from './target.ts';
import type { OpenFile } from './to-file.ts';

export interface ExporterParts {
  readonly auditLog: AuditLog;
  readonly clock: Clock;
  /** The only folder that is written to; made where it is not. */
  readonly exportDir: string;
  readonly programVersion: string;
  readonly source: ExportSource;
  /** Tells the log of `source` from others that are found there: whose it is, or which file. Asked at each start. */
  logId(): Promise<string>;
  readonly isOwnRead: IsOwnRead;
  /** How files are opened for writing; the system's own way where absent. */
  readonly openFile?: OpenFile;
}

export type ExportOptions = ReadMissingOptions;

export interface ExportDone {
  readonly status: 'done';
  readonly manifest: Manifest;
  readonly filePath: string;
  readonly manifestPath: string;
  /** Whether a part came from an earlier run. */
  readonly resumed: boolean;
  /** Of this run; `complete` says whether the file holds the whole window. */
  readonly coverage: Coverage;
}

/** The reading ended too early for a file. The same request goes on from what is kept. */
export interface ExportPartial {
  readonly status: 'partial';
  readonly coverage: Coverage;
  readonly kept: { readonly events: number; readonly path: string };
  readonly resumed: boolean;
}

export type ExportResult = ExportDone | ExportPartial;

export interface Exporter {
  /** The same for two requests that are one export: same content, same file. */
  keyOf(request: ExportRequest): string;
  /** The name of the file that `request` writes. Throws `outside_export_dir`, `invalid_input`. */
  fileNameOf(request: ExportRequest): string;
  /**
   * Reads what is missing and writes the file. What ends the reading early is a `partial` result; thrown are a name or a folder
   * that will not do, `file_exists` (another process at it, too), `no_space`, and failures before anything was read by this run.
   */
  start(request: ExportRequest, options?: ExportOptions): Promise<ExportResult>;
}

export function createExporter(parts: ExporterParts): Exporter {
  const fileNameOf = (request: ExportRequest) => request.fileName ?? defaultFileName(request);
  return {
    fileNameOf,
    keyOf: (request) => `${digestOf(request, parts.source, '')}/${fileNameOf(request)}/${request.overwrite}`,
    async start(request, options = {}) {
      const folder = await openExportDir(parts.exportDir);
      const target = targetIn(folder, fileNameOf(request));
      const spoolPath = join(folder, `${SPOOL_PREFIX}${digestOf(request, parts.source, await parts.logId())}`);
      const locks = await acquireLocks([join(folder, `.${target.name}.lock`), `${spoolPath}.lock`], parts.clock);
      try {
        await removeOldSpools(folder, parts.clock);
        return await withFlatMemory(() => run(parts, request, options, { target, spoolPath, locks }));
      } finally {
        for (const lock of locks) await lock.release();
      }
    },
  };
}

interface Place {
  readonly target: Target;
  readonly spoolPath: string;
  readonly locks: readonly Lock[];
}

/** The file and the spool have a lock each: two requests may want one file, or one content under two names. */
async function acquireLocks(paths: readonly string[], clock: Clock): Promise<Lock[]> {
  const locks: Lock[] = [];
  try {
    for (const path of paths) locks.push(await acquireLock(path, clock));
    return locks;
  } catch (error) {
    for (const lock of locks) await lock.release();
    throw error;
  }
}

async function run(
  parts: ExporterParts,
  request: ExportRequest,
  options: ExportOptions,
  { target, spoolPath, locks }: Place,
): Promise<ExportResult> {
  const done = { status: 'done', filePath: target.path, manifestPath: target.manifestPath } as const;
  const published = await finishPublication(spoolPath, target);
  if (published !== undefined) {
    return { ...done, manifest: published, resumed: true, coverage: coverageOf(request.query, published) };
  }
  await checkFree(target, request.overwrite);

  const renewLock = async () => {
    for (const lock of locks) await lock.renew();
  };
  const writing = { ...parts, openFile: parts.openFile ?? open, renewLock };
  const query: AuditQuery = { ...request.query, order: 'oldest_first', ownReads: 'keep' };
  const spool = await openSpool(spoolPath, writing);
  const partial = (coverage: Coverage): ExportPartial => {
    const kept = { events: spool.tally.events, path: spoolPath };
    return { status: 'partial', coverage, kept, resumed: spool.isResumed };
  };
  try {
    const coverage = await readMissing(parts, query, spool, options);
    // What the log no longer holds will not come back: the rest is a whole file, and the manifest says what is missing.
    if (!coverage.complete && coverage.stoppedBy !== 'retention') return partial(coverage);
    if (coverage.covered.length === 0) throw nothingHeld(parts.source);
    try {
      const manifest = await finishExport(writing, request, target, spool, { ...options, coverage });
      return { ...done, manifest, resumed: spool.isResumed, coverage };
    } catch (error) {
      if (options.signal?.aborted === true) return partial(cancelled(coverage));
      throw error;
    }
  } catch (error) {
    throw withKept(error, spool.tally.events);
  } finally {
    if (spool.slices.length === 0) await spool.remove();
  }
}

/** An empty file would say that there was nothing. */
function nothingHeld({ kind }: ExportSource): AuditError {
  return kind === 'file'
    ? new AuditError('invalid_input', 'The file that is answered from promises nothing of what is to be exported.', {
        hint: 'Ask for a window that it holds, and repeat the filters that it was exported with.',
      })
    : new AuditError(
        'invalid_input',
        'Nothing of this window is there any more, neither in the log nor in the local store.',
        {
          hint: `Ask for a later window: the log keeps ${RETENTION_DAYS} days.`,
        },
      );
}

/** A full disk is no reason to read again: says what is kept. */
function withKept(error: unknown, events: number): unknown {
  if (!(error instanceof AuditError) || error.code !== 'no_space') return error;
  const hint = `Free some space and make the same call: ${events} events are kept, and it goes on from there.`;
  return new AuditError('no_space', error.message, { hint, cause: error.cause });
}

/** What is known of an export whose reading an earlier run did. */
function coverageOf({ window }: AuditQuery, manifest: Manifest): Coverage {
  const covered = manifest.covered?.map(({ start_time: start, end_time: end }) => ({
    startMs: Date.parse(start),
    endMs: Date.parse(end),
  }));
  return {
    complete: manifest.complete,
    stoppedBy: manifest.stopped_by ?? 'end',
    covered: covered ?? [window],
    requests: 0,
    fromStore: 0,
    eventsScanned: 0,
    ownReads: manifest.own_reads,
  };
}
