// Owns export_audit_window: the events of a window as a file with a manifest, whole or not at all.
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { ExportDone, ExportPartial } from '../src/export/exporter.ts';
import { FORMAT_NAMES } from '../src/export/formats.ts';
import type { ExportRunning } from '../src/export/jobs.ts';
import type { ExportRequest } from '../src/export/request.ts';
import { exportUri } from '../src/mcp/export-uri.ts';
import { coverageAnswer, filterParams, notesAnswer, windowAnswer } from '../src/mcp/params.ts';
import { coverageOut, inputNotes, queryOf, windowOut } from '../src/mcp/query-input.ts';
import { NOTE_WORDS } from '../src/mcp/note-wording.ts';
import { readNotes } from '../src/mcp/read-notes.ts';
import { defined } from '../src/mcp/result.ts';
import { readProgress } from '../src/mcp/read-progress.ts';
import { defineTool, type ToolContext } from '../src/mcp/tool.ts';

const MIME_TYPES = { ndjson: 'application/x-ndjson', csv: 'text/csv' } as const satisfies Record<
  ExportRequest['format'],
  string
>;

const { include_own_reads: _always, ...filters } = filterParams;

const input = z.strictObject({
  ...filters,
  format: z.enum(FORMAT_NAMES).optional().describe('ndjson (default): as the API has it; csv: formulas made harmless'),
  compression: z.enum(['none', 'gzip']).optional().describe('Default none'),
  file_name: z.string().optional().describe('Plain name inside the export folder. Default: after the window'),
  overwrite: z.boolean().optional().describe('Replace a file of that name. Default false'),
});
type Arguments = z.output<typeof input>;

const output = z.object({
  status: z.enum(['done', 'running', 'partial']).describe('running, partial: the same call, or resume_with, goes on'),
  window: windowAnswer,
  coverage: coverageAnswer.optional(),
  notes: notesAnswer,
  file: z
    .object({
      path: z.string(),
      format: z.string(),
      compression: z.string(),
      events: z.number(),
      bytes: z.number(),
      sha256: z.string(),
    })
    .optional(),
  manifest_path: z.string().optional(),
  resource_uri: z.string().optional(),
  by_event_key: z.record(z.string(), z.number()).optional(),
  own_reads: z.number().optional(),
  first_event_at: z.string().optional(),
  last_event_at: z.string().optional(),
  resumed: z.boolean().optional(),
  progress: z.object({ fraction: z.number(), events: z.number(), eta_seconds: z.number().optional() }).optional(),
  resume_with: z.looseObject({}).describe('Arguments of the same export, times resolved'),
});

function requestOf(arguments_: Arguments, query: ExportRequest['query']): ExportRequest {
  return {
    query,
    format: arguments_.format ?? 'ndjson',
    compression: arguments_.compression ?? 'none',
    overwrite: arguments_.overwrite ?? false,
    ...(arguments_.file_name === undefined ? {} : { fileName: arguments_.file_name }),
  };
}

function doneAnswer({ manifest, filePath, manifestPath, resumed }: ExportDone) {
  const { format, compression, bytes, sha256, events } = manifest;
  return {
    file: { path: filePath, format, compression, events, bytes, sha256 },
    manifest_path: manifestPath,
    resource_uri: exportUri(manifest.file_name),
    by_event_key: manifest.by_event_key,
    own_reads: manifest.own_reads,
    resumed,
    ...defined({ first_event_at: manifest.first_event?.created_at, last_event_at: manifest.last_event?.created_at }),
  };
}

function progressAnswer({ progress }: ExportRunning) {
  if (progress === undefined) return {};
  const { fraction, events, etaSeconds } = progress;
  return {
    progress: { fraction: Math.round(fraction * 1000) / 1000, events, ...defined({ eta_seconds: etaSeconds }) },
  };
}

function statusNotes(ended: ExportDone | ExportPartial | ExportRunning, { settings }: ToolContext): string[] {
  const words = NOTE_WORDS[settings.lang];
  if (ended.status === 'running') return [words.exportGoesOn];
  if (ended.status === 'done') return ended.manifest.complete ? [] : [words.exportCut];
  return [words.exportKept(ended.kept.events)];
}

async function runExport(request: ExportRequest, context: ToolContext) {
  return await context.exports.run(request, {
    signal: context.signal,
    // A command has no deadline, and timers do not take infinity.
    ...(Number.isFinite(context.deadlineAt) ? { deadlineAt: context.deadlineAt } : {}),
    onProgress: readProgress(context),
  });
}

export const exportAuditWindow = defineTool({
  name: 'export_audit_window',
  title: 'Export audit window',
  description:
    'Writes the events of a window to a file in the export folder, oldest first, own reads included, with a manifest ' +
    '(counts, sha256). Use it for whole windows; answers give the path, not the events. Goes on after a restart.',
  hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input,
  output,
  async run(arguments_, context) {
    const query = { ...(await queryOf(arguments_, context, 'oldest_first')), ownReads: 'keep' as const };
    const request = requestOf(arguments_, query);
    const ended = await runExport(request, context);
    const { start_time, end_time, time_zone } = windowOut(query.window, query.timeZone);
    const done = ended.status === 'done' ? doneAnswer(ended) : {};
    const coverage = ended.status === 'running' ? undefined : ended.coverage;
    return {
      structured: {
        status: ended.status,
        window: { start_time, end_time, time_zone },
        notes: [
          ...statusNotes(ended, context),
          ...inputNotes(arguments_, context),
          ...(coverage === undefined ? [] : readNotes(query, coverage, context)),
        ],
        ...(coverage === undefined ? {} : { coverage: coverageOut(coverage, query.timeZone) }),
        ...done,
        ...(ended.status === 'running' ? progressAnswer(ended) : {}),
        resume_with: {
          ...arguments_,
          start_time,
          end_time,
          time_zone,
          ...(query.actorId === undefined ? {} : { actor: query.actorId }),
        },
      },
      ...(ended.status === 'done'
        ? {
            links: [
              {
                uri: pathToFileURL(ended.filePath).href,
                name: ended.manifest.file_name,
                mimeType: request.compression === 'gzip' ? 'application/gzip' : MIME_TYPES[request.format],
              },
            ],
          }
        : {}),
    };
  },
});
