// Owns questions to the demo company: how they are asked, the forms of the answers, and the truth that they are checked against.
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { z } from 'zod';
import type { AuditError } from '../../src/errors.ts';
import type { SimEvent } from '../../src/simulator/model.ts';
import { demoCompany, DEMO_NOW_MS, startDemo } from './demo-company.ts';
import { INSTALLATION_ID, type World } from './world.ts';

export const windowSchema = z.object({ start_time: z.string(), end_time: z.string() });
export const actorsSchema = z.record(z.string(), z.looseObject({ name: z.string() })).default({});
export const listSchema = z.object({
  window: windowSchema,
  coverage: z.looseObject({ complete: z.boolean(), own_reads: z.number() }),
  columns: z.array(z.string()),
  rows: z.array(z.array(z.string())),
  actors: actorsSchema,
  next_cursor: z.string().optional(),
});
export const groupsSchema = z.object({
  window: windowSchema,
  total_events: z.number(),
  omitted_groups: z.number(),
  groups: z.array(z.object({ key: z.record(z.string(), z.union([z.string(), z.number()])), events: z.number() })),
});
export const findingsSchema = z.object({
  window: windowSchema,
  coverage: z.looseObject({ complete: z.boolean() }),
  findings: z.array(
    z.looseObject({ rule: z.string(), severity: z.string(), actor_ids: z.array(z.string()), first_at: z.string() }),
  ),
  totals: z.record(z.string(), z.number()),
});

/** The demo company, its clock running: an answer's own reads come after what was there before. */
async function startAskedDemo(): Promise<World> {
  const startedAt = performance.now();
  const now = (): number => DEMO_NOW_MS + Math.floor(performance.now() - startedAt);
  return await startDemo({
    simulator: { now },
    clock: { now, random: () => 0.5, sleep: (ms) => new Promise((resolve) => void setTimeout(resolve, ms)) },
  });
}

/** One demo company for all tests of a `describe`, each of which may call at most three tools. */
export function askDemo() {
  let world: World | undefined;
  let calls = 0;
  beforeAll(async () => {
    world = await startAskedDemo();
  });
  afterAll(() => world?.close());
  beforeEach(() => {
    calls = 0;
  });
  const started = (): World => {
    if (world === undefined) throw new Error('asked before the demo was started');
    return world;
  };
  const count = (): void => {
    calls += 1;
    expect(calls).toBeLessThanOrEqual(3);
  };
  return {
    world: started,
    async call<Schema extends z.ZodType>(
      schema: Schema,
      tool: string,
      input: Record<string, unknown>,
    ): Promise<z.output<Schema>> {
      count();
      return schema.parse(await started().call(tool, input));
    },
    async failure(tool: string, input: Record<string, unknown>): Promise<AuditError> {
      count();
      return started().failure(tool, input);
    },
    truth: (window: z.output<typeof windowSchema>, fits?: (event: SimEvent) => boolean): SimEvent[] =>
      truthIn(started(), window, fits),
  };
}

const isOwn = ({ user_agent: agent }: SimEvent): boolean => agent?.includes(INSTALLATION_ID) === true;

/** The events of a window in truth, own reads left out. */
function truthIn(
  world: World,
  window: z.output<typeof windowSchema>,
  fits: (event: SimEvent) => boolean = () => true,
): SimEvent[] {
  const [startMs, endMs] = [Date.parse(window.start_time), Date.parse(window.end_time)];
  return world.simulator.events().filter((event) => {
    const timeMs = Date.parse(event.created_at);
    return timeMs >= startMs && timeMs < endMs && !isOwn(event) && fits(event);
  });
}

export function countBy(events: readonly SimEvent[], of: (event: SimEvent) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const event of events) counts[of(event)] = (counts[of(event)] ?? 0) + 1;
  return counts;
}

export function groupCounts({ groups }: z.output<typeof groupsSchema>, dimension: string): Record<string, number> {
  return Object.fromEntries(groups.map(({ key, events }) => [String(key[dimension]), events]));
}

/** The rows are those events and no others: a reference is the beginning of its id. */
export function expectRows(rows: readonly string[][], events: readonly SimEvent[]): void {
  const missing = events.filter(({ id }) => rows.filter(([ref = '']) => id.startsWith(ref)).length !== 1);
  expect(missing).toEqual([]);
  expect(rows).toHaveLength(events.length);
}

export const incidents = (kind: string) => demoCompany().incidents.filter((incident) => incident.kind === kind);
export const key = (eventKey: string) => (event: SimEvent) => event.event_key === eventKey;
export const isAuth = ({ event_key: eventKey }: SimEvent): boolean => /^user_(?:login|logout|2fa_)/u.test(eventKey);
