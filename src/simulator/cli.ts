// Owns the simulator as a program of its own: one JSON line { url, token } on stdout when it listens.
import { parseArgs } from 'node:util';
import { buildCompany } from './dataset.ts';
import type { SimulatorOptions } from './options.ts';
import { plainEvents } from './plain-events.ts';
import { startSimulator } from './server.ts';

const HELP = `Usage: simulator [options]
  --port N             default: any free port
  --latency-ms N       how long every answer takes
  --rate-limit N       requests a second for one token; 0 for none (default 50)
  --people N           size of the company
  --incidents WHICH    demo (default), all or none
  --events N           plain events instead of a company
  --density WHICH      flat (default) or uneven: nine plain events in ten in one hour
  --keys WHICH         all (default) or auth: keys of plain events
  --start TIME --end TIME   window of plain events (default: the last 30 days)
  --seed N
  --end-inclusive, --no-end-inclusive   reading of end_time (default inclusive)
  --paginate WHICH     new (default), old or old_until_empty
`;

const { values } = parseArgs({
  allowNegative: true,
  options: {
    port: { type: 'string', default: '0' },
    'latency-ms': { type: 'string', default: '0' },
    'rate-limit': { type: 'string', default: '50' },
    people: { type: 'string' },
    incidents: { type: 'string', default: 'demo' },
    events: { type: 'string' },
    density: { type: 'string', default: 'flat' },
    keys: { type: 'string', default: 'all' },
    start: { type: 'string' },
    end: { type: 'string' },
    seed: { type: 'string', default: '1' },
    'end-inclusive': { type: 'boolean', default: true },
    paginate: { type: 'string', default: 'new' },
    help: { type: 'boolean' },
  },
});

/** One of `allowed`; anything else ends the program. */
function choice<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw new RangeError(`--${name} is one of ${allowed.join(', ')}`);
  return found;
}

function whole(name: string, value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0) throw new RangeError(`--${name} is a whole number`);
  return number;
}

function dataOf(now: number, seed: number): Pick<SimulatorOptions, 'company' | 'events'> {
  const density = choice('density', values.density, ['flat', 'uneven']);
  const keys = choice('keys', values.keys, ['all', 'auth']);
  const incidents = choice('incidents', values.incidents, ['demo', 'all', 'none']);
  if (values.events === undefined) {
    const people = values.people === undefined ? {} : { people: whole('people', values.people) };
    return { company: buildCompany({ seed, now, incidents, ...people }) };
  }
  const endMs = values.end === undefined ? now : Date.parse(values.end);
  const startMs = values.start === undefined ? endMs - 30 * 86_400_000 : Date.parse(values.start);
  return { events: plainEvents({ count: whole('events', values.events), startMs, endMs, seed, density, keys }) };
}

if (values.help === true) {
  process.stdout.write(HELP);
} else {
  const seed = whole('seed', values.seed);
  const rate = whole('rate-limit', values['rate-limit']);
  const simulator = await startSimulator({
    ...dataOf(Date.now(), seed),
    seed,
    port: whole('port', values.port),
    latencyMs: whole('latency-ms', values['latency-ms']),
    rateLimit: rate === 0 ? null : rate,
    endTimeInclusive: values['end-inclusive'],
    paginateForm: choice('paginate', values.paginate, ['new', 'old', 'old_until_empty']),
    ...(values.end !== undefined && { retentionDays: null }),
  });
  process.stdout.write(`${JSON.stringify({ url: simulator.url, token: simulator.token })}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulator.close());
}
