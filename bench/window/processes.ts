// Owns the processes of the bench: the simulator in one, every read in one of its own, so that neither warms nor fills the other.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { TimeWindow } from '../../src/audit/query.ts';
import type { Job, WayName } from './ways.ts';

/** What a client of the API's 50 a second allows itself, and one without a limit. */
export const OUR_RATE = 48;
export const UNLIMITED = 100_000;

export interface World {
  readonly events: number;
  readonly latencyMs: number;
  readonly density: 'flat' | 'uneven';
  /** Requests a second for one token. */
  readonly limit: number | undefined;
}

export interface SimulatorProcess {
  readonly url: string;
  readonly token: string;
  readonly window: TimeWindow;
  readonly world: World;
  close(): void;
}

const DAY_MS = 86_400_000;

export async function startSimulatorProcess(world: World): Promise<SimulatorProcess> {
  const endMs = Math.floor(Date.now() / 1000) * 1000;
  const window = { startMs: endMs - 30 * DAY_MS, endMs };
  const options = [
    `--events=${world.events}`,
    `--density=${world.density}`,
    `--latency-ms=${world.latencyMs}`,
    `--rate-limit=${world.limit ?? 0}`,
    `--start=${new Date(window.startMs).toISOString()}`,
    `--end=${new Date(window.endMs).toISOString()}`,
  ];
  const child = spawn(
    process.execPath,
    ['--max-old-space-size=8192', join(import.meta.dirname, 'simulator.mjs'), ...options],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  for await (const line of createInterface({ input: child.stdout })) {
    const { url, token } = z.object({ url: z.string(), token: z.string() }).parse(JSON.parse(line));
    return { url, token, window, world, close: () => child.kill() };
  }
  throw new Error('the simulator did not start');
}

const reportSchema = z.object({
  events: z.number(),
  requests: z.number(),
  rejected: z.number(),
  seconds: z.number(),
  /** Of all threads; says more than seconds where others use the machine. */
  cpuSeconds: z.number(),
  /** Most memory that the process had resident. */
  peakBytes: z.number(),
});
export type Report = z.output<typeof reportSchema>;

/** Reads once in a process of its own; undefined where it killed itself, as it was told. */
export async function readOnce(
  simulator: SimulatorProcess,
  way: WayName,
  change: Partial<Job> = {},
): Promise<Report | undefined> {
  const isOurFolder = change.exportDir === undefined;
  const exportDir = change.exportDir ?? (await mkdtemp(join(tmpdir(), 'pachca-audit-bench-')));
  const { url, token, window, world } = simulator;
  const job: Job = {
    url,
    token,
    window,
    exportDir,
    perSecond: world.limit === undefined ? UNLIMITED : OUR_RATE,
    atMost: Number.MAX_SAFE_INTEGER,
    dieAtRequest: 0,
    ...change,
  };
  const child = spawn(process.execPath, [process.argv[1] ?? '', '--read', way, '--job', JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const signal = await new Promise<string | null>((resolve) => {
    child.on('close', (_code, by) => resolve(by));
  });
  if (isOurFolder) await rm(exportDir, { recursive: true, force: true });
  return signal === 'SIGKILL' ? undefined : reportSchema.parse(JSON.parse(output));
}

/** The same, where it must come to an end. */
export async function read(simulator: SimulatorProcess, way: WayName, change: Partial<Job> = {}): Promise<Report> {
  const report = await readOnce(simulator, way, change);
  if (report === undefined) throw new Error(`${way} was killed`);
  return report;
}
