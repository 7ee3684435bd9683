// Tests that following gives every event once, over restarts, deadlines and growing logs.
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { isDetails } from '../../src/audit/event-details.ts';
import type { AuditEvent } from '../../src/audit/event.ts';
import type { SimEvent } from '../../src/simulator/model.ts';
import { plainEvents } from '../../src/simulator/plain-events.ts';
import { startSimulator } from '../../src/simulator/server.ts';
import { BUILT, cleanEnv } from '../support/built.ts';
import { connectClient } from '../support/mcp-clients.ts';
import { sampleEvent } from '../support/sample-events.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { INSTALLATION_ID, startWorld, type World, type WorldOptions } from '../support/world.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.parse('2026-11-20T12:00:00Z');

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const answerSchema = z.object({
  rows: z.array(z.array(z.string())),
  notes: z.array(z.string()),
  next_cursor: z.string(),
  caught_up: z.boolean(),
  gap: z.object({ start_time: z.string(), end_time: z.string() }).optional(),
  coverage: z.object({
    complete: z.boolean(),
    stopped_by: z.string(),
    covered: z.array(z.object({ start_time: z.string(), end_time: z.string() })).optional(),
  }),
});

/** A simulator and a program whose clock is turned by hand; `restart` makes the program forget everything. */
async function openLog(events: readonly SimEvent[], aheadMs = () => 0, options: WorldOptions = {}) {
  let nowMs = START_MS;
  const now = () => nowMs + aheadMs();
  const clock = { now, random: () => 0.5, sleep: () => Promise.resolve() };
  const simulator = { events, now: () => nowMs, retentionDays: 90 };
  const running = await startWorld({ simulator, clock, ...options });
  world = running;
  return {
    running,
    pass(ms: number) {
      nowMs += ms;
    },
    async follow(input: Record<string, unknown>, context?: Parameters<World['call']>[2]) {
      return answerSchema.parse(await running.call('follow_audit_events', input, context));
    },
  };
}

function simEvent(event: AuditEvent): SimEvent {
  const { id, created_at, event_key, details } = event;
  return {
    id,
    created_at,
    event_key,
    entity_id: event.entity_id ?? '1',
    entity_type: event.entity_type ?? 'User',
    actor_id: event.actor_id ?? '1',
    actor_type: 'User',
    details: isDetails(details) ? details : null,
    ip_address: event.ip_address ?? null,
    user_agent: event.user_agent ?? null,
  };
}

const refsOf = (rows: readonly string[][]) => rows.map(([ref]) => ref ?? '');

describe('follow_audit_events', () => {
  test('in a loop over a growing log gives every event once', async () => {
    const first = [...plainEvents({ count: 250, startMs: START_MS - DAY_MS, endMs: START_MS, ties: 5 })];
    const { running, follow, pass } = await openLog(first);
    const seen: string[] = [];
    let cursor: string | undefined;
    let made = 0;
    for (let round = 0; round < 22; round += 1) {
      const { rows, next_cursor, caught_up } = await follow(cursor === undefined ? {} : { cursor, limit: 37 });
      seen.push(...refsOf(rows));
      cursor = next_cursor;
      if (!caught_up || round > 16) continue;
      // New events, one of them dated before the last question: it came late into the log.
      const events = [0, 1, 1, 400, -40_000].map((ms) => {
        made += 1;
        return simEvent(sampleEvent(10_000 + made, running.parts.clock.now() + ms));
      });
      pass(1500);
      running.simulator.append(events);
    }
    const expected = running.simulator
      .events()
      .filter(({ user_agent: agent }) => agent?.includes(INSTALLATION_ID) !== true)
      .map(({ id }) => id);
    expect(made).toBeGreaterThan(10);
    expect(seen).toHaveLength(expected.length);
    // Refs are starts of ids.
    for (const id of expected) expect(seen.filter((ref) => id.startsWith(ref))).toHaveLength(1);
  });

  test.each([
    ['five minutes', (): number => 300_000],
    ['a day', (): number => DAY_MS],
  ])('misses nothing while the clock of this machine is %s ahead, all the time or at times', async (_how, skew) => {
    for (const isAhead of [() => true, (round: number) => round % 3 === 1]) {
      let round = 0;
      const { running, pass, follow } = await openLog([], () => (isAhead(round) ? skew() : 0), { store: {} });
      let cursor = (await follow({ start_time: '2026-11-20T11:00:00Z' })).next_cursor;
      for (round = 1; round <= 8; round += 1) {
        pass(20_000);
        running.simulator.append([simEvent(sampleEvent(900 + round, START_MS + round * 20_000 - 1000))]);
        const { rows, next_cursor: next } = await follow({ cursor });
        expect({ round, rows: rows.length }).toEqual({ round, rows: 1 });
        cursor = next;
        // A list keeps the newest minutes in memory: what comes later into them must be seen too.
        const list = await running.call('list_audit_events', { start_time: '2026-11-20T11:00:00Z' });
        expect(z.object({ rows: z.array(z.unknown()) }).parse(list).rows).toHaveLength(round);
      }
      await running.close();
      world = undefined;
    }
  });

  test('goes on after restarts of the program', async () => {
    const dataHome = await temporaryFolder();
    const nowMs = Date.now();
    const simulator = await startSimulator({
      events: plainEvents({ count: 70, startMs: nowMs - DAY_MS, endMs: nowMs - 120_000 }),
      rateLimit: null,
    });
    onTestFinished(() => simulator.close());
    const env = cleanEnv({ PACHCA_TOKEN: simulator.token, PACHCA_API_URL: simulator.url, XDG_DATA_HOME: dataHome });
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let round = 0; round < 2; round += 1) {
      const client = await connectClient('2026 auto', { command: process.execPath, args: [BUILT], env });
      const input = cursor === undefined ? { start_time: 'now-25h', limit: 40 } : { cursor, limit: 40 };
      const answer = answerSchema.parse((await client.call('follow_audit_events', input)).structuredContent);
      await client.close();
      seen.push(...refsOf(answer.rows));
      cursor = answer.next_cursor;
      simulator.append([simEvent(sampleEvent(500 + round, nowMs - 60_000 + round))]);
    }
    const last = await connectClient('2026 auto', { command: process.execPath, args: [BUILT], env });
    const answer = answerSchema.parse((await last.call('follow_audit_events', { cursor })).structuredContent);
    await last.close();
    seen.push(...refsOf(answer.rows));
    expect(seen).toHaveLength(72);
    expect(new Set(seen).size).toBe(72);
    expect(answer.caught_up).toBe(true);
  });

  test('says which part was lost when its cursor is older than the log', async () => {
    const { follow, pass, running } = await openLog([]);
    const { next_cursor: cursor } = await follow({});
    pass(100 * DAY_MS);
    running.simulator.append(
      [1, 2, 3].map((index) => simEvent(sampleEvent(index, running.parts.clock.now() - index * DAY_MS))),
    );
    const behind = await follow({ cursor, limit: 2 });
    expect(behind.gap).toEqual({ start_time: '2026-11-20T11:58:30Z', end_time: '2026-11-30T12:00:00Z' });
    expect([behind.rows.length, behind.caught_up]).toEqual([2, false]);
    // The second of the last event may hold more.
    const covered = [{ start_time: '2026-11-30T12:00:00Z', end_time: '2027-02-26T12:00:00Z' }];
    expect(behind.coverage).toEqual({ complete: false, stopped_by: 'limit', covered });
    const rest = await follow({ cursor: behind.next_cursor });
    expect([rest.rows.length, rest.caught_up, rest.gap]).toEqual([1, true, undefined]);
  });

  test('at its deadline forgets nothing of what it gave', async () => {
    const events = [...plainEvents({ count: 30, startMs: START_MS - 60_000, endMs: START_MS })];
    const { follow, running } = await openLog(events);
    const first = await follow({});
    expect([first.rows.length, first.caught_up]).toEqual([30, true]);
    const late = await follow({ cursor: first.next_cursor }, { deadlineAt: running.parts.clock.now() });
    expect([late.rows.length, late.caught_up, late.coverage.stopped_by]).toEqual([0, false, 'deadline']);
    expect((await follow({ cursor: late.next_cursor })).rows).toEqual([]);
  });

  test('keeps its keys in the cursor, and refuses others beside it', async () => {
    const events = [...plainEvents({ count: 200, startMs: START_MS - DAY_MS, endMs: START_MS })];
    const { follow, running } = await openLog(events);
    const first = await follow({ event_keys: ['user_login'], limit: 5 });
    const second = await follow({ cursor: first.next_cursor });
    expect(new Set([...first.rows, ...second.rows].map((row) => row[2]))).toEqual(new Set(['user_login']));
    const input = { cursor: first.next_cursor, event_keys: ['user_login'] };
    expect((await running.failure('follow_audit_events', input)).fields?.[0]?.field).toBe('event_keys');
    expect((await running.failure('follow_audit_events', { cursor: 'made-up' })).code).toBe('invalid_cursor');
  });

  test('begins now where that is asked for: nothing of before, and all that comes', async () => {
    const before = [...plainEvents({ count: 20, startMs: START_MS - DAY_MS, endMs: START_MS - 60_000 })];
    const { running, follow, pass } = await openLog(before);
    const first = await follow({ start_time: 'now' });
    expect([first.rows, first.caught_up]).toEqual([[], true]);
    const coming = [0, 1, 999, 40_000].map((ms, index) => simEvent(sampleEvent(index, START_MS + ms)));
    pass(60_000);
    running.simulator.append(coming);
    const { rows } = await follow({ cursor: first.next_cursor });
    expect(rows).toHaveLength(coming.length);
  });

  test('has a cursor that can be written out, in a busy log too', async () => {
    const events = [...plainEvents({ count: 2000, startMs: START_MS - 60_000, endMs: START_MS })];
    const { follow } = await openLog(events);
    const { next_cursor: cursor } = await follow({ limit: 200 });
    expect(cursor.length).toBeLessThan(1000);
  });

  test('says how late an event may be where a burst leaves no room for the usual', async () => {
    const burst = [...plainEvents({ count: 150, startMs: START_MS - 20_000, endMs: START_MS - 5000 })];
    const late = 'would not be given here';
    const notesOf = async (events: readonly SimEvent[]) => (await (await openLog(events)).follow({ limit: 200 })).notes;
    expect((await notesOf(burst)).filter((note) => note.includes(late))).toHaveLength(1);
    await world?.close();
    expect((await notesOf(burst.slice(0, 60))).filter((note) => note.includes(late))).toEqual([]);
  });

  test('says so while more is waiting, too: its cursor has passed what may still come', async () => {
    const burst = [...plainEvents({ count: 100, startMs: START_MS - 7000, endMs: START_MS - 5000 })];
    const { follow, pass, running } = await openLog(burst);
    const first = await follow({ limit: 80 });
    expect([first.rows.length, first.caught_up]).toEqual([80, false]);
    // The oldest of the 64 that it remembers is less than 7 seconds old.
    expect(first.notes.join(' ')).toMatch(/more than [56] s late would not be given here/);
    pass(20_000);
    running.simulator.append([simEvent(sampleEvent(999, START_MS - 6950))]);
    const second = await follow({ cursor: first.next_cursor });
    expect([second.rows.length, second.caught_up]).toEqual([20, true]);
  });

  test('says nothing of it while it catches up with what is long over', async () => {
    const old = [...plainEvents({ count: 300, startMs: START_MS - DAY_MS, endMs: START_MS - DAY_MS / 2 })];
    const { notes, caught_up: isCaughtUp } = await (await openLog(old)).follow({ start_time: 'now-25h', limit: 150 });
    expect(isCaughtUp).toBe(false);
    expect(notes.join(' ')).not.toContain('would not be given here');
  });
});
