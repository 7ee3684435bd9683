// Owns the servers that bench/http.ts measures, each in a process of its own that tells its parent where it listens.
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { z } from 'zod';
import { openJournal } from '../../src/journal.ts';
import { redact } from '../../src/text/redact.ts';
import { bearerAuthentication, fixedTokens } from '../../src/mcp/authenticate.ts';
import { LOOPBACK_NAMES } from '../../src/mcp/http-guard.ts';
import { serveOverHttp } from '../../src/mcp/http.ts';
import { INSTRUCTIONS } from '../../src/mcp/instructions.ts';
import { createServerFactory } from '../../src/mcp/server.ts';
import { createParts } from '../../src/parts.ts';
import { plainEvents } from '../../src/simulator/plain-events.ts';
import { startSimulator } from '../../src/simulator/server.ts';
import { DEMO_TOKEN } from '../../src/simulator/tokens.ts';
import { systemClock } from '../../src/system-clock.ts';
import { TOOLS } from '../../tools/index.ts';

/** What clients of ours must show. */
export const TOKEN = 'bench-token-0123456789';
const HOUR_MS = 3_600_000;

/** Two tools of the SDK, as its documentation writes them. */
export function serveBare(): void {
  const handler = toNodeHandler(
    createMcpHandler(() => {
      const server = new McpServer({ name: 'bare', version: '1.0.0' });
      const inputSchema = z.object({ text: z.string().describe('Any text') });
      server.registerTool('echo', { description: 'Gives back what it was given.', inputSchema }, ({ text }) => ({
        content: [{ type: 'text', text }],
      }));
      server.registerTool('length', { description: 'Counts characters.', inputSchema }, ({ text }) => ({
        content: [{ type: 'text', text: String(text.length) }],
      }));
      return server;
    }),
  );
  const server = createServer(
    (incoming, outgoing) =>
      void handler(Object.assign(incoming, { method: incoming.method ?? 'GET', url: incoming.url ?? '/' }), outgoing),
  );
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    process.send?.({ url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/mcp` });
  });
}

/** The whole of ours: every tool, token, doors, journal, memory cache; behind it the simulator in a process of its own. */
export async function serveOurs(apiUrl: string): Promise<void> {
  const log = { info: () => undefined, warn: () => undefined, error: (...said: unknown[]) => console.error(...said) };
  const dir = mkdtempSync(join(tmpdir(), 'bench-http-'));
  const journal = openJournal({ dir: join(dir, 'journal'), clock: systemClock, log, pid: process.pid, source: 'demo' });
  const parts = createParts({
    source: { kind: 'demo', baseUrl: apiUrl, token: () => DEMO_TOKEN },
    settings: { timeZone: 'UTC', lang: 'en', maxRequests: 1000 },
    rate: 1000,
    exportDir: join(dir, 'exports'),
    version: '1.0.0',
    installationId: '0123456789abcdef',
    clock: systemClock,
    toolNames: TOOLS.map(({ name }) => name),
    alertTo: ['1000'],
    store: {},
  });
  const factory = createServerFactory({
    version: '1.0.0',
    instructions: INSTRUCTIONS,
    tools: TOOLS,
    openParts: () => Promise.resolve(parts),
    clock: systemClock,
    lang: 'en',
    deadlineMs: 45_000,
    redact: (text) => redact(text, [DEMO_TOKEN, TOKEN]),
    onCall: journal.record,
  });
  const { url } = await serveOverHttp(factory, {
    host: '127.0.0.1',
    port: 0,
    names: { allowedHosts: LOOPBACK_NAMES, allowedOrigins: [] },
    authenticate: bearerAuthentication(fixedTokens(TOKEN)),
    checkReady: () => Promise.resolve(),
    limits: { requestsPerSecond: 1e9, burst: 1e9 },
    clock: systemClock,
    log,
  });
  process.send?.({ url });
}

/** The simulator: `count` events of the last eight hours, and no limit of requests. */
export async function serveApi(count: number): Promise<void> {
  const now = Date.now();
  const events = [...plainEvents({ count, startMs: now - 8 * HOUR_MS, endMs: now })];
  const { url } = await startSimulator({ events, rateLimit: null });
  process.send?.({ url });
}
