// Owns the simulator: a stand-in of the Pachca API on a real socket. See DIFFERENCES.md for what it does not imitate.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';
import { oauthErrorAnswer, errorsAnswer } from './answer.ts';
import { answerRequest, type ApiParts, type ApiRequest } from './api.ts';
import { createCursorCodec } from './cursor.ts';
import { createEventLog } from './event-log.ts';
import { NEWER_EVENT_KEYS, SIM_EVENT_KEYS } from './event-keys.ts';
import { createFaultSource, type Faults, faultsOf, type FaultSource, SENTINEL_ENTITY_IDS } from './faults.ts';
import { createMessageBox, type MessageBox } from './message-endpoint.ts';
import type { SimUser } from './model.ts';
import type { RequestCounters, Simulator, SimulatorOptions } from './options.ts';

export type { Simulator, SimulatorOptions } from './options.ts';
import { createRandom } from './random.ts';
import { createRateLimiter, type RateLimit, type RateLimiter } from './rate-limit.ts';
import { DEMO_TOKEN, demoTokens, OWNER_SCOPES, type TokenEntry } from './tokens.ts';
import { minimalUsers } from './minimal-users.ts';
import { gatewayAnswer, headerText, rateLimitedAnswer, readBody, sendAnswer } from './wire.ts';

const BASE_PATH = '/api/shared/v1';
const steadyNow = (): number => performance.now();

/** Everything that one running simulator holds. */
interface Running {
  options: SimulatorOptions;
  now: () => number;
  parts: ApiParts;
  tokens: ReadonlyMap<string, TokenEntry>;
  limiter: RateLimiter | undefined;
  faults: FaultSource;
  counters: RequestCounters;
  inFlight: number;
  requestId: () => string;
}

function clockOf({ now, company }: SimulatorOptions): () => number {
  if (now !== undefined) return now;
  if (company === undefined) return () => Date.now();
  const startedAt = steadyNow();
  return () => company.now + Math.floor(steadyNow() - startedAt);
}

function limiterOf(limit: number | RateLimit | null | undefined, standard: number): RateLimiter | undefined {
  if (limit === null) return undefined;
  const chosen = limit ?? standard;
  return createRateLimiter(typeof chosen === 'number' ? { perSecond: chosen } : chosen, steadyNow);
}

/** Ids in the order of their making (version 7), so that what comes later in one millisecond also sorts later. */
function orderedIds(now: () => number, seed: number, of: 'events' | 'requests'): () => string {
  const random = createRandom(seed).fork(of);
  let counter = 0;
  return () => {
    counter += 1;
    const time = Math.floor(now()).toString(16).padStart(12, '0');
    const low = (counter & 0xfff).toString(16).padStart(3, '0');
    const high = ((counter >>> 12) & 0xfff).toString(16).padStart(3, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${high}-8${low}-${random.uuid().slice(-12)}`;
  };
}

function partsOf(options: SimulatorOptions, now: () => number, users: readonly SimUser[], box: MessageBox): ApiParts {
  const seed = options.seed ?? 1;
  const knownKeys = new Set<string>([...SIM_EVENT_KEYS, ...NEWER_EVENT_KEYS, ...(options.extraEventKeys ?? [])]);
  const random = createRandom(seed).fork('pages');
  return {
    users,
    ownerId: options.ownerId ?? options.company?.ownerId ?? 1000,
    log: createEventLog(options.events ?? options.company?.events ?? []),
    cursors: createCursorCodec(`simulator ${seed}`),
    messages: box,
    form: options.paginateForm ?? 'new',
    rules: () => ({
      knownKeys,
      endTimeInclusive: options.endTimeInclusive ?? true,
      maxRangeDays: options.maxRangeDays ?? null,
      retentionDays: options.retentionDays === undefined ? 90 : options.retentionDays,
      nowMs: now(),
    }),
    logsOwnReads: options.logsOwnReads ?? true,
    random: () => random.next(),
    eventId: orderedIds(now, seed, 'events'),
    lateByMs: options.faults?.lateByMs ?? 60_000,
  };
}

function tokensOf(options: SimulatorOptions, users: readonly SimUser[], ownerId: number): Map<string, TokenEntry> {
  const administrator = users.find((user) => user.id !== ownerId && user.role === 'admin');
  const owner = { token: options.token ?? DEMO_TOKEN, name: 'Security', scopes: OWNER_SCOPES };
  const entries = [...demoTokens(administrator?.id ?? 0), owner, ...(options.tokens ?? [])];
  return new Map(entries.map((entry) => [entry.token, entry]));
}

/** What a request without a usable token hears; undefined where the token is fine. */
function refuseToken(header: string | undefined, entry: TokenEntry | undefined): Answer | undefined {
  if (header === undefined) return oauthErrorAnswer(401, 'invalid_token', 'Access token is missing');
  if (entry === undefined) return oauthErrorAnswer(401, 'invalid_token', 'Access token is invalid');
  if (entry.revoked === true) return oauthErrorAnswer(401, 'invalid_token', 'Access token was revoked');
  return undefined;
}

function faultsFor(running: Running, path: string, params: URLSearchParams, token: TokenEntry): Faults {
  if (token.fault !== undefined) return faultsOf(token.fault);
  const reads = path === '/audit_events';
  const sentinel = reads ? SENTINEL_ENTITY_IDS.get(params.get('entity_id') ?? '') : undefined;
  if (sentinel !== undefined) return faultsOf(sentinel);
  return reads || running.options.faults?.everywhere === true ? running.faults.next() : {};
}

interface Outcome {
  answer: Answer;
  faults: Faults;
}

/** The answer to one request, before latency and what the way does to it. */
async function respond(running: Running, request: IncomingMessage): Promise<Outcome> {
  const url = new URL(request.url ?? '/', 'http://simulator');
  const header = request.headers.authorization;
  const token = running.tokens.get(/^Bearer (.+)$/.exec(header ?? '')?.[1] ?? '');
  const refusal = refuseToken(header, token);
  if (refusal !== undefined || token === undefined) return { answer: refusal ?? notHere(url), faults: {} };
  if (!url.pathname.startsWith(`${BASE_PATH}/`)) return { answer: notHere(url), faults: {} };
  const waitMs = running.limiter?.take(token.token);
  if (waitMs !== undefined) return { answer: rateLimitedAnswer(waitMs, 'seconds', running.now()), faults: {} };
  const path = url.pathname.slice(BASE_PATH.length);
  const faults = faultsFor(running, path, url.searchParams, token);
  const planned = plannedAnswer(running, faults);
  if (planned !== undefined) return { answer: planned, faults };
  const body = request.method === 'POST' ? await readBody(request) : '';
  const apiRequest: ApiRequest = {
    method: request.method ?? 'GET',
    path,
    params: url.searchParams,
    body: body ?? '',
    userAgent: headerText(request.headers['user-agent']),
    ipAddress: (request.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    ...(faults.page !== undefined && { pageFault: faults.page }),
  };
  return { answer: answerRequest(running.parts, apiRequest, token), faults };
}

function notHere(url: URL): Answer {
  return errorsAnswer(404, { key: 'path', value: url.pathname, message: 'Не найдено', code: 'not_found' });
}

/** Faults that end a request before it reaches the API. */
function plannedAnswer(running: Running, { transport }: Faults): Answer | undefined {
  if (transport === 'bad_gateway') return gatewayAnswer(502);
  if (transport === 'unavailable') return gatewayAnswer(503);
  if (transport !== 'rate_limited') return undefined;
  const waitMs = (running.options.faults?.retryAfterSeconds ?? 1) * 1000;
  return rateLimitedAnswer(waitMs, running.faults.retryAfterForm(), running.now());
}

function count(running: Running, request: IncomingMessage, { answer, faults }: Outcome): void {
  const { counters, options } = running;
  const status = faults.transport === 'dropped' ? 0 : answer.status;
  const url = request.url ?? '/';
  counters.total += 1;
  counters.byStatus[status] = (counters.byStatus[status] ?? 0) + 1;
  if (status === 200) {
    const path = url.replace(/\?.*$/s, '').replace(BASE_PATH, '');
    counters.okByPath[path] = (counters.okByPath[path] ?? 0) + 1;
  }
  options.onRequest?.({ method: request.method ?? 'GET', url, headers: request.headers, status });
}

async function serve(running: Running, request: IncomingMessage, response: ServerResponse): Promise<void> {
  running.inFlight += 1;
  running.counters.maxInFlight = Math.max(running.counters.maxInFlight, running.inFlight);
  try {
    const outcome = await respond(running, request);
    count(running, request, outcome);
    const { latencyMs = 0, faults } = running.options;
    const latency = typeof latencyMs === 'number' ? latencyMs : latencyMs();
    const slow = outcome.faults.transport === 'slow' ? (faults?.slowMs ?? 3000) : 0;
    await sendAnswer(response, outcome.answer, {
      requestId: running.requestId(),
      nowMs: running.now(),
      waitMs: latency + slow,
      fault: outcome.faults.transport,
    });
  } catch (error) {
    // A mistake of the simulator itself must look like one, not like a fault that was asked for.
    const message = error instanceof Error ? error.message : String(error);
    if (response.headersSent) response.destroy();
    else response.writeHead(500).end(errorsAnswer(500, { key: 'base', value: null, message, code: 'unhandled' }).body);
  } finally {
    running.inFlight -= 1;
  }
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/** Starts a stand-in of the API. The caller closes it. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const now = clockOf(options);
  const users = options.users ?? options.company?.users ?? minimalUsers(now());
  const chats = limiterOf(options.messageRateLimit, 4);
  const box = createMessageBox(users, (chat) => chats?.take(chat));
  const parts = partsOf(options, now, users, box);
  const running: Running = {
    options,
    now,
    parts,
    tokens: tokensOf(options, users, parts.ownerId),
    limiter: limiterOf(options.rateLimit, 50),
    faults: createFaultSource(options.faults ?? {}),
    counters: { total: 0, byStatus: {}, okByPath: {}, maxInFlight: 0 },
    inFlight: 0,
    requestId: orderedIds(now, options.seed ?? 1, 'requests'),
  };
  const server = createServer({ noDelay: true, keepAliveTimeout: 75_000 }, (request, response) => {
    void serve(running, request, response);
  });
  const host = options.host ?? '127.0.0.1';
  const port = await listen(server, host, options.port ?? 0);
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}${BASE_PATH}`,
    port,
    token: options.token ?? DEMO_TOKEN,
    ownerId: parts.ownerId,
    requests: running.counters,
    messages: box.messages,
    append(events) {
      for (const event of events) parts.log.insert(event);
    },
    events: () => parts.log.events(),
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
