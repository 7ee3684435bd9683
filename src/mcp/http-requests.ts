// Owns the way of one request through the doors: names, route, rate, token, body, and then the protocol.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Authenticate, Client } from './authenticate.ts';
import type { ClientRate } from './client-rate.ts';
import { readJsonBody, refusedBody } from './http-body.ts';
import type { Exchanger } from './http-exchange.ts';
import { corsHeaders, isPreflight, PREFLIGHT_HEADERS, refusalOf, routeOf, type NamePolicy } from './http-guard.ts';
import { LIVE, STOPPING, type Health } from './http-health.ts';
import { refusalLog, type LogRefusal } from './http-refusal-log.ts';
import { refuse, sendJson, type Refusal } from './http-refusal.ts';

export interface RequestOptions {
  readonly names: NamePolicy;
  readonly authenticate: Authenticate | undefined;
  readonly rate: ClientRate;
  readonly maxBodyBytes: number;
  readonly exchange: Exchanger;
  readonly ready: () => Promise<Health>;
  /** Aborted when calls in work are cancelled. */
  readonly signal: AbortSignal;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Pick<Log, 'warn' | 'error'>;
}

export interface Requests {
  /** Answers one request; `proceed` tells a client that waits for it to send its body. Never rejects. */
  serve(incoming: IncomingMessage, outgoing: ServerResponse, proceed?: () => void): Promise<void>;
  /** From now on new calls get 503. */
  stop(): void;
  callsInWork(): number;
  /** Resolves when the calls in work now are answered. */
  drained(): Promise<void>;
}

const STOPPING_REFUSAL: Refusal = {
  status: 503,
  message: 'The server is stopping',
  headers: { 'retry-after': '5', connection: 'close' },
};
const BROKEN_REFUSAL: Refusal = { status: 500, message: 'Internal error' };

const tooMany = (seconds: number): Refusal => ({
  status: 429,
  message: 'Too many requests',
  headers: { 'retry-after': String(seconds) },
});

/** A stream of changes lives until its client leaves: nothing to wait for at the end. */
function isCall(body: object): boolean {
  return !('method' in body) || body.method !== 'subscriptions/listen';
}

type Admission = { readonly client: Client | undefined } | { readonly refusal: Refusal; readonly reason?: string };

/** All that the head of a call decides: rate, token, type and size. */
async function admit(incoming: IncomingMessage, options: RequestOptions): Promise<Admission> {
  const seconds = options.rate.take(incoming.socket.remoteAddress ?? '');
  if (seconds > 0) return { refusal: tooMany(seconds) };
  const authentication = await options.authenticate?.(incoming);
  if (authentication?.refusal !== undefined) return authentication;
  const refusal = refusedBody(incoming, options.maxBodyBytes);
  return refusal === undefined ? { client: authentication?.client } : { refusal };
}

/** The body of an admitted call; a batch of the 2025 protocol costs as much as its messages one by one. */
async function readMessages(incoming: IncomingMessage, { maxBodyBytes, rate }: RequestOptions) {
  const body = await readJsonBody(incoming, maxBodyBytes);
  if (body.refusal !== undefined || !Array.isArray(body.value) || body.value.length < 2) return body;
  const seconds = rate.take(incoming.socket.remoteAddress ?? '', body.value.length - 1);
  return seconds > 0 ? { refusal: tooMany(seconds) } : body;
}

/** The calls of `/mcp`: each is admitted, read, handed to the protocol, and counted until it is answered. */
function createCalls(options: RequestOptions, logRefusal: LogRefusal) {
  const inWork = new Set<Promise<void>>();
  let isStopping = false;

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse, proceed?: () => void) {
    const headers = corsHeaders(incoming, options.names);
    const no = (refusal: Refusal, reason?: string) => {
      logRefusal(incoming, refusal, reason);
      refuse(incoming, outgoing, { ...refusal, headers: { ...headers, ...refusal.headers } });
    };
    const admission = isStopping ? { refusal: STOPPING_REFUSAL } : await admit(incoming, options);
    if ('refusal' in admission) return no(admission.refusal, admission.reason);
    proceed?.();
    // A client that goes away, or is cut for being slow, has nobody left to answer.
    const body = await readMessages(incoming, options).catch(() => undefined);
    if (body === undefined) return undefined;
    if (body.refusal !== undefined) return no(body.refusal);
    if (isStopping) return no(STOPPING_REFUSAL);
    const { client } = admission;
    const call = options
      .exchange({ incoming, outgoing, body: body.value, client, headers, signal: options.signal })
      .catch((error: unknown) => {
        options.log.error('http_failed', { error });
        if (!outgoing.headersSent) refuse(incoming, outgoing, isStopping ? STOPPING_REFUSAL : BROKEN_REFUSAL);
      })
      .finally(() => inWork.delete(call));
    if (isCall(body.value)) inWork.add(call);
    return call;
  }

  return {
    serve,
    stop: () => {
      isStopping = true;
    },
    isStopping: () => isStopping,
    inWork: () => inWork.size,
    drained: async () => {
      await Promise.allSettled(inWork);
    },
  };
}

export function requests(options: RequestOptions): Requests {
  const logRefusal = refusalLog(options.log, options.clock);
  const calls = createCalls(options, logRefusal);

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse, proceed?: () => void) {
    const refusal = refusalOf(incoming, options.names);
    if (refusal !== undefined) {
      logRefusal(incoming, refusal);
      return refuse(incoming, outgoing, refusal);
    }
    if (isPreflight(incoming, options.names)) {
      outgoing.writeHead(204, { ...corsHeaders(incoming, options.names), ...PREFLIGHT_HEADERS }).end();
      return undefined;
    }
    const route = routeOf(incoming);
    if (route === '/mcp') return calls.serve(incoming, outgoing, proceed);
    const readiness = calls.isStopping() ? STOPPING : await options.ready();
    const { status, body } = route === '/healthz' ? LIVE : readiness;
    return sendJson(outgoing, status, body);
  }

  return { serve, stop: calls.stop, callsInWork: calls.inWork, drained: calls.drained };
}
