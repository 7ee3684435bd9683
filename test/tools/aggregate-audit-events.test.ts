// Tests aggregate_audit_events over a simulator.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { SimEvent } from '../../src/simulator/model.ts';
import { plainEvents } from '../../src/simulator/plain-events.ts';
import { tokenEstimate } from '../../src/text/tokens.ts';
import { stillClock } from '../support/still-clock.ts';
import { startWorld, type World } from '../support/world.ts';

const now = Date.parse('2026-11-20T12:00:00Z');
const DAY_MS = 86_400_000;
const events = [...plainEvents({ count: 3000, startMs: now - 10 * DAY_MS, endMs: now, ties: 3 })];
const answerSchema = z.object({
  groups: z.array(
    z.object({ key: z.record(z.string(), z.string().or(z.number())), events: z.number(), actors: z.number() }),
  ),
  omitted_groups: z.number(),
  total_events: z.number().optional(),
  events_seen: z.number().optional(),
  notes: z.array(z.string()),
});

let world: World;
beforeAll(async () => {
  world = await startWorld({ simulator: { events, now: () => now }, clock: stillClock(now) });
});
afterAll(() => world.close());

async function aggregate(input: Record<string, unknown>, context?: Parameters<World['call']>[2]) {
  return answerSchema.parse(await world.call('aggregate_audit_events', input, context));
}

function counted(by: (event: SimEvent) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const event of events) counts.set(by(event), (counts.get(by(event)) ?? 0) + 1);
  return counts;
}

describe('aggregate_audit_events', () => {
  test('counts every event of the window once, whatever is shown of the groups', async () => {
    const { groups, omitted_groups, total_events } = await aggregate({
      start_time: 'now-11d',
      group_by: ['event_key'],
      top: 3,
    });
    const truth = counted(({ event_key: key }) => key);
    expect(total_events).toBe(events.length);
    expect(groups.map((group) => [group.key['event_key'], group.events])).toEqual(
      [...truth].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, 3),
    );
    expect(omitted_groups).toBe(truth.size - 3);
  });

  test('names people who are the entity, and says which events have no chat to be counted by', async () => {
    const people = await world.call('aggregate_audit_events', {
      start_time: 'now-11d',
      entity_type: 'User',
      entity_id: '1001',
      group_by: ['entity'],
    });
    expect(people['actors']).toMatchObject({ 1001: { name: 'Антон Админов' } });
    const chats = await world.call('aggregate_audit_events', { start_time: 'now-11d', group_by: ['chat'] });
    expect(chats['notes']).toContainEqual(expect.stringContaining('do not name their chat'));
    const without = 'A group without chat in its key holds the events that name none.';
    expect(chats['notes']).toContainEqual(without);
    const actors = await world.call('aggregate_audit_events', { start_time: 'now-11d', group_by: ['actor'] });
    expect(actors['notes']).not.toContainEqual(expect.stringContaining('A group without'));
  });

  test('counts by two dimensions and names the people', async () => {
    const answer = await world.call('aggregate_audit_events', { start_time: 'now-11d', group_by: ['actor', 'day'] });
    const truth = counted(({ actor_id: actor, created_at: at }) => `${actor} ${at.slice(0, 10)}`);
    const { groups } = answerSchema.parse(answer);
    expect(groups).toHaveLength(20);
    for (const { key, events: count } of groups) expect(count).toBe(truth.get(`${key['actor']} ${key['day']}`));
    expect(answer['actors']).toEqual(expect.any(Object));
  });

  test('calls a count of a part what it is', async () => {
    const answer = await world.call(
      'aggregate_audit_events',
      { start_time: 'now-11d', group_by: ['event_key'] },
      { settings: { ...world.parts.settings, maxRequests: 5 } },
    );
    const { total_events, events_seen, notes } = answerSchema.parse(answer);
    expect(total_events).toBeUndefined();
    expect(events_seen).toBeLessThanOrEqual(250);
    expect(answer).toMatchObject({
      coverage: { complete: false, stopped_by: 'budget', requests: 5, estimate: { requests: expect.any(Number) } },
    });
    expect(notes[0]).toContain('request budget');
  });

  test('says why nothing was counted', async () => {
    const input = { event_keys: ['user_2fa_fail'], actor: '999999', group_by: ['ip_address'] };
    const { groups, total_events, notes } = await aggregate(input);
    expect([groups, total_events]).toEqual([[], 0]);
    const text = notes.join(' ');
    for (const fact of ['24 hours', 'event_keys, actor', 'a wrong password leaves no event', '90 days']) {
      expect(text).toContain(fact);
    }
  });

  test.each([
    ['no dimension', []],
    ['three dimensions', ['actor', 'day', 'hour']],
    ['one dimension twice', ['actor', 'actor']],
    ['an unknown dimension', ['country']],
  ])('refuses %s', async (_what, groupBy) => {
    const error = await world.failure('aggregate_audit_events', { group_by: groupBy });
    expect([error.code, error.fields?.[0]?.field.slice(0, 8)]).toEqual(['invalid_input', 'group_by']);
  });

  test('is no longer than an answer may be, whatever stands in the log', async () => {
    const long = plainEvents({ count: 300, startMs: now - DAY_MS, endMs: now });
    const hostile = [...long].map((event, index) => ({
      ...event,
      ip_address: `Привет${'я'.repeat(5000)}${index}`,
      entity_type: 'Ж'.repeat(5000),
    }));
    const other = await startWorld({ simulator: { events: hostile, now: () => now }, clock: stillClock(now) });
    try {
      const answer = await other.call('aggregate_audit_events', { group_by: ['ip_address', 'entity'], top: 100 });
      expect(answer).toMatchObject({ total_events: 300 });
      expect(tokenEstimate(JSON.stringify(answer))).toBeLessThan(20_000);
    } finally {
      await other.close();
    }
  });
});
