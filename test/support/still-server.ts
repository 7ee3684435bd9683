// The server of the product on stdio, with a clock that stands still: the same question has the same answer on every day.
// Arguments: base URL, token, export folder, the moment in milliseconds.
import { INSTRUCTIONS } from '../../src/mcp/instructions.ts';
import { createServerFactory } from '../../src/mcp/server.ts';
import { serveOverStdio } from '../../src/mcp/stdio.ts';
import { createParts } from '../../src/parts.ts';
import { TOOLS } from '../../tools/index.ts';
import { stillClock } from './still-clock.ts';

const [baseUrl = '', token = '', exportDir = '', now = '0'] = process.argv.slice(2);
const parts = createParts({
  source: { kind: 'api', baseUrl, token: () => token },
  settings: { timeZone: 'Europe/Moscow', lang: 'en', maxRequests: 1000 },
  rate: 10_000,
  exportDir,
  version: '0.0.0-test',
  installationId: '0123456789abcdef',
  clock: stillClock(Number(now)),
  toolNames: TOOLS.map(({ name }) => name),
  alertTo: ['1000'],
});
const factory = createServerFactory({
  version: '0.0.0-test',
  instructions: INSTRUCTIONS,
  tools: TOOLS,
  openParts: () => Promise.resolve(parts),
  clock: parts.clock,
  lang: 'en',
  deadlineMs: 45_000,
  redact: (text) => text,
});
const streams = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr };
await serveOverStdio(
  factory,
  streams,
  new AbortController().signal,
  (error) => void process.stderr.write(`${error.message}\n`),
);
await parts.close();
