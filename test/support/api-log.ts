// Owns an audit log over the API for tests: a simulator on a real socket, a client on an instant clock, and what is asked of them.
import { onTestFinished } from 'vitest';
import { createApiLog } from '../../src/audit/api-log.ts';
import type { AuditLog, Coverage, ReadOptions, Slice, SliceOptions } from '../../src/audit/audit-log.ts';
import { compareEvents, type AuditEvent } from '../../src/audit/event.ts';
import type { AuditQuery, TimeWindow } from '../../src/audit/query.ts';
import type { Clock } from '../../src/clock.ts';
import { createHttpClient, type HttpClientOptions } from '../../src/http/create-http-client.ts';
import { createRateLimit } from '../../src/http/rate-limit.ts';
import type { SimEvent } from '../../src/simulator/model.ts';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/server.ts';
import { createInstantClock } from './instant-clock.ts';

export const NOW_MS = Date.parse('2026-03-20T12:00:00Z');
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** A day in the middle of what the log keeps. */
export const DAY: TimeWindow = {
  startMs: Date.parse('2026-03-10T00:00:00Z'),
  endMs: Date.parse('2026-03-11T00:00:00Z'),
};

export interface ApiLogWorld {
  readonly simulator: Simulator;
  readonly log: AuditLog;
  /** Requests for events that the simulator has seen. */
  requests(): number;
  close(): Promise<void>;
}

export interface ApiLogOptions extends SimulatorOptions {
  clock?: Clock;
  http?: Partial<HttpClientOptions>;
  isOwnRead?: (event: AuditEvent) => boolean;
}

export async function openApiLog(options: ApiLogOptions = {}): Promise<ApiLogWorld> {
  const { clock = createInstantClock(NOW_MS), http: httpOptions, isOwnRead = () => false, ...rest } = options;
  const simulator = await startSimulator({ rateLimit: null, now: () => NOW_MS, logsOwnReads: false, ...rest });
  const http = createHttpClient({
    baseUrl: simulator.url,
    token: () => simulator.token,
    userAgent: 'test/1',
    clock,
    rateLimit: createRateLimit({ perSecond: 100_000, clock }),
    ...httpOptions,
  });
  return {
    simulator,
    log: createApiLog({ http, clock, isOwnRead }),
    requests: () => simulator.requests.total,
    async close() {
      await http.close();
      await simulator.close();
    },
  };
}

/** The same, closed when the running test ends. */
export async function startApiLog(options: ApiLogOptions = {}): Promise<ApiLogWorld> {
  const world = await openApiLog(options);
  onTestFinished(() => world.close());
  return world;
}

/** The same as SimEvent, but assignable to types with an index signature, as interfaces are not. */
export type PlainEvent = { [K in keyof SimEvent]: SimEvent[K] };

/** What the events of one person at one desk have in common. */
export const ONE_DESK = {
  entity_id: '1000',
  entity_type: 'User',
  actor_id: '1000',
  actor_type: 'User',
  details: {},
  ip_address: '203.0.113.7',
  user_agent: 'Pachca/3.60.0',
};

/** An event at `timeMs`; ids do not sort as times do. */
export function eventAt(timeMs: number, index: number, change: Partial<SimEvent> = {}): PlainEvent {
  const scattered = (Math.imul(index + 1, 2_654_435_761) >>> 0).toString(16).padStart(8, '0');
  return {
    id: `${scattered}-${index}`,
    created_at: new Date(timeMs).toISOString(),
    event_key: 'user_login',
    ...ONE_DESK,
    ...change,
  };
}

/** `count` events, evenly spread over `window`. */
export function spread(count: number, window: TimeWindow, change: Partial<SimEvent> = {}, from = 0): PlainEvent[] {
  const stepMs = (window.endMs - window.startMs) / count;
  return Array.from({ length: count }, (_, index) =>
    eventAt(window.startMs + Math.floor(index * stepMs), from + index, change),
  );
}

export function queryOf(window: TimeWindow, change: Partial<AuditQuery> = {}): AuditQuery {
  return { window, order: 'oldest_first', timeZone: 'UTC', ownReads: 'keep', ...change };
}

export interface ReadResult {
  readonly events: readonly AuditEvent[];
  readonly coverage: Coverage;
}

export async function readAll(log: AuditLog, query: AuditQuery, options?: ReadOptions): Promise<ReadResult> {
  const read = log.read(query, options);
  const events: AuditEvent[] = [];
  for await (const batch of read.batches) events.push(...batch);
  return { events, coverage: read.coverage() };
}

export async function readAllSlices(
  log: AuditLog,
  query: AuditQuery,
  options?: SliceOptions,
): Promise<ReadResult & { slices: readonly Slice[] }> {
  const read = log.readSlices(query, options);
  const slices: Slice[] = [];
  for await (const slice of read.slices) slices.push(slice);
  return { slices, events: slices.flatMap(({ events }) => events), coverage: read.coverage() };
}

export function idsOf(events: readonly { id: string }[]): string[] {
  return events.map(({ id }) => id);
}

/** Ids of `events` in the order of the log. */
export function inOrder(events: readonly PlainEvent[], order: AuditQuery['order'] = 'oldest_first'): string[] {
  const ids = idsOf(events.toSorted(compareEvents));
  return order === 'oldest_first' ? ids : ids.reverse();
}
