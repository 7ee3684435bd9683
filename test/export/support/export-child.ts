// Owns one export in a process of its own, which may be told to die at a chosen step. Prints what came out as JSON.
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { z } from 'zod';
import type { AuditLog, Coverage, Slice } from '../../../src/audit/audit-log.ts';
import { createExporter } from '../../../src/export/exporter.ts';
import { FORMAT_NAMES } from '../../../src/export/formats.ts';
import { systemClock } from '../../../src/system-clock.ts';
import { toAuditError } from '../../../src/errors.ts';
import { sampleEvent, sampleEvents, sampleQuery, SAMPLE_START_MS, sampleWindow } from '../../support/sample-events.ts';
import { createScriptedLog } from './scripted-log.ts';

const optionsSchema = z.object({
  exportDir: z.string(),
  count: z.int(),
  format: z.enum(FORMAT_NAMES).default('ndjson'),
  compression: z.enum(['none', 'gzip']).default('none'),
  fileName: z.string().exactOptional(),
  eventKeys: z.array(z.string()).exactOptional(),
  actorId: z.string().exactOptional(),
  /** A look at the clock and a write are a step each; the process kills itself in the middle of this one. */
  dieAtStep: z.int().default(Number.MAX_SAFE_INTEGER),
  /** Make events when they are asked for, and hold none. */
  isStreamed: z.boolean().default(false),
  /** Waits until there is a line on stdin before the second slice. */
  isHeld: z.boolean().default(false),
});

const options = optionsSchema.parse(JSON.parse(process.argv[2] ?? '{}'));
let steps = 0;
let nowMs = Date.parse('2026-03-20T12:00:00Z');

function step(): void {
  steps += 1;
  if (steps >= options.dieAtStep) process.kill(process.pid, 'SIGKILL');
}

const openFile: typeof open = async (...args) => {
  const file = await open(...args);
  const write = file.write.bind(file);
  Object.assign(file, {
    async write(chunk: Uint8Array, offset: number) {
      // In two parts, so that what a kill between them leaves is torn.
      const half = Math.ceil(chunk.byteLength / 2);
      const result = await write(chunk, offset, offset < half ? half - offset : chunk.byteLength - offset);
      step();
      return result;
    },
  });
  return file;
};

/** Each look costs 100 ms, so that slices are committed by time in a run that takes none. */
function now(): number {
  step();
  nowMs += 100;
  return nowMs;
}

const SLICE = 1000;

/** Newest first, a slice for each thousand events, and for each key where the query names some. */
async function* streamedSlices(count: number, eventKeys: readonly (string | undefined)[]): AsyncGenerator<Slice> {
  for (let at = count - SLICE; at >= 0; at -= SLICE) {
    const window = { startMs: SAMPLE_START_MS + at * 1000, endMs: SAMPLE_START_MS + (at + SLICE) * 1000 };
    const events = Array.from({ length: SLICE }, (_, i) => sampleEvent(at + i, SAMPLE_START_MS + (at + i) * 1000));
    for (const eventKey of eventKeys) {
      if (eventKey === undefined) yield { window, events };
      else yield { window, eventKey, events: events.filter((event) => event.event_key === eventKey) };
    }
  }
}

function createStreamedLog(count: number): AuditLog {
  const account = { requests: 0, fromStore: 0, eventsScanned: 0, ownReads: 0 };
  const coverage: Coverage = { complete: true, stoppedBy: 'end', covered: [], ...account };
  return {
    read: () => {
      throw new Error('exports read slices');
    },
    readSlices: ({ eventKeys }) => ({
      slices: streamedSlices(count, eventKeys ?? [undefined]),
      coverage: () => coverage,
    }),
  };
}

function createHeldLog(count: number): AuditLog {
  return createScriptedLog({
    events: sampleEvents(count),
    sliceSeconds: 100,
    async beforeSlice(index) {
      if (!options.isHeld || index !== 1) return;
      process.stdout.write('held\n');
      await once(process.stdin, 'data');
      process.stdin.destroy();
    },
  });
}

const { count, format, compression, fileName, eventKeys, actorId } = options;
const exporter = createExporter({
  auditLog: options.isStreamed ? createStreamedLog(count) : createHeldLog(count),
  clock: { ...systemClock, now },
  exportDir: options.exportDir,
  programVersion: '1.2.3',
  source: { kind: 'api', location: 'https://api.example.test' },
  logId: () => Promise.resolve('1000'),
  isOwnRead: () => false,
  openFile,
});
const filters = { ...(eventKeys === undefined ? {} : { eventKeys }), ...(actorId === undefined ? {} : { actorId }) };
const request = { format, compression, overwrite: false, ...(fileName === undefined ? {} : { fileName }) };
try {
  const result = await exporter.start({ ...request, query: sampleQuery(sampleWindow(count), filters) });
  const { requests } = result.coverage;
  const manifestPath = result.status === 'done' ? result.manifestPath : '';
  const report = { status: result.status, resumed: result.resumed, requests, steps, manifestPath };
  process.stdout.write(`${JSON.stringify({ ...report, peakBytes: process.resourceUsage().maxRSS * 1024 })}\n`);
} catch (error) {
  const { code, message } = toAuditError(error);
  process.stdout.write(`${JSON.stringify({ status: 'failed', code, message })}\n`);
}
