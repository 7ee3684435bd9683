// Owns a small server of GET /users, GET /users/{id} and GET /oauth/token/info for tests that need odd people or answers.
import { onTestFinished } from 'vitest';
import { createHttpClient } from '../../src/http/create-http-client.ts';
import type { HttpClient } from '../../src/http/http-client.ts';
import { createRateLimit } from '../../src/http/rate-limit.ts';
import { createInstantClock, type InstantClock } from './instant-clock.ts';
import { sendJson, startLocalServer, type LocalServer } from './local-server.ts';

export interface ApiUser {
  id: number;
  first_name?: string | null;
  last_name?: string | null;
  nickname?: string | null;
  email?: string | null;
  role?: string;
  bot?: boolean;
  suspended?: boolean;
}

export interface PeopleApi {
  readonly http: HttpClient;
  readonly clock: InstantClock;
  readonly server: LocalServer;
  /** Paths and queries asked so far. */
  asked(): string[];
}

export interface PeopleApiOptions {
  users?: readonly ApiUser[];
  /** Known by id and missing from the list. */
  unlisted?: readonly ApiUser[];
  /** Answers instead of everything else, where it gives something. */
  answer?: (path: string, index: number) => { status: number; body: unknown } | undefined;
  /** Requests for this path are never answered. */
  hangsAt?: string;
  /** Told of each such request. */
  onHang?: () => void;
  /** The old form of `paginate`: only `next_page`, absent at the end. */
  oldPaginate?: boolean;
  /** The list gives the cursor of its first page for ever. */
  loops?: boolean;
}

export async function startPeopleApi(options: PeopleApiOptions = {}): Promise<PeopleApi> {
  const { users = [], unlisted = [] } = options;
  const server = await startLocalServer((request, response, index) => {
    const path = request.url.pathname + request.url.search;
    if (path === options.hangsAt) return options.onHang?.();
    const { status, body } = options.answer?.(path, index) ?? answerTo(request.url, users, unlisted, options);
    sendJson(response, status, body);
  });
  const clock = createInstantClock();
  const rateLimit = createRateLimit({ perSecond: 1000, clock });
  const token = () => 'test-token';
  const http = createHttpClient({ baseUrl: server.url, token, userAgent: 'test', clock, rateLimit });
  onTestFinished(() => http.close());
  return { http, clock, server, asked: () => server.requests.map(({ url }) => url.pathname + url.search) };
}

export const MISSING_SCOPE = {
  status: 403,
  body: { error: 'insufficient_scope', error_description: 'The token lacks the scope users:read' },
};

function answerTo(
  url: URL,
  users: readonly ApiUser[],
  unlisted: readonly ApiUser[],
  { oldPaginate = false, loops = false }: PeopleApiOptions,
): { status: number; body: unknown } {
  const id = /^\/users\/(\d+)$/.exec(url.pathname)?.[1];
  if (id !== undefined) {
    const user = [...users, ...unlisted].find((candidate) => String(candidate.id) === id);
    if (user !== undefined) return { status: 200, body: { data: user } };
    return {
      status: 404,
      body: { errors: [{ key: 'id', value: id, message: 'Не найдено', code: 'not_found', payload: null }] },
    };
  }
  const from = Number(url.searchParams.get('cursor') ?? 0);
  const to = from + Number(url.searchParams.get('limit') ?? 50);
  const hasNext = loops || to < users.length;
  const next = loops ? '0' : String(to);
  const paginate = oldPaginate
    ? hasNext
      ? { next_page: next }
      : {}
    : { next_page: next, prev_page: String(from), has_next: hasNext, has_prev: from > 0 };
  return { status: 200, body: { data: users.slice(from, to), meta: { paginate } } };
}

/** People with the ids 1 to `count`. */
export const company = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: index + 1, first_name: 'Имя', last_name: `Номер${index + 1}` }));
/** Their ids, or those of others. */
export const ids = (count: number, from = 1) => Array.from({ length: count }, (_, index) => String(index + from));
