// Tests of exports in processes of their own: killed at any moment, two at once, a million events in little memory.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { compareEvents } from '../../src/audit/event.ts';
import { verifyExport } from '../../src/export/verify.ts';
import { bundleProgram, startProgram, type ChildProgram } from '../support/child-program.ts';
import { sampleEvents } from '../support/sample-events.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let programFolder = '';
let program = '';

beforeAll(async () => {
  programFolder = await mkdtemp(join(tmpdir(), 'pachca-audit-test-'));
  program = await bundleProgram(join(import.meta.dirname, 'support', 'export-child.ts'), programFolder);
});
afterAll(() => rm(programFolder, { recursive: true, force: true }));

const reportSchema = z.object({
  status: z.enum(['done', 'partial', 'failed']),
  code: z.string().optional(),
  message: z.string().optional(),
  resumed: z.boolean().optional(),
  requests: z.int().optional(),
  steps: z.int().optional(),
  manifestPath: z.string().optional(),
  peakBytes: z.number().optional(),
});

function startExport(options: Record<string, unknown>, nodeArgs: readonly string[] = []): ChildProgram {
  return startProgram(program, [JSON.stringify(options)], nodeArgs);
}

async function reportOf(child: ChildProgram) {
  const { output, errors, signal } = await child.ended();
  if (signal === 'SIGKILL') return undefined;
  const line = output.trimEnd().split('\n').at(-1);
  if (line === undefined || line === '') throw new Error(`the child said nothing: ${errors}`);
  return reportSchema.parse(JSON.parse(line));
}

async function idsIn(path: string): Promise<string[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1);
  return lines.map((line) => z.object({ id: z.string() }).parse(JSON.parse(line)).id);
}

const COUNT = 3000;
const SLICES = 31;

test('killed again and again at any step, the export ends with every id once and little read twice', async () => {
  const whole = await reportOf(startExport({ exportDir: await temporaryFolder(), count: COUNT }));
  const steps = whole?.steps ?? 0;
  expect(steps).toBeGreaterThan(60);

  const exportDir = await temporaryFolder();
  // Early, late and in between; a generator instead of chance, so that a failure comes again.
  let seed = 20_260_301;
  let kills = 0;
  let report: Awaited<ReturnType<typeof reportOf>>;
  while (report === undefined) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    // The high bits: the low ones of this generator repeat. A resumed run takes fewer steps than a whole one.
    const dieAtStep = kills < 12 ? 1 + ((seed >>> 8) % Math.ceil(steps / 6)) : steps * 2;
    report = await reportOf(startExport({ exportDir, count: COUNT, dieAtStep }));
    if (report === undefined) kills += 1;
    const visible = (await readdir(exportDir)).filter((name) => !name.startsWith('.') && !name.endsWith('.json'));
    for (const name of visible) expect(await idsIn(join(exportDir, name))).toHaveLength(COUNT);
  }
  expect(kills).toBeGreaterThan(3);
  expect(report).toMatchObject({ status: 'done', resumed: true });
  const verification = await verifyExport(report.manifestPath ?? '');
  expect(verification).toMatchObject({ ok: true, events: COUNT });
  expect(await idsIn(verification.filePath)).toEqual(
    sampleEvents(COUNT)
      .toSorted(compareEvents)
      .map(({ id }) => id),
  );
  expect((await readdir(exportDir)).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('killed at half-way, the next run reads at most six tenths', async () => {
  const exportDir = await temporaryFolder();
  const whole = await reportOf(startExport({ exportDir: await temporaryFolder(), count: COUNT }));
  const half = Math.floor((whole?.steps ?? 0) / 2);
  expect(await reportOf(startExport({ exportDir, count: COUNT, dieAtStep: half }))).toBeUndefined();
  const report = await reportOf(startExport({ exportDir, count: COUNT }));
  expect(report).toMatchObject({ status: 'done', resumed: true });
  expect(report?.requests).toBeLessThanOrEqual(SLICES * 0.6);
});

test.each([
  ['the same request', { fileName: 'a.ndjson' }],
  ['another request for the same file', { fileName: 'a.ndjson', actorId: '3' }],
  ['the same request under another name', { fileName: 'b.ndjson' }],
])('two processes never write one export: %s is refused while the first runs', async (_what, second) => {
  const exportDir = await temporaryFolder();
  const first = startExport({ exportDir, count: COUNT, fileName: 'a.ndjson', isHeld: true });
  expect(await first.nextLine()).toBe('held');
  const refused = await reportOf(startExport({ exportDir, count: COUNT, ...second }));
  expect(refused).toMatchObject({ status: 'failed', code: 'file_exists' });
  expect(refused?.message).toContain(`Process ${first.process.pid ?? ''} on`);
  first.process.stdin?.write('go\n');
  const report = await reportOf(first);
  expect(report).toMatchObject({ status: 'done' });
  expect(await verifyExport(report?.manifestPath ?? '')).toMatchObject({ ok: true, events: COUNT });
});

test('of processes that start at once one exports, and the file is whole', async () => {
  const exportDir = await temporaryFolder();
  const children = Array.from({ length: 4 }, () => startExport({ exportDir, count: COUNT, fileName: 'a.ndjson' }));
  const reports = await Promise.all(children.map(reportOf));
  expect(reports.map((report) => report?.status).filter((status) => status === 'failed')).toHaveLength(3);
  const winner = reports.find((report) => report?.status === 'done');
  expect(await verifyExport(winner?.manifestPath ?? '')).toMatchObject({ ok: true, events: COUNT });
});

const KEYS = ['user_login', 'message_created', 'chat_renamed', 'user_2fa_fail', 'kms_encrypt'];

test.each([
  ['as CSV, gzip', { format: 'csv', compression: 'gzip' }],
  ['as NDJSON, merged from five keys', { eventKeys: KEYS }],
])('60,000 events pass through a heap that could not hold them: %s', async (_how, options) => {
  const exportDir = await temporaryFolder();
  const child = startExport({ exportDir, count: 60_000, isStreamed: true, ...options }, ['--max-old-space-size=32']);
  const report = await reportOf(child);
  expect(report).toMatchObject({ status: 'done' });
  expect(JSON.parse(await readFile(report?.manifestPath ?? '', 'utf8'))).toMatchObject({ events: 60_000 });
});
