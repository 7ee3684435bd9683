// Tests list_audit_events: own reads, pages, cursors, names.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createInstantClock } from '../support/instant-clock.ts';
import { startWorld, type World } from '../support/world.ts';
import { stillClock } from '../support/still-clock.ts';
import { ONE_DESK } from '../support/api-log.ts';
import { answerSchema, at, everyPageIn, listIn, now, refs, startListedLog } from '../support/listed-log.ts';

let world: World;
beforeAll(async () => {
  world = await startListedLog();
});
afterAll(() => world.close());

const list = (input: Record<string, unknown>, context = {}) => listIn(world, input, context);
const everyPage = (input: Record<string, unknown>, context = {}) => everyPageIn(world, input, context);

const LAST_DAY = { start_time: '2026-11-19T16:00:00Z', end_time: '2026-11-20T12:00:00Z' };

describe('own reads', () => {
  const window = { start_time: '2026-11-19T09:00:00Z', end_time: '2026-11-19T11:00:00Z' };

  test('are left out and counted; a foreign client, installation or user under the same token stays', async () => {
    const answer = await list({ ...window, event_keys: ['audit_events_accessed'] });
    expect(refs(answer)).toEqual(['foreign-u', 'foreign-i', 'foreign-a']);
    expect(answer.coverage.own_reads).toBe(1);
    expect(answer.notes.join()).toContain('left out');
  });

  test('are marked where they are asked for', async () => {
    const answer = await list({ ...window, include_own_reads: true });
    expect(refs(answer)).toHaveLength(4);
    expect(answer.rows.find(([ref]) => ref === 'own-1')?.at(-1)).toContain('own read');
    expect(answer.rows.find(([ref]) => ref === 'foreign-a')?.at(-1)).toBe('');
    const { events } = await world.call('list_audit_events', {
      ...window,
      include_own_reads: true,
      response_format: 'detailed',
    });
    const marked = z.array(z.looseObject({ id: z.string(), own_read: z.boolean().optional() })).parse(events);
    expect(marked.filter(({ own_read: isOwn }) => isOwn === true).map(({ id }) => id)).toEqual(['own-1']);
  });
});

describe('pages', () => {
  test('are whole and without repetition, newest first, however small', async () => {
    const { found, pages, complete } = await everyPage({ ...LAST_DAY, limit: 70 });
    expect(found).toHaveLength(600);
    expect(new Set(found.map(({ id }) => id)).size).toBe(600);
    expect(found.map((event) => event.created_at)).toEqual(
      found.map((event) => event.created_at).toSorted((a, b) => (a < b ? 1 : -1)),
    );
    expect([pages, complete]).toEqual([9, true]);
  });

  test('cover no more than they show, also where all was read', async () => {
    const answer = await list({ start_time: '2026-11-18', end_time: '2026-11-18', limit: 1, event_group: 'messages' });
    expect(answer).toMatchObject({ has_more: false, coverage: { complete: true, stopped_by: 'end' } });
    const first = await list({ start_time: '2026-11-18', end_time: '2026-11-18', limit: 1 });
    expect(first.coverage).toMatchObject({
      complete: false,
      stopped_by: 'limit',
      covered: [{ start_time: '2026-11-18T09:03:01Z', end_time: '2026-11-19T00:00:00Z' }],
    });
  });

  test('go on where a budget of requests ended one, until everything was read', async () => {
    const settings = { ...world.parts.settings, maxRequests: 2 };
    const first = await list({ ...LAST_DAY, ip_address: '192.0.2.1' }, { settings });
    expect(first).toMatchObject({ rows: [], has_more: true, coverage: { complete: false, stopped_by: 'budget' } });
    expect(first.notes.join()).toContain('next_cursor reads on');
    const one = world.simulator.events().at(-5);
    const address = String(one?.ip_address);
    const expected = world.simulator
      .events()
      .filter(
        ({ ip_address: ip, created_at: time }) =>
          ip === address && time >= LAST_DAY.start_time && time < '2026-11-20T12',
      )
      .map(({ id }) => id);
    const { found, pages, complete } = await everyPage({ ...LAST_DAY, ip_address: address }, { settings });
    expect(found.map(({ id }) => id).toSorted()).toEqual(expected.toSorted());
    expect(pages).toBeGreaterThan(3);
    expect(complete).toBe(true);
  });

  test('a deadline that came before anything was read gives no cursor that leads nowhere', async () => {
    const clock = createInstantClock(now);
    const answer = await list(LAST_DAY, { clock, deadlineAt: now - 1 });
    expect(answer).toMatchObject({ rows: [], has_more: false, coverage: { complete: false, stopped_by: 'deadline' } });
    expect(answer.next_cursor).toBeUndefined();
  });
});

test('names are there for everybody whom an answer mentions, details included', async () => {
  const other = await startWorld({
    simulator: {
      now: () => now,
      events: [
        {
          ...ONE_DESK,
          id: 'role',
          event_key: 'user_role_changed',
          created_at: at('19T10:00:00'),
          details: { new_company_role: 'admin', previous_company_role: 'user', initiator_id: 1001 },
        },
      ],
    },
    clock: stillClock(now),
  });
  try {
    const answer = answerSchema.parse(await other.call('list_audit_events', { start_time: 'now-2d' }));
    expect(Object.keys(answer.actors ?? {})).toEqual(['1000', '1001']);
  } finally {
    await other.close();
  }
});
