// Owns the requests for people: GET /users page by page, and GET /users/{id}; they need the scope users:read.
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { AuditError } from '../errors.ts';
import type { CallOptions, HttpClient } from '../http/http-client.ts';
import { personOf, userSchema, type Person } from './person.ts';

export interface PeoplePage {
  readonly people: readonly Person[];
  readonly isLast: boolean;
}

export interface PeopleReader {
  /** The list of everybody, at most `maxPages` pages of it. Throws AuditError. */
  pages(maxPages: number, options?: CallOptions): AsyncIterable<PeoplePage>;
  /** Undefined where nobody has the id. Throws AuditError. */
  one(id: string, options?: CallOptions): Promise<Person | undefined>;
}

/** Short: whoever has just granted the scope tries again at once. */
const REFUSAL_KEPT_MS = 60_000;
const PAGE_LIMIT = '50';

const pageBody = z.object({
  data: z.array(z.unknown()),
  meta: z
    .object({ paginate: z.object({ next_page: z.string().nullish(), has_next: z.boolean().nullish() }).nullish() })
    .nullish(),
});
const userBody = z.object({ data: userSchema });

export function createPeopleReader(http: HttpClient, clock: Pick<Clock, 'now'>): PeopleReader {
  let refusal: { error: unknown; untilMs: number } | undefined;

  /** A missing scope stays missing: no request is spent on it again while it is remembered. */
  const get: HttpClient['get'] = async (path, query, options) => {
    if (refusal !== undefined && clock.now() < refusal.untilMs) throw refusal.error;
    try {
      return await http.get(path, query, options);
    } catch (error) {
      if (error instanceof AuditError && error.code === 'missing_scope') {
        refusal = { error, untilMs: clock.now() + REFUSAL_KEPT_MS };
      }
      throw error;
    }
  };

  return {
    async *pages(maxPages, options) {
      const seen = new Set<string>();
      let cursor: string | undefined;
      for (let page = 0; page < maxPages; page += 1) {
        const { body } = await get('/users', { limit: PAGE_LIMIT, cursor }, options);
        const { people, next } = readPage(body);
        yield { people, isLast: next === undefined };
        if (next === undefined) return;
        if (seen.has(next))
          throw new AuditError('bad_response', 'GET /users gave the same cursor twice: the list has no end');
        seen.add(next);
        cursor = next;
      }
    },
    async one(id, options) {
      try {
        const { body } = await get(`/users/${id}`, {}, options);
        const parsed = userBody.safeParse(body);
        if (!parsed.success) throw new AuditError('bad_response', 'GET /users/{id} answered without a user');
        return personOf(parsed.data.data);
      } catch (error) {
        if (error instanceof AuditError && error.code === 'not_found') return undefined;
        throw error;
      }
    },
  };
}

/** Both forms of `paginate`: the end is `has_next: false`, or no next page, or an empty page that promises nothing. */
function readPage(body: unknown): { people: Person[]; next: string | undefined } {
  const parsed = pageBody.safeParse(body);
  if (!parsed.success) throw new AuditError('bad_response', 'GET /users answered without a list');
  const { data, meta } = parsed.data;
  const people = data.flatMap((item) => {
    const user = userSchema.safeParse(item);
    return user.success ? [personOf(user.data)] : [];
  });
  const { next_page: next, has_next: hasNext } = meta?.paginate ?? {};
  const isEnd = !next || hasNext === false || (data.length === 0 && hasNext !== true);
  return { people, next: isEnd ? undefined : next };
}
