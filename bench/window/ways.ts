// Owns the ways of reading one window that are compared: ours, and what is usual elsewhere.
import { join } from 'node:path';
import { Client } from 'undici';
import { z } from 'zod';
import { createApiLog } from '../../src/audit/api-log.ts';
import type { AuditLog } from '../../src/audit/audit-log.ts';
import type { AuditQuery, TimeWindow } from '../../src/audit/query.ts';
import { createExporter } from '../../src/export/exporter.ts';
import { createHttpClient } from '../../src/http/create-http-client.ts';
import { createRateLimit } from '../../src/http/rate-limit.ts';
import { createStoredLog } from '../../src/store/stored-log.ts';
import { systemClock } from '../../src/system-clock.ts';

export interface Job {
  readonly url: string;
  readonly token: string;
  readonly window: TimeWindow;
  /** Requests a second that ours allows itself. */
  readonly perSecond: number;
  /** Reading ends after so many events; what was read shows the speed as well. */
  readonly atMost: number;
  readonly exportDir: string;
  /** The process kills itself with this request. */
  readonly dieAtRequest: number;
}

export interface Read {
  readonly events: number;
  readonly requests: number;
  readonly rejected: number;
}

export type Way = (job: Job) => Promise<Read>;

const pageSchema = z.object({
  data: z.array(z.unknown()),
  meta: z.object({ paginate: z.object({ next_page: z.string(), has_next: z.boolean() }) }),
});
type Page = z.output<typeof pageSchema>;

function targetOf({ url, token, window }: Job) {
  const { origin, pathname } = new URL(`${url}/audit_events`);
  const filters = {
    start_time: new Date(window.startMs).toISOString(),
    end_time: new Date(window.endMs).toISOString(),
    limit: '50',
  };
  const pathOf = (cursor: string | undefined) =>
    `${pathname}?${new URLSearchParams({ ...filters, ...(cursor === undefined ? {} : { cursor }) }).toString()}`;
  return { origin, pathOf, headers: { authorization: `Bearer ${token}` } };
}

/** One request after another: `readPage` gives page after page to `take`. */
async function pageThrough(
  atMost: number,
  readPage: (cursor: string | undefined) => Promise<Page>,
  take: (data: readonly unknown[]) => void,
): Promise<Read> {
  let [events, requests] = [0, 0];
  let cursor: string | undefined;
  do {
    const page = await readPage(cursor);
    requests += 1;
    events += page.data.length;
    take(page.data);
    cursor = page.meta.paginate.has_next ? page.meta.paginate.next_page : undefined;
  } while (cursor !== undefined && events < atMost);
  return { events, requests, rejected: 0 };
}

/** The leanest client there is, which keeps nothing and checks nothing. */
const sequential: Way = async (job) => {
  const { origin, pathOf, headers } = targetOf(job);
  const client = new Client(origin);
  let rejected = 0;
  const readPage = async (cursor: string | undefined): Promise<Page> => {
    for (;;) {
      const {
        body,
        statusCode,
        headers: said,
      } = await client.request({ method: 'GET', path: pathOf(cursor), headers });
      const text = await body.text();
      if (statusCode === 200) {
        const page: Page = JSON.parse(text);
        return page;
      }
      if (statusCode !== 429) throw new Error(`status ${statusCode}`);
      rejected += 1;
      await systemClock.sleep(Number(said['retry-after']) * 1000);
    }
  };
  try {
    return { ...(await pageThrough(job.atMost, readPage, () => undefined)), rejected };
  } finally {
    await client.close();
  }
};

function camelCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCased);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [
      key.replaceAll(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase()),
      camelCased(field),
    ]),
  );
}

/** As the vendor's SDK and a script around it: fetch, keys in camelCase, all in memory, serialised at the end. */
const sdk: Way = async (job) => {
  const { origin, pathOf, headers } = targetOf(job);
  const all: unknown[] = [];
  const readPage = async (cursor: string | undefined): Promise<Page> => {
    const response = await fetch(`${origin}${pathOf(cursor)}`, { headers });
    if (response.status !== 200) throw new Error(`status ${response.status}`);
    const page: Page = JSON.parse(await response.text());
    return page;
  };
  const read = await pageThrough(job.atMost, readPage, (data) => all.push(...data.map(camelCased)));
  if (JSON.stringify(all).length < read.events) throw new Error('nothing was serialised');
  return read;
};

function queryOf({ window }: Job): AuditQuery {
  return { window, order: 'oldest_first', timeZone: 'UTC', ownReads: 'keep' };
}

/** Our log over the API, with its requests counted. */
function openLog({ url, token, perSecond, dieAtRequest }: Job) {
  const counts = { requests: 0, rejected: 0 };
  const rateLimit = createRateLimit({ perSecond, clock: systemClock });
  const http = createHttpClient({
    baseUrl: url,
    token: () => token,
    userAgent: 'bench',
    clock: systemClock,
    rateLimit: {
      async acquire(signal) {
        await rateLimit.acquire(signal);
        counts.requests += 1;
        if (counts.requests === dieAtRequest) process.kill(process.pid, 'SIGKILL');
      },
      onRejected(retryAfterMs) {
        counts.rejected += 1;
        rateLimit.onRejected(retryAfterMs);
      },
      onAccepted: () => rateLimit.onAccepted(),
    },
  });
  return { log: createApiLog({ http, clock: systemClock, isOwnRead: () => false }), counts, http };
}

/** `log` as the program has it: with the local store in front, empty at the beginning. */
function withStore(inner: AuditLog, { url, exportDir }: Job): AuditLog {
  return createStoredLog({
    inner,
    dir: join(exportDir, 'store'),
    scope: () => Promise.resolve({ apiUrl: url, ownerId: '1' }),
    clock: systemClock,
    isOwnRead: () => false,
  });
}

async function exportAll(job: Job, auditLog: AuditLog, { counts, http }: ReturnType<typeof openLog>): Promise<Read> {
  const exporter = createExporter({
    auditLog,
    clock: systemClock,
    exportDir: job.exportDir,
    programVersion: '0.0.0',
    source: { kind: 'api', location: job.url },
    logId: () => Promise.resolve('1000'),
    isOwnRead: () => false,
  });
  const request = { query: queryOf(job), format: 'ndjson', compression: 'none', overwrite: true } as const;
  const result = await exporter.start(request);
  await http.close();
  if (result.status !== 'done') throw new Error(`incomplete: ${JSON.stringify(result.coverage)}`);
  return { events: result.manifest.events, ...counts };
}

/** The whole of ours but the store: read side by side, kept part by part with sync, one file in order with manifest and digest. */
const exported: Way = async (job) => {
  const opened = openLog(job);
  return exportAll(job, opened.log, opened);
};

/** As the program does it: what is read goes into the local store as well. */
const kept: Way = async (job) => {
  const opened = openLog(job);
  return exportAll(job, withStore(opened.log, job), opened);
};

/** As rules and counts read: in order, nothing kept. */
const ordered: Way = async (job) => {
  const { log, counts, http } = openLog(job);
  const read = log.read(queryOf(job));
  let events = 0;
  for await (const batch of read.batches) events += batch.length;
  await http.close();
  if (!read.coverage().complete) throw new Error(`incomplete: ${JSON.stringify(read.coverage())}`);
  return { events, ...counts };
};

export const WAYS = { sequential, sdk, export: exported, kept, ordered } as const satisfies Record<string, Way>;
export type WayName = keyof typeof WAYS;
