// Measures reading and exporting a window against the simulator: speed, requests, 429s, memory, going on after a kill.
//
//   npm run bench                      everything, about a quarter of an hour
//   npm run bench -- --only overhead   one table of: throughput, overhead, memory, resume, shared
import { cpus, release, totalmem, type } from 'node:os';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { printMemory, printOverhead, printResume, printShared, printThroughput, type Plan } from './window/tables.ts';
import { WAYS, type Job } from './window/ways.ts';

const TABLES = {
  throughput: printThroughput,
  overhead: printOverhead,
  memory: printMemory,
  resume: printResume,
  shared: printShared,
} as const satisfies Record<string, (plan: Plan) => Promise<void>>;

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(TABLES).join(',') },
    events: { type: 'string', default: '60000' },
    latency: { type: 'string', default: '0,20,100,300' },
    density: { type: 'string', default: 'flat,uneven' },
    limit: { type: 'string', default: '50,none' },
    rounds: { type: 'string', default: '3' },
    /** Enough that compiling what runs often is over soon. */
    'overhead-events': { type: 'string', default: '200000' },
    'many-events': { type: 'string', default: '1000000' },
    'sequential-events': { type: 'string', default: '3000' },
    /** One read in this process: a way, and what it is to do. */
    read: { type: 'string' },
    job: { type: 'string' },
  },
});

const wayName = z.enum(['sequential', 'sdk', 'export', 'kept', 'ordered']);

async function readHere(way: string, job: Job): Promise<void> {
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  const read = await WAYS[wayName.parse(way)](job);
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  console.log(
    JSON.stringify({
      ...read,
      seconds,
      cpuSeconds: (user + system) / 1e6,
      peakBytes: process.resourceUsage().maxRSS * 1024,
    }),
  );
}

function planOf(): Plan {
  return {
    events: Number(values.events),
    latencies: values.latency.split(',').map(Number),
    densities: z.array(z.enum(['flat', 'uneven'])).parse(values.density.split(',')),
    limits: values.limit.split(',').map((limit) => (limit === 'none' ? undefined : Number(limit))),
    sequentialEvents: Number(values['sequential-events']),
    rounds: Number(values.rounds),
    overheadEvents: Number(values['overhead-events']),
    manyEvents: Number(values['many-events']),
  };
}

if (values.read === undefined) {
  const [cpu] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  console.log(
    `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${type()} ${release()}, ` +
      `${cpus().length} × ${cpu?.model.trim() ?? 'unknown processor'}, ${memory}`,
  );
  const names = z.array(z.enum(['throughput', 'overhead', 'memory', 'resume', 'shared'])).parse(values.only.split(','));
  for (const name of names) await TABLES[name](planOf());
} else {
  const job: Job = JSON.parse(values.job ?? '{}');
  await readHere(values.read, job);
}
