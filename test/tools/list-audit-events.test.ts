// Tests list_audit_events: own reads, filters, pages, cursors.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { plainEvents } from '../../src/simulator/plain-events.ts';
import { createInstantClock } from '../support/instant-clock.ts';
import { INSTALLATION_ID, startWorld, type World } from '../support/world.ts';
import { stillClock } from '../support/still-clock.ts';
import { userAgent } from '../../src/installation.ts';

const now = Date.parse('2026-11-20T12:00:00Z');
const HOUR_MS = 3_600_000;
const base = {
  entity_id: '1000',
  entity_type: 'User',
  actor_id: '1000',
  actor_type: 'User',
  details: {},
  ip_address: '203.0.113.7',
  user_agent: 'curl/8',
};
const at = (time: string) => new Date(Date.parse(`2026-11-${time}Z`)).toISOString();

/** Reads of the log under the owner's account, told apart by nothing but their client. */
const READS = [
  { ...base, id: 'own-1', created_at: at('19T10:00:00'), user_agent: userAgent('0.9.0', INSTALLATION_ID) },
  { ...base, id: 'foreign-agent', created_at: at('19T10:01:00') },
  {
    ...base,
    id: 'foreign-installation',
    created_at: at('19T10:02:00'),
    user_agent: userAgent('0.0.0-test', 'fedcba9876543210'),
  },
  {
    ...base,
    id: 'foreign-user',
    created_at: at('19T10:03:00'),
    actor_id: '1001',
    user_agent: userAgent('0.0.0-test', INSTALLATION_ID),
  },
].map((event) => ({ ...event, event_key: 'audit_events_accessed' }));

/** The chat of an event may be its entity, or stand in the details as a number or a text. */
const CHATS = [
  { ...base, id: 'chat-entity', event_key: 'chat_renamed', entity_type: 'Chat', entity_id: '777' },
  { ...base, id: 'chat-number', event_key: 'kms_decrypt', details: { chat_id: 777, message_id: 1, reason: 'message' } },
  { ...base, id: 'chat-text', event_key: 'company_chats_accessed', details: { chat_id: '777' } },
  { ...base, id: 'not-the-chat', event_key: 'message_created', entity_type: 'Message', entity_id: '777' },
].map((event, index) => ({ ...event, created_at: at(`18T09:0${index}:00`) }));

const ADDRESSES = [
  ['v4', '198.51.100.77'],
  ['v4-mapped', '::ffff:198.51.100.78'],
  ['v6', '2001:db8:7::1'],
  ['v6-long', '2001:0DB8:0007:0000:0000:0000:0000:0002'],
  ['none', null],
].map(([id, address], index) => ({
  ...base,
  id: `address-${id}`,
  event_key: 'user_logout',
  ip_address: address ?? null,
  created_at: at(`17T09:0${index}:00`),
}));

/** In Berlin the clocks went back on 2026-10-25 at 03:00: 02:30 was there twice. */
const NIGHT = ['2026-10-24T23:30:00Z', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z', '2026-10-25T02:30:00Z'].map(
  (time) => ({ ...base, id: time, event_key: 'user_login', created_at: new Date(time).toISOString() }),
);

const answerSchema = z.object({
  rows: z.array(z.array(z.string())),
  has_more: z.boolean(),
  next_cursor: z.string().optional(),
  notes: z.array(z.string()),
  actors: z.record(z.string(), z.object({ name: z.string() })).optional(),
  window: z.object({ start_time: z.string(), end_time: z.string() }),
  coverage: z.looseObject({ complete: z.boolean(), stopped_by: z.string(), own_reads: z.number() }),
});

let world: World;
beforeAll(async () => {
  const events = [
    ...NIGHT,
    ...ADDRESSES,
    ...CHATS,
    ...READS,
    ...plainEvents({ count: 600, startMs: now - 20 * HOUR_MS, endMs: now }),
  ];
  world = await startWorld({ simulator: { events, now: () => now }, clock: stillClock(now) });
});
afterAll(() => world.close());

const list = async (input: Record<string, unknown>, context = {}) =>
  answerSchema.parse(await world.call('list_audit_events', input, context));
const refs = ({ rows }: { rows: string[][] }) => rows.map(([ref = '']) => ref);

/** Whole events of every page. */
async function everyPage(input: Record<string, unknown>, context = {}) {
  const found: { id: string; created_at: string }[] = [];
  const page = z.object({
    events: z.array(z.looseObject({ id: z.string(), created_at: z.string() })),
    next_cursor: z.string().optional(),
    coverage: z.object({ complete: z.boolean() }),
  });
  let answer = page.parse(await world.call('list_audit_events', { ...input, response_format: 'detailed' }, context));
  let pages = 1;
  for (; answer.next_cursor !== undefined && pages < 200; pages += 1) {
    found.push(...answer.events);
    answer = page.parse(await world.call('list_audit_events', { cursor: answer.next_cursor }, context));
  }
  found.push(...answer.events);
  return { found, pages, complete: answer.coverage.complete };
}

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

describe('filters that the API does not have', () => {
  test('a chat is found as entity and in the details, and a message of the same number is not', async () => {
    const answer = await list({ start_time: '2026-11-18', end_time: '2026-11-18', chat_id: '777' });
    expect(refs(answer).toSorted()).toEqual(['chat-ent', 'chat-num', 'chat-tex']);
    expect(answer.notes.join()).toContain('scanned here');
  });

  test.each([
    ['198.51.100.0/24', ['address-v4', 'address-v4-mapped']],
    ['198.51.100.78', ['address-v4-mapped']],
    ['::ffff:198.51.100.77', ['address-v4']],
    ['2001:db8:7::/64', ['address-v6', 'address-v6-long']],
    ['2001:DB8:7::2', ['address-v6-long']],
    ['0.0.0.0/0', ['address-v4', 'address-v4-mapped']],
  ])('%s finds the addresses in it, however they are written', async (address, ids) => {
    const { found } = await everyPage({ start_time: '2026-11-17', end_time: '2026-11-17', ip_address: address });
    expect(found.map(({ id }) => id).toSorted()).toEqual(ids);
  });

  test.each([
    ['02:00-03:00', ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z']],
    ['23:00-02:00', ['2026-10-24T23:30:00Z']],
    ['03:00-24:00', ['2026-10-25T02:30:00Z']],
  ])('%s where the clocks go back: an hour that came twice is in twice', async (hours, ids) => {
    const { found, complete } = await everyPage({
      start_time: '2026-10-24',
      end_time: '2026-10-25',
      time_zone: 'Europe/Berlin',
      time_of_day: hours,
    });
    expect(found.map(({ id }) => id).toSorted()).toEqual(ids);
    expect(complete).toBe(true);
  });

  test('a day of 25 hours is all of it', async () => {
    const { window } = await list({ start_time: '2026-10-25', end_time: '2026-10-25', time_zone: 'Europe/Berlin' });
    expect(window).toEqual({ start_time: '2026-10-25T00:00:00+02:00', end_time: '2026-10-26T00:00:00+01:00' });
  });

  test.each(['actor', 'entity_id', 'entity_type', 'actor_type', 'chat_id', 'ip_address', 'time_of_day', 'start_time'])(
    'an empty %s is refused: as no filter at all it would answer another question',
    async (name) => {
      const error = await world.failure('list_audit_events', { [name]: ' ' });
      expect(error.fields?.map(({ field }) => field)).toEqual([name]);
    },
  );

  test('a type in another case than the log writes is found all the same; an unknown one is named', async () => {
    const answer = await list({ start_time: '2026-11-18', end_time: '2026-11-18', entity_type: 'chat' });
    expect(refs(answer)).toEqual(['chat-ent']);
    const none = await list({ start_time: '2026-11-18', end_time: '2026-11-18', entity_type: 'Channel' });
    expect(none.notes.join()).toContain('"Channel" is none of the known types');
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
          ...base,
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
