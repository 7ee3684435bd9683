// Owns the measurement of the rules' speed and memory: `node bench/run.mjs detect-speed [events]`.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { AuditEvent } from '../src/audit/event.ts';
import { createEngine } from '../src/detect/engine.ts';
import { LOGIN_DETECTORS } from '../src/detect/index.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.parse('2026-01-01T00:00:00Z');
const ACTORS = 3000;
const BATCH = 1000;

/** A number from 0 to 1 that follows from `seed` (mulberry32): the same stream every time. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const CLIENTS = Array.from(
  { length: 60 },
  (_, index) =>
    `Mozilla/5.0 (${['Windows NT 10.0', 'Macintosh', 'X11; Linux'][index % 3] ?? ''}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${120 + index}.0.0.0 Safari/537.36`,
);

/** Logins of 3,000 people over 90 days: an office, homes that move within a pool, journeys, some failed factors. */
function* logins(count: number): Generator<AuditEvent[]> {
  const random = randomFrom(7);
  let batch: AuditEvent[] = [];
  for (let index = 0; index < count; index += 1) {
    const actor = Math.floor(random() * ACTORS);
    const place = random();
    const day = Math.floor((index / count) * 90);
    const home = `${20 + (actor % 60)}.${actor % 250}.${(actor * 7 + Math.floor(day / 10)) % 256}.${(actor * 13) % 250}`;
    const away = `${100 + Math.floor(random() * 90)}.${Math.floor(random() * 60)}.7.9`;
    const client = CLIENTS[(actor % 40) + Math.floor(day / 30)] ?? '';
    batch.push({
      id: `e${index}`,
      created_at: new Date(START_MS + (index / count) * 90 * DAY_MS).toISOString(),
      event_key: random() < 0.05 ? 'user_2fa_fail' : 'user_login',
      entity_id: String(actor),
      entity_type: 'User',
      actor_id: String(actor),
      actor_type: 'User',
      details: {},
      ip_address: place < 0.5 ? '203.0.113.7' : place < 0.98 ? home : away,
      user_agent: client,
    });
    if (batch.length === BATCH) {
      yield batch;
      batch = [];
    }
  }
  yield batch;
}

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** What is really held, in MiB. */
function liveHeap(): number {
  collectGarbage();
  return Math.round(process.memoryUsage().heapUsed / 2 ** 20);
}

function measure(count: number): void {
  const engine = createEngine({
    detectors: LOGIN_DETECTORS,
    window: { startMs: START_MS + 30 * DAY_MS, endMs: START_MS + 91 * DAY_MS },
    lang: 'en',
  });
  const measureEvery = Math.ceil(count / BATCH / 4);
  const held: number[] = [];
  let judgingMs = 0;
  let cpuMs = 0;
  let batches = 0;
  function judge<T>(work: () => T): T {
    const before = performance.now();
    const cpuBefore = process.cpuUsage();
    const result = work();
    const cpu = process.cpuUsage(cpuBefore);
    judgingMs += performance.now() - before;
    cpuMs += (cpu.user + cpu.system) / 1000;
    return result;
  }
  for (const batch of logins(count)) {
    judge(() => engine.push(batch));
    batches += 1;
    if (batches % measureEvery === 0) held.push(liveHeap());
  }
  const { findings } = judge(() => engine.finish());
  console.log(
    `${count} events of ${ACTORS} people: ${(judgingMs / 1000).toFixed(1)} s (${(cpuMs / 1000).toFixed(1)} s of CPU, all threads), ` +
      `${Math.round(count / (judgingMs / 1000))} events/s; ${findings.length} findings; ` +
      `heap held after each quarter ${held.join(', ')} MiB`,
  );
}

const [count = '1000000'] = process.argv.slice(2);
measure(Number(count) / 4);
measure(Number(count));
