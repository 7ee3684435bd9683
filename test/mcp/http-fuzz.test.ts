// A thousand malformed requests, made from seeds: no 5xx, no growth, and the server serves on.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startHttp } from '../support/http-fixture.ts';
import { ask, legacyCall, modernCall, sendBytes } from '../support/raw-http.ts';

type Random = () => number;

/** mulberry32: small, and the same on every machine. */
function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const pick = <T>(random: Random, values: readonly [T, ...T[]]): T =>
  values[Math.floor(random() * values.length)] ?? values[0];

const ODD: readonly [unknown, ...unknown[]] = [
  null,
  true,
  -1,
  1e308,
  2 ** 53,
  '',
  'tools/call',
  '__proto__',
  'x'.repeat(3000),
  '\u0000\uD800',
  [],
  {},
  [[]],
  { a: {} },
];
const METHODS = [
  'tools/call',
  'tools/list',
  'initialize',
  'ping',
  'server/discover',
  'subscriptions/listen',
  'prompts/get',
  'resources/read',
  'logging/setLevel',
  'completion/complete',
  'notifications/cancelled',
  'tasks/get',
  'no/such',
] as const;

/** `value` with some of its parts replaced by odd ones, dropped or repeated. */
function mutated(random: Random, value: unknown): unknown {
  if (random() < 0.04) return pick(random, ODD);
  if (Array.isArray(value)) return value.map((part) => mutated(random, part));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(() => random() > 0.03);
  const entries = kept.map(([key, part]) => [
    random() < 0.05 ? pick(random, ['id', '__proto__', '', key]) : key,
    mutated(random, part),
  ]);
  return Object.fromEntries(entries);
}

/** A message that is nearly right: it gets furthest in. */
function nearlyRight(random: Random) {
  const method = pick(random, METHODS);
  const params = {
    name: 'echo',
    arguments: { text: 'x' },
    uri: 'a://b',
    protocolVersion: '2025-11-25',
    capabilities: {},
  };
  const call = (random() < 0.5 ? modernCall : legacyCall)(method, params);
  const message = mutated(random, JSON.parse(call.body.toString()));
  const batch = random() < 0.1 ? [message, mutated(random, message)] : message;
  const text = JSON.stringify(batch);
  const body = random() < 0.1 ? text.slice(0, Math.floor(random() * text.length)) : text;
  const headers = Object.entries(call.headers).filter(() => random() > 0.05);
  const odd = random() < 0.1 ? [['mcp-protocol-version', pick(random, ['', '2027-01-01', 'x, y', '2024-11-05'])]] : [];
  return { ...call, body, headers: z.record(z.string(), z.string()).parse(Object.fromEntries([...headers, ...odd])) };
}

/** Bytes that are hardly HTTP. */
function hardlyHttp(random: Random): Buffer {
  const line = pick(random, [
    'POST /mcp HTTP/1.1',
    'GET /healthz HTTP/1.1',
    'POST /mcp HTTP/9.9',
    'PRI * HTTP/2.0',
    '\x16\x03\x01',
    'CONNECT a:1 HTTP/1.1',
  ]);
  const header = pick(random, [
    'Host: localhost',
    'Host:',
    'Host: localhost\r\nContent-Length: -1',
    'Host: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 3',
    'Host: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade',
    'Host: localhost\r\nTransfer-Encoding: chunked',
    'Host: localhost\r\nExpect: nothing',
    ': x',
  ]);
  const noise = Buffer.from(Array.from({ length: Math.floor(random() * 60) }, () => Math.floor(random() * 256)));
  return Buffer.concat([Buffer.from(`${line}\r\n${header}\r\nConnection: close\r\n\r\n`, 'latin1'), noise]);
}

/** Sends one request; gives the status, or 0 where the connection was only closed. */
async function fuzz(url: string, random: Random): Promise<number> {
  if (random() < 0.3)
    return Number(/^HTTP\/1\.1 (\d{3})/u.exec(await sendBytes(url, hardlyHttp(random), true))?.[1] ?? 0);
  const request = nearlyRight(random);
  // An open stream of changes has no end of its own.
  if (request.body.includes('"subscriptions/listen"')) return 0;
  return (await ask(url, request)).status;
}

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

function heapBytes(): number {
  if (typeof collect === 'function') collect();
  return process.memoryUsage().heapUsed;
}

describe('malformed requests', () => {
  test('a thousand of them give no 5xx, leave nothing behind, and the next good one is answered', async () => {
    const { url, callsInWork } = await startHttp({
      limits: { requestsPerSecond: 1e6, burst: 1e6, headersTimeoutMs: 500, requestTimeoutMs: 500 },
    });
    const random = seeded(20_260_728);
    const round = async (count: number) => {
      const statuses: number[] = [];
      for (let sent = 0; sent < count; sent += 20) {
        statuses.push(...(await Promise.all(Array.from({ length: 20 }, () => fuzz(url, random)))));
      }
      return statuses;
    };
    await round(400);
    const before = heapBytes();
    const statuses = await round(1000);
    expect(statuses.filter((status) => status >= 500)).toEqual([]);
    // The requests must reach the protocol, or this would test the doors alone.
    for (const status of [200, 400, 403, 404, 406, 415]) expect(statuses).toContain(status);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(100);
    expect(heapBytes() - before).toBeLessThan(8_000_000);
    expect(callsInWork()).toBe(0);
    expect((await ask(url, modernCall('tools/list'))).status).toBe(200);
  });
});
