// Measures the local store: what a question costs before and after it is filled, how fast it is read, and how big it is.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { AuditEvent } from '../src/audit/event.ts';
import { createMemoryLog } from '../src/audit/memory-log.ts';
import type { AuditQuery, TimeWindow } from '../src/audit/query.ts';
import { createEngine } from '../src/detect/engine.ts';
import { LOGIN_DETECTORS } from '../src/detect/index.ts';
import { plainEvents } from '../src/simulator/plain-events.ts';
import { createStoredLog, type StoredLog } from '../src/store/stored-log.ts';
import { systemClock } from '../src/system-clock.ts';
import { serveParent } from './store/asking.ts';
import { AUTH, DAY_MS, diskBytes, TODAY_MS } from './store/common.ts';
import { question } from './store/question.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    events: { type: 'string', default: '500000' },
    people: { type: 'string', default: '1500' },
    /** Logins of one person on a workday; with second factors and weekends 1,500 people come to 8,000 auth events a day. */
    logins: { type: 'string', default: '3.35' },
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

const [mode, days, what] = positionals;
if (mode === 'read') await readFilled(values.dir ?? '', Number(days), what ?? '');
else if (mode === 'ask') await serveParent(days ?? '');
else {
  if (mode !== 'question') await speed();
  if (mode !== 'speed') await question(values);
}
