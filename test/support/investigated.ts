// Owns an investigation of one person in a log of events that a test writes, and its answer as tests read it.
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import type { SimEvent } from '../../src/simulator/model.ts';
import { stillClock } from './still-clock.ts';
import { startWorld } from './world.ts';

export const answerSchema = z.looseObject({
  coverage: z.looseObject({ complete: z.boolean() }),
  notes: z.array(z.string()),
  profile: z.looseObject({ id: z.string() }),
  totals: z.record(z.string(), z.number()),
  live_tokens: z.array(z.looseObject({ kind: z.string(), id: z.string(), scopes: z.array(z.string()) })),
  networks: z.array(z.looseObject({ network: z.string(), events: z.number(), logins: z.number() })),
  logins: z.number(),
  failed_2fa: z.number(),
  by_event_key: z.record(z.string(), z.number()),
  hours: z.array(z.number()),
  columns: z.array(z.string()),
  admin_actions: z.array(z.array(z.string())),
  done_to: z.array(z.array(z.string())),
  timeline: z.array(z.array(z.string())),
  findings: z.array(
    z.looseObject({ rule: z.string(), severity: z.string(), next: z.array(z.looseObject({ tool: z.string() })) }),
  ),
});
export type Investigated = z.output<typeof answerSchema>;

export const column = ({ columns }: Investigated, rows: readonly string[][], name: string) =>
  rows.map((row) => row[columns.indexOf(name)]);

export const NOW_MS = Date.parse('2026-11-20T12:00:00Z');
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** Who is investigated: the administrator of a simulator that was given events only. */
export const PERSON = '1001';
export const OTHER = '1000';

let made = 0;
export function event(eventKey: string, agoMs: number, change: Partial<SimEvent> = {}): SimEvent {
  made += 1;
  return {
    id: `${String(made).padStart(8, '0')}-0000-7000-8000-000000000000`,
    created_at: new Date(NOW_MS - agoMs).toISOString(),
    event_key: eventKey,
    entity_id: PERSON,
    entity_type: 'User',
    actor_id: PERSON,
    actor_type: 'User',
    details: {},
    ip_address: '198.51.100.7',
    user_agent: 'Pachca/3.60.0 (co.staply.pachca; build:15; iOS 18.5.0) Alamofire/5.0.0',
    ...change,
  };
}

export async function investigate(events: SimEvent[], input: Record<string, unknown> = {}): Promise<Investigated> {
  const world = await startWorld({ simulator: { events, now: () => NOW_MS }, clock: stillClock(NOW_MS) });
  onTestFinished(() => world.close());
  return answerSchema.parse(await world.call('investigate_actor', { actor: PERSON, start_time: 'now-7d', ...input }));
}
