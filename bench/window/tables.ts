// Owns what the bench measures, and how it is printed: one table for each question.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/system-clock.ts';
import { read, readOnce, startSimulatorProcess, type Report, type SimulatorProcess, type World } from './processes.ts';
import type { Job, WayName } from './ways.ts';

/** After that the server's limit lets a full burst through again. */
const REST_MS = 2000;
const PAGE_EVENTS = 50;

export interface Plan {
  readonly events: number;
  readonly latencies: readonly number[];
  readonly densities: readonly World['density'][];
  readonly limits: readonly (number | undefined)[];
  /** A sequential run at 300 ms takes minutes: it reads this many events, which shows its speed as well. */
  readonly sequentialEvents: number;
  readonly rounds: number;
  readonly overheadEvents: number;
  readonly manyEvents: number;
}

const perSecond = ({ events, seconds }: Report) => events / seconds;
const rounded = (value: number) => Math.round(value).toLocaleString('en');
const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low = 0, high = low] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return (low + high) / 2;
}

function row(cells: readonly (string | number)[]): void {
  console.log(`| ${cells.join(' | ')} |`);
}

function head(title: string, columns: readonly string[]): void {
  console.log(`\n${title}\n`);
  row(columns);
  row(columns.map((column, index) => (index === 0 || column === 'density' ? '---' : '---:')));
}

async function over<T>(world: World, use: (simulator: SimulatorProcess) => Promise<T>): Promise<T> {
  const simulator = await startSimulatorProcess(world);
  try {
    return await use(simulator);
  } finally {
    simulator.close();
  }
}

/** Reads once the server's limit has forgotten what was before. */
async function rested(simulator: SimulatorProcess, way: WayName, change: Partial<Job> = {}): Promise<Report> {
  if (simulator.world.limit !== undefined) await systemClock.sleep(REST_MS);
  return read(simulator, way, change);
}

export async function printThroughput(plan: Plan): Promise<void> {
  head(`Export of ${rounded(plan.events)} events over 30 days, and one cursor run in the same minute`, [
    'latency',
    'density',
    'limit',
    'sequential, events/s',
    'export, events/s',
    'times',
    'requests',
    'over the pages',
    '429s',
    'peak memory',
  ]);
  for (const limit of plan.limits) {
    for (const latencyMs of plan.latencies) {
      for (const density of plan.densities) {
        const world = { events: plan.events, latencyMs, density, limit };
        const [plain, ours] = await over(world, async (simulator) => [
          await read(simulator, 'sequential', latencyMs === 0 ? {} : { atMost: plan.sequentialEvents }),
          await rested(simulator, 'export'),
        ]);
        const pages = Math.ceil(ours.events / PAGE_EVENTS);
        row([
          `${latencyMs} ms`,
          density,
          limit === undefined ? 'none' : `${limit}/s`,
          rounded(perSecond(plain)),
          rounded(perSecond(ours)),
          (perSecond(ours) / perSecond(plain)).toFixed(1),
          ours.requests,
          percent(ours.requests / pages - 1),
          percent(ours.rejected / ours.requests),
          megabytes(ours.peakBytes),
        ]);
      }
    }
  }
}

/** Ways of the same work, in turn, so that whatever else the machine does meets all of them. */
export async function printOverhead({ overheadEvents: events, rounds }: Plan): Promise<void> {
  head(`Without limit and latency, ${rounded(events)} events: medians of ${rounds} rounds, and ratios within a round`, [
    'way',
    'events/s',
    'export beside it',
    'CPU seconds',
    'peak memory',
  ]);
  const ways = ['export', 'sequential', 'sdk'] as const;
  const results: Record<(typeof ways)[number], Report[]> = { export: [], sequential: [], sdk: [] };
  await over({ events, latencyMs: 0, density: 'flat', limit: undefined }, async (simulator) => {
    await read(simulator, 'sequential');
    for (let round = 0; round < rounds; round += 1) {
      for (const way of ways) results[way].push(await read(simulator, way));
    }
  });
  for (const way of ways) {
    const ratios = results[way].map((report, round) => perSecond(results.export[round] ?? report) / perSecond(report));
    row([
      {
        export: 'export: side by side, checked, synced, one file with digest and manifest',
        sequential: 'one cursor run that keeps nothing',
        sdk: 'all in memory, keys in camelCase, serialised',
      }[way],
      rounded(median(results[way].map(perSecond))),
      median(ratios).toFixed(2),
      median(results[way].map(({ cpuSeconds }) => cpuSeconds)).toFixed(1),
      megabytes(median(results[way].map(({ peakBytes }) => peakBytes))),
    ]);
  }
}

export async function printMemory({ manyEvents, rounds }: Plan): Promise<void> {
  head(`Peak resident memory of an export, medians of ${rounds}`, [
    '',
    'events',
    'peak memory',
    'events/s',
    'requests',
  ]);
  const ways = { export: 'the exporter alone', kept: 'with the local store in front' } as const;
  const peaks: Record<keyof typeof ways, number[]> = { export: [], kept: [] };
  for (const events of [manyEvents / 10, manyEvents]) {
    await over({ events, latencyMs: 0, density: 'flat', limit: undefined }, async (simulator) => {
      for (const way of ['export', 'kept'] as const) {
        const reports: Report[] = [];
        for (let round = 0; round < rounds; round += 1) reports.push(await read(simulator, way));
        const peak = median(reports.map(({ peakBytes }) => peakBytes));
        peaks[way].push(peak);
        const requests = median(reports.map((report) => report.requests));
        const speed = rounded(median(reports.map(perSecond)));
        row([ways[way], rounded(events), megabytes(peak), speed, rounded(requests)]);
      }
    });
  }
  const more = ([few = 0, many = 0]: readonly number[]) => megabytes(many - few);
  console.log(`\nTen times the events take ${more(peaks.export)} more, and ${more(peaks.kept)} more with the store.`);
}

export async function printResume({ events }: Plan): Promise<void> {
  head(`Killed (SIGKILL) at half of the requests, then the same command again: ${rounded(events)} events, 100 ms`, [
    'limit',
    'requests of a whole export',
    'of the resumed one',
    'share',
  ]);
  for (const limit of [50, undefined]) {
    await over({ events, latencyMs: 100, density: 'flat', limit }, async (simulator) => {
      const exportDir = await mkdtemp(join(tmpdir(), 'pachca-audit-bench-'));
      const whole = await read(simulator, 'export', { exportDir });
      if (limit !== undefined) await systemClock.sleep(REST_MS);
      await readOnce(simulator, 'export', { exportDir, dieAtRequest: Math.floor(whole.requests / 2) });
      const resumed = await rested(simulator, 'export', { exportDir });
      if (resumed.events !== events) throw new Error(`${resumed.events} events after the kill`);
      await rm(exportDir, { recursive: true });
      const share = percent(resumed.requests / whole.requests);
      row([limit === undefined ? 'none' : `${limit}/s`, whole.requests, resumed.requests, share]);
    });
  }
}

/** Two processes that know nothing of each other and have one token. */
export async function printShared({ events }: Plan): Promise<void> {
  head(`Two processes with one token, ${rounded(events / 2)} events each, 100 ms, 50 requests a second`, [
    'process',
    'seconds',
    'events/s',
    'requests',
    '429s',
  ]);
  const half = { events: events / 2, latencyMs: 100, density: 'flat', limit: 50 } as const;
  const reports = await over(half, async (simulator) =>
    Promise.all([read(simulator, 'export'), read(simulator, 'export')]),
  );
  const line = (name: string, report: Report) =>
    row([
      name,
      report.seconds.toFixed(1),
      rounded(perSecond(report)),
      report.requests,
      percent(report.rejected / report.requests),
    ]);
  reports.forEach((report, index) => line(String(index + 1), report));
  const sum = (of: (report: Report) => number) => reports.reduce((total, report) => total + of(report), 0);
  line('both', {
    events: sum((report) => report.events),
    requests: sum((report) => report.requests),
    rejected: sum((report) => report.rejected),
    seconds: Math.max(...reports.map(({ seconds }) => seconds)),
    cpuSeconds: 0,
    peakBytes: 0,
  });
}
