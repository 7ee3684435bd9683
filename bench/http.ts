// Measures serving over HTTP beside a bare SDK server of two tools: lists and calls a second, and memory under a long load.
//
//   node bench/run.mjs http                   ratios, a minute and a half
//   node bench/run.mjs http --mixed 600       ten minutes of mixed load: memory must stay flat, errors none
import { fork, type ChildProcess } from 'node:child_process';
import { Agent, request } from 'node:http';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { legacyCall, modernCall } from '../test/support/raw-http.ts';
import { serveApi, serveBare, serveOurs, TOKEN } from './http/measured.ts';

const CLIENTS = 64;
const MINUTE_MS = 60_000;

const { values } = parseArgs({
  options: {
    role: { type: 'string' },
    /** Length of one measurement. */
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
    /** Seconds of mixed load instead. */
    mixed: { type: 'string' },
    events: { type: 'string', default: '2000' },
    /** Where a measured server reads the log. */
    api: { type: 'string', default: '' },
  },
});

/** A closed window, so that the memory cache has all of it after the first question. */
function closedWindow() {
  const endMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 10 * MINUTE_MS;
  return { start_time: new Date(endMs - 6 * 60 * MINUTE_MS).toISOString(), end_time: new Date(endMs).toISOString() };
}

const NO_ANSWER: Sent = { status: 0, text: '' };

type Call = ReturnType<typeof modernCall>;
type Calls = [Call, ...Call[]];
const messageSchema = z.union([z.object({ url: z.string() }), z.object({ rss: z.number() })]);

interface Target {
  readonly child: ChildProcess;
  readonly url: URL;
  readonly agent: Agent;
}

async function startTarget(role: 'bare' | 'ours' | 'api', api = ''): Promise<Target> {
  const child = fork(process.argv[1] ?? '', ['--role', role, '--events', values.events, '--api', api]);
  const url = await new Promise<string>((resolve) => {
    child.once('message', (message) => {
      const parsed = messageSchema.parse(message);
      if ('url' in parsed) resolve(parsed.url);
    });
  });
  return { child, url: new URL(url), agent: new Agent({ keepAlive: true, maxSockets: CLIENTS }) };
}

/** The simulator, and ours before it. */
async function startOurs() {
  const api = await startTarget('api');
  return { api, ours: await startTarget('ours', api.url.href.replace(/\/$/u, '')) };
}

interface Sent {
  readonly status: number;
  readonly text: string;
}

function send({ url, agent }: Target, call: Call): Promise<Sent> {
  const headers = { ...call.headers, authorization: `Bearer ${TOKEN}`, 'content-length': Buffer.byteLength(call.body) };
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', headers, agent }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
    outgoing.on('error', reject).end(call.body);
  });
}

interface Load {
  readonly perSecond: number;
  readonly errors: number;
}

/** As many calls as 64 clients make in `seconds`, in the order of `calls`. */
async function load(target: Target, calls: Readonly<Calls>, seconds: number): Promise<Load> {
  const startedAt = Date.now();
  let sent = 0;
  let errors = 0;
  const client = async () => {
    while (Date.now() - startedAt < seconds * 1000) {
      const call = calls[sent % calls.length] ?? calls[0];
      sent += 1;
      const { status } = await send(target, call).catch((error: unknown) => {
        console.error(String(error));
        return NO_ANSWER;
      });
      if (status !== 200) errors += 1;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return { perSecond: sent / ((Date.now() - startedAt) / 1000), errors };
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

type Side = [Target, ...Calls];

async function compare(name: string, bare: Side, ours: Side, wanted: number): Promise<void> {
  const rates: { bare: number[]; ours: number[] } = { bare: [], ours: [] };
  let errors = 0;
  // In turns, so that whatever else the machine does hits both alike.
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const [who, [target, ...calls]] of [
      ['bare', bare],
      ['ours', ours],
    ] as const) {
      const result = await load(target, calls, Number(values.seconds));
      rates[who].push(result.perSecond);
      errors += result.errors;
    }
  }
  const [theirs, own] = [median(rates.bare), median(rates.ours)];
  const verdict = own / theirs >= wanted && errors === 0 ? 'ok' : 'MISSED';
  console.log(
    `${name.padEnd(38)} bare ${theirs.toFixed(0).padStart(6)}/s   ours ${own.toFixed(0).padStart(6)}/s   ratio ${(own / theirs).toFixed(2)} (wanted ${wanted})   errors ${errors}   ${verdict}`,
  );
  if (verdict !== 'ok') process.exitCode = 1;
}

/** Questions about the same window, each a second shorter than the one before: more of them than are remembered. */
function otherLists(list: { name: string; arguments: ReturnType<typeof closedWindow> }) {
  return Array.from({ length: 1000 }, (_, index) => {
    const startMs = Date.parse(list.arguments.start_time) + (index + 1) * 1000;
    return { ...list, arguments: { ...list.arguments, start_time: new Date(startMs).toISOString() } };
  });
}

/** Counts the window, so that the cache takes all of it, and makes sure that lists are answered from there. */
async function fillMemory(ours: Target, list: { name: string; arguments: object }): Promise<void> {
  const count = { name: 'aggregate_audit_events', arguments: { ...list.arguments, group_by: ['event_key'] } };
  await send(ours, modernCall('tools/call', count));
  const { text } = await send(ours, modernCall('tools/call', list));
  if (!text.includes('"requests":0,')) throw new Error(`not answered from memory: ${text.slice(0, 600)}`);
}

async function ratios(): Promise<void> {
  const bare = await startTarget('bare');
  const { api, ours } = await startOurs();
  const echo = { name: 'echo', arguments: { text: 'x' } };
  const list = { name: 'list_audit_events', arguments: closedWindow() };
  await fillMemory(ours, list);
  for (const [era, call] of [
    ['2026', modernCall],
    ['2025', legacyCall],
  ] as const) {
    await compare(`tools/list, ${era}`, [bare, call('tools/list')], [ours, call('tools/list')], 1);
    await compare(
      `list_audit_events to a bare call, ${era}`,
      [bare, call('tools/call', echo)],
      [ours, call('tools/call', list)],
      0.5,
    );
    const [first = list, ...others] = otherLists(list);
    await compare(
      `another list each time, ${era}`,
      [bare, call('tools/call', echo)],
      [ours, call('tools/call', first), ...others.map((other) => call('tools/call', other))],
      0.1,
    );
  }
  for (const { child, agent } of [bare, ours, api]) {
    agent.destroy();
    child.kill();
  }
}

async function mixed(seconds: number): Promise<void> {
  const { api, ours } = await startOurs();
  const list = { name: 'list_audit_events', arguments: closedWindow() };
  const rss: number[] = [];
  ours.child.on('message', (message) => {
    const parsed = messageSchema.parse(message);
    if ('rss' in parsed) rss.push(parsed.rss);
  });
  const calls = [modernCall, legacyCall].flatMap((call) => [
    call('tools/list'),
    call('tools/call', list),
    call('tools/call', { name: 'list_audit_events', arguments: { limit: 5, event_keys: ['user_login'] } }),
    call('tools/call', { name: 'find_people', arguments: { query: 'x' } }),
    call('tools/call', { name: 'list_audit_events', arguments: { limit: 0 } }),
    call('tools/call', { name: 'check_access', arguments: {} }),
  ]);
  await fillMemory(ours, list);
  const [first = modernCall('tools/list'), ...rest] = calls;
  const { perSecond, errors } = await load(ours, [first, ...rest], seconds);
  // The first third is warming up: the engine compiles, and the heap finds its size.
  const third = Math.floor(rss.length / 3);
  const [middle, last] = [median(rss.slice(third, 2 * third)), median(rss.slice(2 * third))].map(
    (bytes) => bytes / 1e6,
  );
  const isFlat = (last ?? 0) < (middle ?? 0) * 1.1;
  console.log(
    `mixed load, ${seconds} s: ${perSecond.toFixed(0)}/s, errors ${errors}, memory ${middle?.toFixed(0)} MB in the middle, ${last?.toFixed(0)} MB at the end   ${isFlat && errors === 0 ? 'ok' : 'MISSED'}`,
  );
  if (!isFlat || errors > 0) process.exitCode = 1;
  for (const { child, agent } of [ours, api]) {
    agent.destroy();
    child.kill();
  }
}

if (values.role === 'bare') serveBare();
else if (values.role === 'api') await serveApi(Number(values.events));
else if (values.role === 'ours') {
  await serveOurs(values.api);
  setInterval(() => process.send?.({ rss: process.memoryUsage().rss }), 1000).unref();
} else if (values.mixed === undefined) await ratios();
else await mixed(Number(values.mixed));
