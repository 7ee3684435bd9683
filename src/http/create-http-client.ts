// Owns calls to the API: address, headers, repeats of what may be repeated, and errors in the program's own words.
import type { Clock } from '../clock.ts';
import { AuditError } from '../errors.ts';
import { errorOfAnswer, errorOfNoAnswer, errorOfUnreadable } from './answer-error.ts';
import {
  createAttempts,
  type Answer,
  type AttemptRequest,
  type Attempts,
  type Outcome,
  type Proxy,
} from './attempt.ts';
import type { CallOptions, HttpClient, HttpResponse } from './http-client.ts';
import { redact } from '../text/redact.ts';
import type { RateLimit } from './rate-limit.ts';
import { retryAfterMs } from './retry-after.ts';
import { isWorthRepeating, pauseMs, RETRY_POLICY, type RetryPolicy } from './retry.ts';

export interface HttpClientOptions {
  /** Scheme, host and the path that stands before every path, such as "https://host/api/shared/v1". */
  baseUrl: string;
  /** Asked before every attempt. */
  token: () => string;
  userAgent: string;
  /** Where https goes through; plain http never leaves this machine. */
  proxy?: Proxy;
  clock: Clock;
  /** One for all clients of one token. */
  rateLimit: RateLimit;
  /** Time limit of one attempt. */
  timeoutMs?: number;
  maxBodyBytes?: number;
  maxConnections?: number;
  retry?: Partial<RetryPolicy>;
}

const TIMEOUT_MS = 30_000;
const MAX_BODY_BYTES = 32 * 1024 * 1024;
const MAX_CONNECTIONS = 64;

interface Parts {
  readonly attempts: Attempts;
  readonly token: () => string;
  readonly userAgent: string;
  readonly clock: Clock;
  readonly rateLimit: RateLimit;
  readonly retry: RetryPolicy;
}

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { origin, pathname } = new URL(options.baseUrl);
  const root = pathname.replace(/\/+$/u, '');
  const attempts = createAttempts({
    origin,
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    maxBodyBytes: options.maxBodyBytes ?? MAX_BODY_BYTES,
    maxConnections: options.maxConnections ?? MAX_CONNECTIONS,
    ...(options.proxy === undefined ? {} : { proxy: options.proxy }),
  });
  const { token, userAgent, clock, rateLimit } = options;
  const parts: Parts = { attempts, token, userAgent, clock, rateLimit, retry: { ...RETRY_POLICY, ...options.retry } };
  return {
    get: (path, query, call = {}) =>
      callWithRepeats(parts, { method: 'GET', path: root + path + queryString(query) }, `GET ${path}`, call),
    post: (path, body, call = {}) =>
      callWithRepeats(
        { ...parts, retry: { ...parts.retry, maxAttempts: 1 } },
        { method: 'POST', path: root + path, body: JSON.stringify(body) },
        `POST ${path}`,
        call,
      ),
    close: () => attempts.close(),
  };
}

function queryString(query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}

async function callWithRepeats(
  parts: Parts,
  request: Omit<AttemptRequest, 'headers'>,
  what: string,
  { signal, onAttempt }: CallOptions,
): Promise<HttpResponse> {
  const { clock, rateLimit, retry } = parts;
  for (let failures = 0; ; failures += 1) {
    await rateLimit.acquire(signal);
    onAttempt?.();
    const token = parts.token();
    refuseToSend(token, request.body, what);
    const outcome = await parts.attempts.send({ ...request, headers: headersOf(parts, request, token) }, signal);
    const body = outcome.kind === 'answer' ? parseJson(outcome.text) : undefined;
    const askedMs = askedPauseMs(outcome, clock.now());
    if (isRejected(outcome)) rateLimit.onRejected(askedMs);
    else if (outcome.kind === 'answer') rateLimit.onAccepted();
    if (isSuccess(outcome) && body !== undefined) return responseOf(outcome, body.value);

    const isOver = failures + 1 >= retry.maxAttempts || (askedMs ?? 0) > retry.longestRetryAfterMs;
    if (isOver || !isWorthRepeating(outcome, body !== undefined)) throw errorOf(outcome, body, what, token, askedMs);
    // After a 429 the whole process waits in the rate limit; a pause of our own on top would only add to it.
    if (!isRejected(outcome)) {
      await clock.sleep(Math.max(pauseMs(retry, failures + 1, clock), askedMs ?? 0), signal);
    }
  }
}

/** What somebody asks to be sent may hold what stands in a log or a prompt: the token goes into no body. */
function refuseToSend(token: string, body: string | undefined, what: string): void {
  if (body === undefined || redact(body, [token]) === body) return;
  throw new AuditError('invalid_input', `${what} was not sent: the text holds the token of this server.`, {
    hint: 'Leave the token out of the text. Whoever showed it to you should replace it.',
  });
}

function headersOf(parts: Parts, request: Omit<AttemptRequest, 'headers'>, token: string): Record<string, string> {
  if (!/^[\x21-\x7e]+$/u.test(token)) {
    throw new AuditError('invalid_token', 'The token is empty or holds characters that no token has');
  }
  return {
    authorization: `Bearer ${token}`,
    accept: 'application/json',
    'user-agent': parts.userAgent,
    ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
  };
}

/** The value in a box, so that a body of `null` is told from one that is no JSON. */
function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function isSuccess(outcome: Outcome): outcome is Answer {
  return outcome.kind === 'answer' && outcome.status >= 200 && outcome.status < 300;
}

function isRejected(outcome: Outcome): boolean {
  return outcome.kind === 'answer' && outcome.status === 429;
}

function askedPauseMs(outcome: Outcome, nowMs: number): number | undefined {
  return outcome.kind === 'answer' ? retryAfterMs(outcome.retryAfter, outcome.date, nowMs) : undefined;
}

function responseOf({ status, requestId, date }: Answer, body: unknown): HttpResponse {
  const dateMs = Date.parse(date ?? '');
  return {
    status,
    body,
    ...(requestId === undefined ? {} : { requestId }),
    ...(Number.isNaN(dateMs) ? {} : { dateMs }),
  };
}

function errorOf(
  outcome: Outcome,
  body: { value: unknown } | undefined,
  what: string,
  token: string,
  askedMs: number | undefined,
): AuditError {
  if (outcome.kind === 'none') return errorOfNoAnswer(outcome, what, token);
  if (isSuccess(outcome)) return errorOfUnreadable(outcome, what, token);
  const retryAfterSeconds = askedMs === undefined ? undefined : Math.ceil(askedMs / 1000);
  return errorOfAnswer(outcome, body?.value, { what, token, retryAfterSeconds });
}
