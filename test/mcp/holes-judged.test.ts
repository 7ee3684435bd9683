// Checks that nobody is judged by a part of the past that nobody holds any more: neither their tokens nor their silence.
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import type { AuditEvent } from '../../src/audit/event.ts';
import { createMemoryLog } from '../../src/audit/memory-log.ts';
import type { TimeWindow } from '../../src/audit/query.ts';
import { HOLED, startHoledWorld } from '../support/holed-world.ts';
import { simEvents } from '../support/sim-events.ts';
import { stillClock } from '../support/still-clock.ts';
import { eventAt } from '../support/store.ts';
import { memoryParts } from '../support/tool-parts.ts';
import { startWorld, toolCalls } from '../support/world.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const { nowMs } = HOLED;
const QUESTION = { start_time: '2026-07-11T00:00:00Z', end_time: '2026-11-27T12:00:00Z' };

const investigatedSchema = z.object({
  totals: z.record(z.string(), z.number()),
  live_tokens: z.array(z.looseObject({ id: z.string(), created_at: z.string() })),
  live_tokens_since: z.string(),
  notes: z.array(z.string()),
});

describe('tokens of a person', () => {
  const token = (key: string, id: string, day: string) =>
    simEvents(1, Date.parse(`${day}T09:00:00Z`), 0, () => ({ key, actor: '7', entity: `AccessToken:${id}` }));

  test('that were given before a hole are not called live: they may have been taken away in it', async () => {
    const world = await startHoledWorld([
      ...token('access_token_created', '1', '2026-07-15'),
      ...token('access_token_destroy', '1', '2026-08-10'),
      ...token('access_token_created', '2', '2026-07-16'),
      ...token('access_token_updated', '2', '2026-10-01'),
      ...token('access_token_created', '3', '2026-10-02'),
    ]);
    onTestFinished(() => world.close());
    const answer = await world.call('investigate_actor', { actor: '7', ...QUESTION });
    const { live_tokens: live, live_tokens_since: since, totals, notes } = investigatedSchema.parse(answer);
    expect(live).toMatchObject([{ id: '3' }, { id: '2', created_at: '2026-07-16T09:00:00Z' }]);
    expect(since).toBe('2026-08-29T12:00:00Z');
    expect(totals).toMatchObject({ live_tokens_seen: 2 });
    expect(notes).toContainEqual(expect.stringContaining('Tokens were not read whole'));
  });

  test('are known since the log begins, not since a window that begins before it', async () => {
    const events = token('access_token_created', '1', '2026-08-01');
    const world = await startWorld({
      simulator: { events, now: () => nowMs, retentionDays: 90 },
      clock: stillClock(nowMs),
    });
    onTestFinished(() => world.close());
    const answer = await world.call('investigate_actor', { actor: '7', ...QUESTION });
    const { live_tokens_since: since, totals } = investigatedSchema.parse(answer);
    expect(totals).toMatchObject({ live_tokens: 0 });
    expect(since).toBe('2026-08-29T12:00:00Z');
  });
});

describe('an account that logs in after a long silence', () => {
  const stranger = { ip_address: '198.18.44.5', user_agent: 'curl/8.5.0', actor_id: '7' };
  const loginAt = (daysAgo: number, more: Partial<AuditEvent>): AuditEvent =>
    eventAt(
      new Date(nowMs - daysAgo * DAY_MS - HOUR_MS).toISOString(),
      'user_login',
      `${more.actor_id} ${daysAgo}`,
      more,
    );
  const events = [
    ...Array.from({ length: 80 }, (_, day) => loginAt(day, { actor_id: '1' })),
    loginAt(60, { actor_id: '7' }),
    loginAt(0, stranger),
  ];
  async function judged(covered: readonly TimeWindow[]) {
    const clock = stillClock(nowMs);
    const parts = memoryParts([], clock);
    const settings = { ...parts.settings, source: 'file' as const };
    const calls = toolCalls({ ...parts, settings, log: createMemoryLog(events, { clock, covered }) });
    const input = { rules: ['dormant_account_active'], start_time: 'now-24h' };
    const schema = z.object({ findings: z.array(z.looseObject({ rule: z.string() })), notes: z.array(z.string()) });
    return schema.parse(await calls.call('find_suspicious_logins', input));
  }
  const from = nowMs - 89 * DAY_MS;

  test('is not called silent where a hole may hold its logins', async () => {
    const whole = await judged([{ startMs: from, endMs: nowMs }]);
    expect(whole.findings).toMatchObject([{ rule: 'dormant_account_active' }]);
    const holed = await judged([
      { startMs: from, endMs: nowMs - 50 * DAY_MS },
      { startMs: nowMs - 45 * DAY_MS, endMs: nowMs },
    ]);
    expect(holed.findings).toEqual([]);
    expect(holed.notes).toContainEqual(expect.stringContaining('it was not read since when: 1'));
  });
});

describe('judging over a hole', () => {
  const daily = Array.from({ length: 80 }, (_, day): AuditEvent => {
    const createdAt = new Date(nowMs - day * DAY_MS - HOUR_MS).toISOString();
    return eventAt(createdAt, 'user_login', `7 ${day}`, { actor_id: '7' });
  });
  const clock = stillClock(nowMs);
  const callsOver = (covered: readonly TimeWindow[]) =>
    toolCalls({ ...memoryParts([], clock), log: createMemoryLog(daily, { clock, covered }) });
  const judgedSchema = z.object({
    baseline: z.object({ start_time: z.string(), end_time: z.string(), logins: z.number(), complete: z.boolean() }),
    rules: z.object({ skipped: z.array(z.object({ rule: z.string(), reason: z.string() })) }),
  });
  const from = nowMs - 89 * DAY_MS;
  const whole = [{ startMs: from, endMs: nowMs }];
  const holed = [
    { startMs: from, endMs: nowMs - 20 * DAY_MS },
    { startMs: nowMs - 15 * DAY_MS, endMs: nowMs },
  ];

  test('takes for the past what was read without a gap, and counts nothing from behind it', async () => {
    const ask = async (covered: readonly TimeWindow[]) =>
      judgedSchema.parse(await callsOver(covered).call('find_suspicious_logins', { start_time: 'now-1d' })).baseline;
    expect(await ask(whole)).toMatchObject({ complete: true, logins: 30 });
    expect(await ask(holed)).toEqual({
      start_time: '2026-11-12T12:00:00Z',
      end_time: '2026-11-26T12:00:00Z',
      complete: false,
      logins: 14,
    });
  });

  test('of one person says for which rules what others did was not read whole', async () => {
    const ask = async (covered: readonly TimeWindow[]) => {
      const input = { start_time: 'now-25d', actor: '7', rules: ['privilege_escalation'] };
      return judgedSchema.parse(await callsOver(covered).call('find_risky_changes', input)).rules.skipped;
    };
    expect(await ask(whole)).toEqual([]);
    expect(await ask(holed)).toMatchObject([
      { rule: 'privilege_escalation', reason: expect.stringContaining('(retention)') },
    ]);
  });
});
