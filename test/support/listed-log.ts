// Owns a log for tests of list_audit_events: own reads, chats, addresses, an hour that came twice; and ways to list it.
import { z } from 'zod';
import { HOUR_MS, ONE_DESK } from './api-log.ts';
import { plainEvents } from '../../src/simulator/plain-events.ts';
import { INSTALLATION_ID, startWorld, type World } from './world.ts';
import { stillClock } from './still-clock.ts';
import { userAgent } from '../../src/installation.ts';

export const now = Date.parse('2026-11-20T12:00:00Z');
export const at = (time: string) => new Date(Date.parse(`2026-11-${time}Z`)).toISOString();

/** Reads of the log under the owner's account, told apart by nothing but their client. */
const READS = [
  { ...ONE_DESK, id: 'own-1', created_at: at('19T10:00:00'), user_agent: userAgent('0.9.0', INSTALLATION_ID) },
  { ...ONE_DESK, id: 'foreign-agent', created_at: at('19T10:01:00') },
  {
    ...ONE_DESK,
    id: 'foreign-installation',
    created_at: at('19T10:02:00'),
    user_agent: userAgent('0.0.0-test', 'fedcba9876543210'),
  },
  {
    ...ONE_DESK,
    id: 'foreign-user',
    created_at: at('19T10:03:00'),
    actor_id: '1001',
    user_agent: userAgent('0.0.0-test', INSTALLATION_ID),
  },
].map((event) => ({ ...event, event_key: 'audit_events_accessed' }));

/** The chat of an event may be its entity, or stand in the details as a number or a text. */
const CHATS = [
  { ...ONE_DESK, id: 'chat-entity', event_key: 'chat_renamed', entity_type: 'Chat', entity_id: '777' },
  {
    ...ONE_DESK,
    id: 'chat-number',
    event_key: 'kms_decrypt',
    details: { chat_id: 777, message_id: 1, reason: 'message' },
  },
  { ...ONE_DESK, id: 'chat-text', event_key: 'company_chats_accessed', details: { chat_id: '777' } },
  { ...ONE_DESK, id: 'not-the-chat', event_key: 'message_created', entity_type: 'Message', entity_id: '777' },
].map((event, index) => ({ ...event, created_at: at(`18T09:0${index}:00`) }));

const ADDRESSES = [
  ['v4', '198.51.100.77'],
  ['v4-mapped', '::ffff:198.51.100.78'],
  ['v6', '2001:db8:7::1'],
  ['v6-long', '2001:0DB8:0007:0000:0000:0000:0000:0002'],
  ['none', null],
].map(([id, address], index) => ({
  ...ONE_DESK,
  id: `address-${id}`,
  event_key: 'user_logout',
  ip_address: address ?? null,
  created_at: at(`17T09:0${index}:00`),
}));

/** In Berlin the clocks went back on 2026-10-25 at 03:00: 02:30 was there twice. */
const NIGHT = ['2026-10-24T23:30:00Z', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z', '2026-10-25T02:30:00Z'].map(
  (time) => ({ ...ONE_DESK, id: time, event_key: 'user_login', created_at: new Date(time).toISOString() }),
);

export const answerSchema = z.object({
  rows: z.array(z.array(z.string())),
  has_more: z.boolean(),
  next_cursor: z.string().optional(),
  notes: z.array(z.string()),
  actors: z.record(z.string(), z.object({ name: z.string() })).optional(),
  window: z.object({ start_time: z.string(), end_time: z.string() }),
  coverage: z.looseObject({ complete: z.boolean(), stopped_by: z.string(), own_reads: z.number() }),
});

/** A world over that log; whoever starts it closes it. */
export async function startListedLog(): Promise<World> {
  const events = [
    ...NIGHT,
    ...ADDRESSES,
    ...CHATS,
    ...READS,
    ...plainEvents({ count: 600, startMs: now - 20 * HOUR_MS, endMs: now }),
  ];
  return await startWorld({ simulator: { events, now: () => now }, clock: stillClock(now) });
}

export async function listIn(world: World, input: Record<string, unknown>, context = {}) {
  return answerSchema.parse(await world.call('list_audit_events', input, context));
}

export const refs = ({ rows }: { rows: string[][] }) => rows.map(([ref = '']) => ref);

/** Whole events of every page. */
export async function everyPageIn(world: World, input: Record<string, unknown>, context = {}) {
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
