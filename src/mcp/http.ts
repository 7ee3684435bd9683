// Owns serving over Streamable HTTP: one server on plain node:http, both protocol eras, closed doors by default.
import { setMaxListeners } from 'node:events';
import { lookup } from 'node:dns/promises';
import { createServer, type Server } from 'node:http';
import { BlockList } from 'node:net';
import { createMcpHandler, type McpServerFactory } from '@modelcontextprotocol/server';
import type { Clock } from '../clock.ts';
import { AuditError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Authenticate } from './authenticate.ts';
import { clientRate } from './client-rate.ts';
import { exchanger } from './http-exchange.ts';
import type { NamePolicy } from './http-guard.ts';
import { readiness, type CheckReady } from './http-health.ts';
import { requests } from './http-requests.ts';

export interface HttpLimits {
  readonly maxBodyBytes: number;
  readonly maxConnections: number;
  /** From the first byte to the last header. */
  readonly headersTimeoutMs: number;
  /** From the first byte to the last of the body. */
  readonly requestTimeoutMs: number;
  /** Silence in both directions, calls in work included; longer than the deadline of a call. */
  readonly idleTimeoutMs: number;
  readonly requestsPerSecond: number;
  readonly burst: number;
}

export const HTTP_LIMITS: HttpLimits = {
  maxBodyBytes: 262_144,
  maxConnections: 256,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 20_000,
  idleTimeoutMs: 120_000,
  requestsPerSecond: 50,
  burst: 200,
};

export interface HttpOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** Under which names it may be called, and from pages of which origins. */
  readonly names: NamePolicy;
  /** Absent: nobody is asked, which only a loopback address may do. */
  readonly authenticate?: Authenticate;
  readonly checkReady: CheckReady;
  readonly limits?: Partial<HttpLimits>;
  readonly clock: Clock;
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>;
}

export interface HttpServing {
  /** Where clients connect: `http://127.0.0.1:3333/mcp`. */
  readonly url: string;
  /** Calls in work now. */
  readonly callsInWork: () => number;
  /**
   * Stops: new calls get 503, calls in work get `graceMs` to end and are cancelled then. Resolves when every connection
   * is closed.
   */
  readonly close: (graceMs: number) => Promise<void>;
}

const MAX_SUBSCRIPTIONS = 16;
/**
 * Longer than proxies and clients keep a connection (60 s): with Node's five seconds, a request could meet a connection
 * that is closing, and fail.
 */
const KEEP_ALIVE_MS = 75_000;
/** How long a cancelled call's client has to take what it is told. */
const LAST_WORD_MS = 1000;

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/** The address of `host`. Throws AuditError `not_configured` where others could reach it and nobody asks who they are. */
async function addressToBind({ host, authenticate }: HttpOptions): Promise<string> {
  const { address, family } = await lookup(host.replace(/^\[(.*)\]$/u, '$1')).catch((error: unknown) => {
    throw new AuditError('not_configured', `The address ${host} to listen on is not known.`, {
      hint: 'Give an address of this machine: 127.0.0.1, 0.0.0.0 for all.',
      cause: error,
    });
  });
  if (authenticate !== undefined || loopback.check(address, family === 6 ? 'ipv6' : 'ipv4')) return address;
  throw new AuditError(
    'not_configured',
    `Listening on ${host} would open the audit log to the network without a token.`,
    {
      hint: 'Set PACHCA_AUDIT_HTTP_TOKEN_FILE (or PACHCA_AUDIT_HTTP_TOKEN), or listen on 127.0.0.1.',
    },
  );
}

/** How often Node looks for requests that are past their time: often enough for the shortest of the times. */
const checkIntervalMs = (limits: HttpLimits): number =>
  Math.max(10, Math.min(limits.headersTimeoutMs, limits.requestTimeoutMs) / 4);

function nodeServer(limits: HttpLimits): Server {
  const server = createServer({
    headersTimeout: Math.min(limits.headersTimeoutMs, limits.requestTimeoutMs),
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: checkIntervalMs(limits),
    requireHostHeader: false,
  });
  server.maxConnections = limits.maxConnections;
  server.timeout = limits.idleTimeoutMs;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  // Each call that waits behind another on a connection listens for its end: no leak.
  return server.on('connection', (socket) => void socket.setMaxListeners(0));
}

async function listen(server: Server, port: number, host: string): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const hint = 'Give an address of this machine, and a --port that nothing listens on; 0 for any free one.';
      const message = `Can not listen on ${host}:${port}: ${error.message}.`;
      reject(new AuditError('not_configured', message, { hint, cause: error }));
    });
    server.listen(port, host, resolve);
  });
  const bound = server.address();
  const { address, port: boundPort } = typeof bound === 'object' && bound !== null ? bound : { address: host, port };
  return `http://${address.includes(':') ? `[${address}]` : address}:${boundPort}/mcp`;
}

/** Serves `factory` until `close`. Throws AuditError `not_configured` where it may not, or can not, listen. */
export async function serveOverHttp(factory: McpServerFactory, options: HttpOptions): Promise<HttpServing> {
  const limits = { ...HTTP_LIMITS, ...options.limits };
  const { clock, names } = options;
  const host = await addressToBind(options);
  const handler = createMcpHandler(factory, {
    onerror: (error) => options.log.info('mcp_refused', { reason: error.message }),
    // Nothing of ours ever changes: a client may listen, but many streams would only hold connections.
    maxSubscriptions: MAX_SUBSCRIPTIONS,
  });
  const stop = new AbortController();
  // One listener a call in work is no leak.
  setMaxListeners(0, stop.signal);
  const doors = requests({
    names,
    authenticate: options.authenticate,
    rate: clientRate({ ...limits, clock }),
    maxBodyBytes: limits.maxBodyBytes,
    exchange: exchanger(handler),
    ready: readiness(options.checkReady, clock),
    signal: stop.signal,
    clock,
    log: options.log,
  });
  const server = nodeServer(limits)
    .on('request', (incoming, outgoing) => void doors.serve(incoming, outgoing))
    // Without this, Node would ask for a body before anybody looked at the head.
    .on('checkContinue', (incoming, outgoing) => void doors.serve(incoming, outgoing, () => outgoing.writeContinue()));
  const url = await listen(server, options.port, host);

  async function close(graceMs: number): Promise<void> {
    doors.stop();
    const enough = new AbortController();
    const grace = clock.sleep(graceMs, enough.signal).catch(() => undefined);
    await Promise.race([doors.drained(), grace]);
    enough.abort();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    stop.abort();
    await handler.close();
    const leave = new AbortController();
    await Promise.race([doors.drained(), clock.sleep(LAST_WORD_MS, leave.signal).catch(() => undefined)]);
    leave.abort();
    server.closeAllConnections();
    await doors.drained();
    await closed;
  }
  return { url, callsInWork: () => doors.callsInWork(), close };
}
