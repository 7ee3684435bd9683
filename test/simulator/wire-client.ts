// Owns how the simulator's tests speak HTTP: plain fetch, so that no client of ours hides what is on the wire.
import { z } from 'zod';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/server.ts';
import { plainEvents } from '../../src/simulator/plain-events.ts';

export const START = Date.parse('2026-03-01T00:00:00Z');
export const END = Date.parse('2026-03-02T00:00:00Z');
export const WINDOW = 'start_time=2026-03-01T00:00:00Z&end_time=2026-03-02T00:00:00Z';

export const paginateSchema = z.strictObject({
  next_page: z.string().min(1),
  prev_page: z.string().min(1),
  has_next: z.boolean(),
  has_prev: z.boolean(),
});
export const eventSchema = z.strictObject({
  id: z.string().min(1),
  created_at: z.iso.datetime({ precision: 3 }),
  event_key: z.string(),
  entity_id: z.string(),
  entity_type: z.string(),
  actor_id: z.string(),
  actor_type: z.literal('User'),
  details: z.record(z.string(), z.unknown()).nullable(),
  ip_address: z.string().nullable(),
  user_agent: z.string().max(255).nullable(),
});
const pageSchema = z.object({
  data: z.array(eventSchema),
  meta: z.object({ paginate: paginateSchema.partial().optional() }).optional(),
});
export type Page = z.output<typeof pageSchema>;

export function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('nothing there');
  return value;
}

export interface Got {
  status: number;
  headers: Headers;
  body: unknown;
}

export async function get(simulator: Simulator, path: string, token = simulator.token): Promise<Got> {
  const response = await fetch(`${simulator.url}${path}`, {
    headers: { authorization: `Bearer ${token}`, 'user-agent': 'test/1' },
  });
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
}

export async function page(simulator: Simulator, query: string): Promise<Page> {
  const { body } = await get(simulator, `/audit_events?${query}`);
  return pageSchema.parse(body);
}

/** Runs `use` with a simulator and closes it. */
export async function withSimulator<T>(
  starting: Promise<Simulator>,
  use: (simulator: Simulator) => Promise<T>,
): Promise<T> {
  const simulator = await starting;
  try {
    return await use(simulator);
  } finally {
    await simulator.close();
  }
}

/** Ids in the order of a cursor run that ends at `has_next: false`, at no cursor, or at an empty page where those are missing. */
export async function run(simulator: Simulator, query: string, direction: 'next' | 'prev' = 'next'): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < 2000; pages += 1) {
    const { data, meta } = await page(simulator, cursor === undefined ? query : `${query}&cursor=${cursor}`);
    ids.push(...data.map((event) => event.id));
    const paginate = meta?.paginate;
    const more = direction === 'next' ? paginate?.has_next : paginate?.has_prev;
    cursor = direction === 'next' ? paginate?.next_page : paginate?.prev_page;
    if (cursor === undefined || !(more ?? data.length > 0)) return ids;
  }
  throw new Error('the run does not end');
}

/** A simulator of `count` plain events in WINDOW, whose clock stands at its end. */
export function plainSimulator(count: number, options: SimulatorOptions & { ties?: number } = {}): Promise<Simulator> {
  const { ties, ...rest } = options;
  const events = [...plainEvents({ count, startMs: START, endMs: END, ...(ties !== undefined && { ties }) })];
  return startSimulator({ events, now: () => END + 3_600_000, rateLimit: null, ...rest });
}
