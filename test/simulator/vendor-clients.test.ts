// Requests as the vendor's own clients make them, recorded against another stand-in of the API, played back here.
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { plainEvents } from '../../src/simulator/plain-events.ts';
import { type Simulator, startSimulator } from '../../src/simulator/server.ts';
import { eventSchema, paginateSchema, withSimulator } from './wire-client.ts';

const recordedSchema = z.object({
  client: z.enum(['cli', 'sdk']),
  method: z.enum(['GET', 'POST']),
  path: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.unknown().optional(),
  status: z.int(),
});
type Recorded = z.output<typeof recordedSchema>;

const recorded: Recorded[] = readFileSync(new URL('./vendor-requests.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => recordedSchema.parse(JSON.parse(line)));

const START = Date.parse('2026-10-01T00:00:00Z');
const END = Date.parse('2026-10-02T00:00:00Z');
const user = z.object({
  id: z.int(),
  first_name: z.string(),
  role: z.string(),
  bot: z.boolean(),
  suspended: z.boolean(),
});
/** The documented shape of each answer. */
const SHAPES: readonly (readonly [RegExp, z.ZodType])[] = [
  [/\/audit_events/, z.object({ data: z.array(eventSchema), meta: z.object({ paginate: paginateSchema }) })],
  [
    /\/oauth\/token\/info$/,
    z.object({
      data: z.object({ scopes: z.array(z.string()), user_id: z.int(), name: z.string(), token: z.string() }),
    }),
  ],
  [/\/users\/\d+$/, z.object({ data: user })],
  [/\/users\?/, z.object({ data: z.array(user), meta: z.object({ paginate: paginateSchema }) })],
  [/\/messages$/, z.object({ data: z.object({ id: z.int(), content: z.string(), entity_id: z.int() }) })],
];

interface Sent {
  status: number;
  body: unknown;
}

/** The request with its headers as they stood, and nothing added: fetch would put its own beside them. */
function send(simulator: Simulator, { method, headers, body }: Recorded, path: string): Promise<Sent> {
  const payload = body === undefined ? undefined : JSON.stringify(body);
  const authorization = `Bearer ${simulator.token}`;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port: simulator.port, path, method, headers: { ...headers, authorization } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString()) });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(payload);
  });
}

describe("the vendor's recorded requests", () => {
  let simulator: Simulator;
  beforeAll(async () => {
    const events = plainEvents({ count: 4000, startMs: START, endMs: END });
    simulator = await startSimulator({ events, now: () => END + 3_600_000 });
  });
  afterAll(() => simulator.close());

  test.each(recorded.map((entry) => [entry.client, entry.method, entry.path, entry] as const))(
    '%s %s %s gets the recorded status and a body of the documented shape',
    async (_client, _method, _path, entry) => {
      const { status, body } = await send(simulator, entry, entry.path);
      expect(status).toBe(entry.status);
      const shape = SHAPES.find(([path]) => path.test(entry.path))?.[1];
      expect(shape?.safeParse(body)).toMatchObject({ success: true });
    },
  );

  test('are all here: both clients, every endpoint', () => {
    expect(recorded).toHaveLength(15);
    expect(new Set(recorded.map((entry) => entry.client))).toEqual(new Set(['cli', 'sdk']));
    for (const [path] of SHAPES) expect(recorded.some((entry) => path.test(entry.path))).toBe(true);
  });
});

describe("the vendor's paging loops", () => {
  const window = 'start_time=2026-10-01T00%3A00%3A00Z&end_time=2026-10-02T00%3A00%3A00Z';
  const first = (client: 'cli' | 'sdk'): Recorded => {
    const found = recorded.find((entry) => entry.client === client && entry.path.includes('end_time'));
    if (found === undefined) throw new Error(`no request of ${client}`);
    return found;
  };

  /** `cli` sends no limit, `sdk` sends 50; both follow `next_page` until `has_next` is false or a page is empty. */
  async function readAll(simulator: Simulator, client: 'cli' | 'sdk'): Promise<string[]> {
    const ids: string[] = [];
    const seen = new Set<string>();
    const query = client === 'sdk' ? `${window}&limit=50` : window;
    let cursor = '';
    for (;;) {
      const path = `/api/shared/v1/audit_events?${query}${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const { status, body } = await send(simulator, first(client), path);
      expect(status).toBe(200);
      const { data, meta } = z
        .object({ data: z.array(eventSchema), meta: z.object({ paginate: paginateSchema.partial() }).optional() })
        .parse(body);
      ids.push(...data.map((event) => event.id));
      const next = meta?.paginate.next_page;
      if (data.length === 0 || meta?.paginate.has_next === false || next === undefined || seen.has(next)) return ids;
      seen.add(next);
      cursor = next;
    }
  }

  test.each([
    ['cli', 'new'],
    ['sdk', 'new'],
    ['cli', 'old'],
    ['sdk', 'old_until_empty'],
  ] as const)('%s reads every event once over the %s form of paginate', async (client, paginateForm) => {
    const events = [...plainEvents({ count: 1777, startMs: START, endMs: END, ties: 120 })];
    const options = { events, now: () => END + 3_600_000, rateLimit: null, paginateForm };
    await withSimulator(startSimulator(options), async (simulator) => {
      const ids = await readAll(simulator, client);
      expect(ids.toSorted()).toEqual(events.map((event) => event.id).toSorted());
    });
  });
});
