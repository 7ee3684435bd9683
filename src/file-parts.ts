// Owns the parts of a program that answers from an exported file: no token, no network, ids without names.
import { realpath, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { openFileLog } from './audit/file-log.ts';
import type { AuditEvent } from './audit/event.ts';
import type { People } from './audit/people.ts';
import { inWholeSeconds } from './audit/whole-seconds.ts';
import { AuditError } from './errors.ts';
import { createExporter } from './export/exporter.ts';
import { readFileScope } from './export/file-scope.ts';
import { createExportJobs } from './export/jobs.ts';
import { createExportShelf } from './export/shelf.ts';
import { isOwnUserAgent } from './installation.ts';
import type { Parts, PartsOptions } from './parts.ts';

export interface FilePartsOptions extends Omit<PartsOptions, 'source' | 'rate' | 'alertTo' | 'store'> {
  /** NDJSON as an export writes it, plain or gzip; a manifest beside it says what the file holds. */
  readonly path: string;
}

function offline(what: string): AuditError {
  return new AuditError(
    'not_configured',
    `${what}: this program answers from an exported file, without token and network.`,
    {
      hint: 'Start it without --from to ask the API.',
    },
  );
}

const PEOPLE: People = {
  names: () => Promise.resolve({ gap: 'offline' }),
  keepNames: () => Promise.resolve(undefined),
  find: () => Promise.reject(offline('People cannot be looked up')),
  resolveActor(text) {
    const id = text.trim();
    if (/^\d{1,18}$/u.test(id)) return Promise.resolve(id);
    const message = 'an exported file holds ids, no names';
    return Promise.reject(
      new AuditError('invalid_input', `actor "${id}": ${message}.`, {
        hint: 'Give the numeric id, as the log has it.',
        fields: [{ field: 'actor', message, value: id }],
      }),
    );
  },
};

/** Another for another file, and for the same one once it has changed. */
async function idOf(path: string): Promise<string> {
  const [where, { size, mtimeMs }] = await Promise.all([realpath(path), stat(path)]).catch(
    () => ['', { size: 0, mtimeMs: 0 }] as const,
  );
  return `${where} ${size} ${mtimeMs}`;
}

/** Opens the file, which reads it once or twice from end to end. Throws `not_found`, `invalid_input` for what it cannot use. */
export async function createFileParts(options: FilePartsOptions): Promise<Parts> {
  const { path, clock } = options;
  // Whose token it was is not known; the random id of the installation has to do.
  const isOwnRead = (event: AuditEvent): boolean =>
    event.event_key === 'audit_events_accessed' && isOwnUserAgent(event.user_agent, options.installationId);
  const fileId = await idOf(path);
  const scope = await readFileScope(path);
  const log = await openFileLog({ path, clock, isOwnRead, ...(scope === undefined ? {} : { scope }) });
  const held = scope?.covered ?? [];
  const span =
    held.length === 0
      ? log.span
      : { startMs: Math.min(...held.map((one) => one.startMs)), endMs: Math.max(...held.map((one) => one.endMs)) };
  const exporter = createExporter({
    auditLog: log,
    clock,
    exportDir: options.exportDir,
    programVersion: options.version,
    source: { kind: 'file', location: basename(path) },
    logId: () => Promise.resolve(fileId),
    isOwnRead,
  });
  const file = { path, events: log.events, notes: log.notes, ...(span === undefined ? {} : { span }) };
  return {
    log: inWholeSeconds(log),
    people: PEOPLE,
    token: { read: () => Promise.reject(offline('There is no token')) },
    exports: createExportJobs(exporter, clock),
    exportShelf: createExportShelf(options.exportDir),
    alerts: { recipients: [], send: () => Promise.reject(offline('No alert can be sent')) },
    clock,
    isOwnRead,
    settings: { ...options.settings, source: 'file', file },
    toolNames: options.toolNames,
    close: () => Promise.resolve(),
  };
}
