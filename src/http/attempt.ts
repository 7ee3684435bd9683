// Owns one attempt of one HTTP request: sockets, time limit, size limit. Decides nothing about repeats.
import { EventEmitter } from 'node:events';
import type { Dispatcher } from 'undici';

export interface AttemptRequest {
  method: 'GET' | 'POST';
  /** Path and query, from the root of the host. */
  path: string;
  headers: Record<string, string>;
  body?: string;
}

export interface Answer {
  kind: 'answer';
  status: number;
  text: string;
  requestId: string | undefined;
  retryAfter: string | undefined;
  /** `date` of the answer: what a `Retry-After` that is a date is relative to. */
  date: string | undefined;
}

/** No whole answer came. `network` is also a body that was cut short; only that and a `timeout` are worth a repeat. */
export interface NoAnswer {
  kind: 'none';
  reason: 'network' | 'timeout' | 'certificate' | 'too_large' | 'unsendable';
  /** What the socket said. */
  message: string;
}

export type Outcome = Answer | NoAnswer;

export interface Attempts {
  /** Throws only the signal's reason; everything else is an outcome. */
  send(request: AttemptRequest, signal?: AbortSignal): Promise<Outcome>;
  close(): Promise<void>;
}

export interface Proxy {
  readonly url: string;
  /** Hosts that are reached without it, separated by commas. */
  readonly noProxy: string;
}

export interface AttemptOptions {
  /** Scheme, host and port. */
  origin: string;
  /** From the start of an attempt, connecting included, to the last byte of its answer. */
  timeoutMs: number;
  maxBodyBytes: number;
  maxConnections: number;
  proxy?: Proxy;
}

// Errors by which undici tells a body over the limit, and a request that cannot be put on the wire.
const REASONS: Readonly<Record<string, NoAnswer['reason']>> = {
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'too_large',
  UND_ERR_INVALID_ARG: 'unsendable',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_PRX_TLS: 'certificate',
};
/** Node's names for a certificate that this machine does not take. */
const CERTIFICATE = /CERT|UNABLE_TO_VERIFY_LEAF/;

export function createAttempts(options: AttemptOptions): Attempts {
  let opening: Promise<Dispatcher> | undefined;
  // Loading undici takes longer than the rest of the start-up: it waits for the first request.
  const pool = () => (opening ??= import('./pool.ts').then(({ openPool }) => openPool(options)));
  return {
    send: async (request, signal) => sendOnce(await pool(), options, request, signal),
    async close() {
      await (await opening)?.destroy();
    },
  };
}

async function sendOnce(
  pool: Dispatcher,
  { origin, timeoutMs }: AttemptOptions,
  request: AttemptRequest,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  signal?.throwIfAborted();
  // By hand: AbortSignal.any() on a signal that lives as long as a read keeps every attempt in memory on Node 20. An emitter costs a
  // small part of what an AbortController does.
  const ended = new EventEmitter();
  const onAbort = () => ended.emit('abort');
  signal?.addEventListener('abort', onAbort, { once: true });
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    ended.emit('abort');
  }, timeoutMs);
  try {
    const { statusCode, headers, body } = await pool.request({ ...request, origin, signal: ended });
    return {
      kind: 'answer',
      status: statusCode,
      text: await body.text(),
      requestId: headerOf(headers, 'x-request-id'),
      retryAfter: headerOf(headers, 'retry-after'),
      date: headerOf(headers, 'date'),
    };
  } catch (error) {
    signal?.throwIfAborted();
    if (isLate) return { kind: 'none', reason: 'timeout', message: `no whole answer within ${timeoutMs} ms` };
    return noAnswer(error);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

function headerOf(headers: Readonly<Record<string, string | string[] | undefined>>, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function noAnswer(error: unknown): NoAnswer {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const message = error instanceof Error && error.message !== '' ? error.message : code || String(error);
  return { kind: 'none', reason: REASONS[code] ?? (CERTIFICATE.test(code) ? 'certificate' : 'network'), message };
}
