// Measures the local store: what a question costs before and after it is filled, how fast it is read, and how big it is.
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { AuditEvent } from '../src/audit/event.ts';
import { createMemoryLog } from '../src/audit/memory-log.ts';
import type { AuditQuery, TimeWindow } from '../src/audit/query.ts';
import { createEngine } from '../src/detect/engine.ts';
import { LOGIN_DETECTORS } from '../src/detect/index.ts';
import { createParts } from '../src/parts.ts';
import { buildCompany } from '../src/simulator/dataset.ts';
import { plainEvents } from '../src/simulator/plain-events.ts';
import { startSimulator } from '../src/simulator/server.ts';
import { fillStore } from '../src/store/fill.ts';
import { createStoredLog, type StoredLog } from '../src/store/stored-log.ts';
import { systemClock } from '../src/system-clock.ts';
import { findSuspiciousLogins } from '../tools/find-suspicious-logins.ts';

const DAY_MS = 86_400_000;
const AUTH = ['user_login', 'user_2fa_success', 'user_2fa_fail', 'user_logout'];
const TODAY_MS = Math.floor(Date.now() / DAY_MS) * DAY_MS;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    events: { type: 'string', default: '500000' },
    people: { type: 'string', default: '1500' },
    /** Logins of one person a day; with second factors 1,500 people come to 8,000 events. */
    logins: { type: 'string', default: '6.4' },
    /** Requests a second that the simulator allows to fill and to the read without a store; 50 as the API, 0 for no limit. */
    limit: { type: 'string', default: '0' },
    dir: { type: 'string' },
  },
});

/** Lets go of files in memory where that is permitted: the next read comes from the disk. */
async function dropCaches(): Promise<boolean> {
  try {
    spawnSync('sync');
    await writeFile('/proc/sys/vm/drop_caches', '3');
    return true;
  } catch {
    return false;
  }
}

async function diskBytes(dir: string): Promise<number> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function openStore(dir: string, events: readonly AuditEvent[] = []): StoredLog {
  return createStoredLog({
    inner: createMemoryLog(events, { clock: systemClock }),
    dir,
    scope: () => Promise.resolve({ apiUrl: 'https://bench.invalid', ownerId: '1' }),
    clock: systemClock,
    isOwnRead: () => false,
    keepDays: 400,
  });
}

function queryOf(window: TimeWindow, eventKeys?: readonly string[]): AuditQuery {
  const query = { window, order: 'oldest_first', timeZone: 'UTC', ownReads: 'exclude' } as const;
  return eventKeys === undefined ? query : { ...query, eventKeys };
}

/** Reads a filled store in a process of its own: what the process held before must not be counted. */
async function readFilled(dir: string, days: number, what: string): Promise<void> {
  const window = { startMs: TODAY_MS - (days + 2) * DAY_MS, endMs: TODAY_MS - 2 * DAY_MS };
  const detectors = LOGIN_DETECTORS.filter(
    ({ rule }) => what === 'all rules' || (what === 'one rule' && rule === 'failed_2fa_burst'),
  );
  const engine = detectors.length === 0 ? undefined : createEngine({ detectors, window, lang: 'en' });
  let events = 0;
  let peak = 0;
  const startedAt = performance.now();
  const read = openStore(dir).read(queryOf(window, what === 'all keys' ? undefined : AUTH));
  for await (const batch of read.batches) {
    events += batch.length;
    engine?.push(batch);
    peak = Math.max(peak, process.memoryUsage.rss());
  }
  engine?.finish();
  const seconds = (performance.now() - startedAt) / 1000;
  const { complete, requests } = read.coverage();
  if (!complete || requests > 0) throw new Error('the store did not answer');
  const cpu = process.cpuUsage();
  console.log(
    `${String(events).padStart(9)} events | ${Math.round(events / seconds)
      .toLocaleString('en')
      .padStart(
        9,
      )} events/s | ${((cpu.user + cpu.system) / 1e6).toFixed(1)} s CPU | ${(peak / 1e6).toFixed(0).padStart(4)} MB peak`,
  );
}

async function speed(): Promise<void> {
  const count = Number(values.events);
  console.log('\n## Reading from the store, and disk\n');
  for (const [events, days] of [
    [Math.round(count / 4), 16],
    [count, 62],
  ] as const) {
    const dir = await mkdtemp(join(tmpdir(), 'bench-store-'));
    try {
      const window = { startMs: TODAY_MS - (days + 2) * DAY_MS, endMs: TODAY_MS - 2 * DAY_MS };
      const made = [...plainEvents({ ...window, count: events, keys: 'auth', people: 1500 })].map((event) => ({
        ...event,
      }));
      const startedAt = performance.now();
      for await (const slice of openStore(dir, made).readAnew(queryOf(window, AUTH)).slices) void slice;
      const seconds = (performance.now() - startedAt) / 1000;
      const bytes = await diskBytes(dir);
      console.log(
        `${events} auth events of ${days} days: written at ${Math.round(events / seconds).toLocaleString('en')} events/s, ` +
          `${((bytes / events) * 1).toFixed(1)} bytes an event = ${(((bytes / events) * 1e6) / 1e6).toFixed(1)} MB a million, ` +
          `plain ${(made.reduce((sum, event) => sum + JSON.stringify(event).length + 1, 0) / events).toFixed(0)} bytes an event`,
      );
      const isCold = await dropCaches();
      for (const what of [
        isCold ? 'cold' : 'cold (page cache not dropped: not permitted)',
        'warm',
        'warm',
        'one rule',
        'one rule',
        'all rules',
      ]) {
        process.stdout.write(`  ${what.padEnd(9)} | `);
        spawnSync(process.execPath, [process.argv[1] ?? '', 'read', `--dir=${dir}`, String(days), what], {
          stdio: 'inherit',
        });
      }
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  }
}

interface Answer {
  readonly answer: {
    readonly findings: readonly unknown[];
    readonly omitted_findings: number;
    readonly totals: unknown;
    readonly coverage: unknown;
    readonly baseline: unknown;
  };
  readonly requests: number;
  readonly logReads: number;
  readonly seconds: number;
}

async function question(): Promise<void> {
  const people = Number(values.people);
  const company = buildCompany({
    seed: 7,
    now: TODAY_MS + DAY_MS / 2,
    people,
    days: 66,
    authEventsPerDay: Number(values.logins),
    activityPerDay: 0.2,
    incidents: 'all',
  });
  const auth = company.events.filter(({ event_key: key }) => AUTH.includes(key)).length;
  console.log(`\n## 31 days with a baseline of 30, ${people} people, ${Math.round(auth / 66)} auth events a day\n`);
  const dir = await mkdtemp(join(tmpdir(), 'bench-store-'));
  const simulator = await startSimulator({ company, rateLimit: Number(values.limit) || null, logsOwnReads: false });
  const open = (store: boolean, rate: number) =>
    createParts({
      source: { kind: 'api', baseUrl: simulator.url, token: () => simulator.token },
      settings: { timeZone: 'UTC', lang: 'en', maxRequests: 1000 },
      rate,
      exportDir: dir,
      version: '0.0.0-bench',
      installationId: 'bench',
      clock: systemClock,
      toolNames: [],
      ...(store ? { store: { dir } } : {}),
    });
  const logReads = (): number => simulator.requests.okByPath['/audit_events'] ?? 0;
  const ask = async (parts: ReturnType<typeof open>, endMs: number, isUnlimited = false): Promise<Answer> => {
    const [before, readsBefore] = [simulator.requests.total, logReads()];
    const startedAt = performance.now();
    const nowMs = Date.now();
    const { structured } = await findSuspiciousLogins.call(
      {
        start_time: new Date(endMs - 31 * DAY_MS).toISOString(),
        end_time: new Date(endMs).toISOString(),
        max_findings: 100,
      },
      {
        ...parts,
        settings: { ...parts.settings, maxRequests: isUnlimited ? 1_000_000 : 1000 },
        nowMs,
        deadlineAt: isUnlimited ? Number.POSITIVE_INFINITY : nowMs + 45_000,
        signal: new AbortController().signal,
        progress: () => undefined,
      },
    );
    const seconds = (performance.now() - startedAt) / 1000;
    const answer: Answer['answer'] = JSON.parse(JSON.stringify(structured));
    return { answer, requests: simulator.requests.total - before, logReads: logReads() - readsBefore, seconds };
  };
  const say = (what: string, { answer, requests, logReads: reads, seconds }: Answer): void => {
    const { coverage, baseline, findings, omitted_findings: omitted } = answer;
    console.log(
      `${what.padEnd(34)} | ${String(reads).padStart(6)} reads of the log, ${String(requests - reads).padStart(3)} other requests | ` +
        `${seconds.toFixed(1).padStart(6)} s | ${findings.length + omitted} findings`,
    );
    console.log(`  coverage ${JSON.stringify(coverage)}\n  baseline ${JSON.stringify(baseline)}`);
  };
  const closedMs = TODAY_MS - 2 * DAY_MS;
  try {
    const first = open(true, 48);
    say('first call, 1,000 requests at 48/s', await ask(first, closedMs));
    await first.close();

    const without = open(false, 100_000);
    const truth = await ask(without, closedMs, true);
    say('without a store, no budget', truth);

    const filling = open(true, 100_000);
    const startedAt = performance.now();
    const window = { startMs: closedMs - 61 * DAY_MS, endMs: TODAY_MS };
    const log = filling.store?.log;
    if (log === undefined) throw new Error('no store');
    const filled = await fillStore({ log, window });
    console.log(
      `store fill: ${filled.filled.length} days, ${filled.events} events, ${filled.requests} requests, ` +
        `${((performance.now() - startedAt) / 1000).toFixed(1)} s; ${((await diskBytes(dir)) / 1e6).toFixed(1)} MB`,
    );
    await filling.close();

    const second = open(true, 48);
    const after = await ask(second, closedMs);
    say('after store fill, a new process', after);
    console.log(`  findings the same as without a store: ${isSame(after, truth)}`);
    say('the same until now, first time', await ask(second, Date.now()));
    say('the same until now, once more', await ask(second, Date.now()));
    await second.close();
    await without.close();
  } finally {
    await simulator.close();
    await rm(dir, { recursive: true, force: true });
  }
}

/** Findings, totals and baseline; what it cost differs. */
function isSame(a: Answer, b: Answer): boolean {
  const [of, other] = [a, b].map(({ answer: { findings, omitted_findings, totals, baseline } }) =>
    JSON.stringify([findings, omitted_findings, totals, baseline]),
  );
  return of === other;
}

const [mode, days, what] = positionals;
if (mode === 'read') await readFilled(values.dir ?? '', Number(days), what ?? '');
else {
  if (mode !== 'question') await speed();
  if (mode !== 'speed') await question();
}
