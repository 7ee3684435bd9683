// A process that serves the tools of tests over HTTP until SIGTERM: node http-server [GRACE_MS]. Its address is the first
// line on stdout, "called" the second.
import { serveHttp } from '../../src/commands/serve-http.ts';
import { createLog } from '../../src/log.ts';
import { LOOPBACK_NAMES } from '../../src/mcp/http-guard.ts';
import { systemClock } from '../../src/system-clock.ts';
import { echo, fixtureFactory, waitingTool } from './tool-parts.ts';

const waiting = waitingTool();
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
// The test lets the call end by closing stdin.
process.stdin.resume().once('end', () => waiting.release());
void waiting.started.then(() => process.stdout.write('called\n'));

await serveHttp(fixtureFactory([echo, waiting.tool]), {
  host: '127.0.0.1',
  port: 0,
  names: { allowedHosts: LOOPBACK_NAMES, allowedOrigins: LOOPBACK_NAMES },
  checkReady: () => Promise.resolve(),
  clock: systemClock,
  log: createLog({ write: (line) => void process.stderr.write(line), secrets: () => [], clock: systemClock }),
  signal: stop.signal,
  graceMs: Number(process.argv[2] ?? 8000),
  onListening: (url) => process.stdout.write(`${url}\n`),
});
process.stdin.destroy();
