// Measures how fast one window is read from the simulator, beside a plain sequential cursor run in the same process.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createApiLog } from '../src/audit/api-log.ts';
import type { AuditLog } from '../src/audit/audit-log.ts';
import type { AuditQuery } from '../src/audit/query.ts';
import { createHttpClient } from '../src/http/create-http-client.ts';
import type { HttpClient } from '../src/http/http-client.ts';
import { createRateLimit } from '../src/http/rate-limit.ts';
import { systemClock } from '../src/system-clock.ts';

const DAY_MS = 86_400_000;
const API_LIMIT = 50;
const UNLIMITED = 100_000;

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '60000' },
    latency: { type: 'string', default: '0,20,100,300' },
    density: { type: 'string', default: 'flat,uneven' },
    limit: { type: 'string', default: '50,none' },
    /** A sequential run at 300 ms takes minutes: it reads this many events, which shows its speed as well. */
    'sequential-events': { type: 'string', default: '3000' },
    ordered: { type: 'boolean', default: false },
  },
});

interface Simulator {
  url: string;
  token: string;
  close(): void;
}

async function startSimulator(options: readonly string[]): Promise<Simulator> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'simulator.mjs'), ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { url, token }: { url: string; token: string } = JSON.parse(line);
    return { url, token, close: () => child.kill() };
  }
  throw new Error('the simulator did not start');
}

interface Result {
  events: number;
  seconds: number;
  requests: number;
  rejected: number;
}

function clientOf({ url, token }: Simulator, perSecond: number) {
  const counts = { requests: 0, rejected: 0 };
  const rateLimit = createRateLimit({ perSecond, clock: systemClock });
  const http = createHttpClient({
    baseUrl: url,
    token: () => token,
    userAgent: 'bench',
    clock: systemClock,
    rateLimit: {
      acquire(signal) {
        counts.requests += 1;
        return rateLimit.acquire(signal);
      },
      onRejected(retryAfterMs) {
        counts.rejected += 1;
        rateLimit.onRejected(retryAfterMs);
      },
      onAccepted: () => rateLimit.onAccepted(),
    },
  });
  return { http, counts };
}

async function timed(
  simulator: Simulator,
  perSecond: number,
  read: (http: HttpClient) => Promise<number>,
): Promise<Result> {
  const { http, counts } = clientOf(simulator, perSecond);
  const startedAt = performance.now();
  const events = await read(http);
  const seconds = (performance.now() - startedAt) / 1000;
  await http.close();
  return { events, seconds, ...counts };
}

/** As the vendor's clients page: one request after another, keeping nothing. */
async function readSequentially(http: HttpClient, query: AuditQuery, atMost: number): Promise<number> {
  let events = 0;
  let cursor: string | undefined;
  do {
    const { body } = await http.get('/audit_events', {
      start_time: new Date(query.window.startMs).toISOString(),
      end_time: new Date(query.window.endMs).toISOString(),
      limit: '50',
      cursor,
    });
    const page: { data: unknown[]; meta: { paginate: { next_page: string; has_next: boolean } } } = JSON.parse(
      JSON.stringify(body),
    );
    events += page.data.length;
    cursor = page.meta.paginate.has_next ? page.meta.paginate.next_page : undefined;
  } while (cursor !== undefined && events < atMost);
  return events;
}

async function readSideBySide(log: AuditLog, query: AuditQuery): Promise<number> {
  let events = 0;
  const read = log.readSlices(query);
  for await (const slice of read.slices) events += slice.events.length;
  if (!read.coverage().complete) throw new Error(`incomplete: ${JSON.stringify(read.coverage())}`);
  return events;
}

async function readOrdered(log: AuditLog, query: AuditQuery): Promise<number> {
  let events = 0;
  const read = log.read(query);
  for await (const batch of read.batches) events += batch.length;
  if (!read.coverage().complete) throw new Error(`incomplete: ${JSON.stringify(read.coverage())}`);
  return events;
}

const rate = ({ events, seconds }: Result) => `${Math.round(events / seconds)}/s`.padStart(9);

async function measure(latency: string, density: string, limit: string): Promise<void> {
  const endMs = Math.floor(Date.now() / 1000) * 1000;
  const query: AuditQuery = {
    window: { startMs: endMs - 30 * DAY_MS, endMs },
    order: 'oldest_first',
    timeZone: 'UTC',
    ownReads: 'keep',
  };
  const { startMs } = query.window;
  const simulator = await startSimulator([
    `--events=${values.events}`,
    `--density=${density}`,
    `--latency-ms=${latency}`,
    `--rate-limit=${limit === 'none' ? '0' : limit}`,
    `--start=${new Date(startMs).toISOString()}`,
    `--end=${new Date(endMs).toISOString()}`,
  ]);
  try {
    const perSecond = limit === 'none' ? UNLIMITED : Number(limit) - 2;
    const atMost = latency === '0' ? Number.POSITIVE_INFINITY : Number(values['sequential-events']);
    const plain = await timed(simulator, limit === 'none' ? UNLIMITED : API_LIMIT, (http) =>
      readSequentially(http, query, atMost),
    );
    // Two seconds of rest fill the server's bucket again.
    if (limit !== 'none') await systemClock.sleep(2000);
    const logOf = (http: HttpClient) => createApiLog({ http, clock: systemClock, isOwnRead: () => false });
    const slices = await timed(simulator, perSecond, (http) => readSideBySide(logOf(http), query));
    const lines = [{ name: 'slices', result: slices }];
    if (values.ordered) {
      if (limit !== 'none') await systemClock.sleep(2000);
      lines.push({
        name: 'oldest first',
        result: await timed(simulator, perSecond, (http) => readOrdered(logOf(http), query)),
      });
    }
    for (const { name, result } of lines) {
      const { events, requests, rejected, seconds } = result;
      const pages = Math.ceil(events / 50);
      const times = (events / seconds / (plain.events / plain.seconds)).toFixed(1);
      console.log(
        `| ${latency.padStart(7)} | ${density.padEnd(7)} | ${limit.padStart(5)} | ${name.padEnd(12)} | ${rate(plain)} | ${rate(result)} | ${times.padStart(5)} | ` +
          `${String(requests).padStart(8)} | ${`${(((requests - pages) / pages) * 100).toFixed(1)}%`.padStart(7)} | ${String(rejected).padStart(4)} |`,
      );
    }
  } finally {
    simulator.close();
  }
}

console.log(
  '| latency | density | limit | read         | sequential |      ours | times | requests | surplus | 429s |',
);
console.log(
  '| ------: | ------- | ----: | ------------ | ---------: | --------: | ----: | -------: | ------: | ---: |',
);
for (const limit of values.limit.split(',')) {
  for (const latency of values.latency.split(',')) {
    for (const density of values.density.split(',')) await measure(latency, density, limit);
  }
}
