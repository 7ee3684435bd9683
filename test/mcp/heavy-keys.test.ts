// Tests that keys of which there may be thousands cost no other rule its answer.
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { StoreSettings } from '../../src/parts.ts';
import type { SimEvent } from '../../src/simulator/model.ts';
import { simEvent, simEvents } from '../support/sim-events.ts';
import { stillClock } from '../support/still-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startWorld, type World } from '../support/world.ts';

const now = Date.parse('2026-11-20T12:00:00Z');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const answerSchema = z.object({
  coverage: z.object({ complete: z.boolean(), stopped_by: z.string(), requests: z.number() }),
  notes: z.array(z.string()),
  findings: z.array(
    z.object({ rule: z.string(), severity: z.string(), actor_ids: z.array(z.string()), event_count: z.number() }),
  ),
  rules: z.object({
    evaluated: z.array(z.string()),
    skipped: z.array(z.object({ rule: z.string(), reason: z.string() })),
  }),
});

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

async function changes(
  events: readonly SimEvent[],
  input: Record<string, unknown>,
  maxRequests = 1000,
  store?: StoreSettings,
) {
  world = await startWorld({
    simulator: { events, now: () => now },
    clock: stillClock(now),
    settings: { maxRequests },
    ...(store === undefined ? {} : { store }),
  });
  return answerSchema.parse(await world.call('find_risky_changes', input));
}

const promotion = simEvent({
  atMs: now - 2 * HOUR_MS,
  key: 'user_role_changed',
  actor: '2',
  entity: 'User:5',
  details: { previous_company_role: 'user', new_company_role: 'admin', initiator_id: 2 },
});
const deletions = (actor: string, startMs: number, count: number) =>
  simEvents(count, startMs, 1000, (index) => ({ key: 'message_deleted', actor, entity: `Message:${startMs}${index}` }));
/** Thousands of deletions by everybody, day after day, none of them remarkable. */
const chatter = (perDay: number) =>
  simEvents(perDay * 31, now - 31 * DAY_MS, DAY_MS / perDay, (index) => ({
    key: 'message_deleted',
    actor: String(2000 + (index % 700)),
    entity: `Message:${index}`,
  }));

describe('keys of which there may be thousands', () => {
  test('a window older than the log skips no rule: the log has forgotten for all of them alike', async () => {
    const { coverage, rules, notes } = await changes([promotion], { start_time: 'now-120d' });
    expect(coverage.stopped_by).toBe('retention');
    expect(rules.skipped).toEqual([]);
    expect(notes.join(' ')).toContain('90 days');
  });

  test('a flood of one does not cost the answer the other rules; the rule on it is skipped, and says why', async () => {
    const flood = simEvents(9000, now - 20 * HOUR_MS, 5000, (index) => ({
      key: 'kms_decrypt',
      actor: String(3000 + (index % 500)),
      entity: `Message:${index}`,
      details: { chat_id: 1, message_id: index, reason: 'message' },
    }));
    const { findings, rules, coverage } = await changes([promotion, ...flood], {}, 150);
    expect(findings).toMatchObject([{ rule: 'privilege_escalation' }]);
    expect(rules.skipped).toEqual([
      { rule: 'decrypt_anomaly', reason: expect.stringContaining('not read whole: kms_decrypt (budget)') },
    ]);
    expect(rules.evaluated).not.toContain('decrypt_anomaly');
    expect(rules.evaluated).toContain('destruction_burst');
    expect(coverage).toMatchObject({ complete: false, stopped_by: 'budget' });
    expect(coverage.requests).toBeLessThanOrEqual(150);
  });

  test('where the past of the company is too much, that of who is over the fixed limit is read: a habit is no finding', async () => {
    const habit = [1, 2, 3, 4, 5].flatMap((day) => deletions('9001', now - day * DAY_MS - 3 * HOUR_MS, 40));
    const events = [
      ...chatter(1500),
      ...habit,
      ...deletions('9001', now - 3 * HOUR_MS, 40),
      ...deletions('7', now - HOUR_MS, 40),
    ];
    const { findings, notes, coverage } = await changes(events, { rules: ['destruction_burst'] }, 500);
    expect(findings).toMatchObject([{ rule: 'destruction_burst', actor_ids: ['7'] }]);
    expect(notes).toContainEqual(
      expect.stringContaining('message_deleted, message_updated. There the fixed limits hold'),
    );
    expect(notes).toContainEqual(expect.stringContaining('no more than usual'));
    expect(coverage.complete).toBe(true);
    expect(coverage.requests).toBeLessThanOrEqual(500);
  });

  test('whoever deletes what they wrote within the hour destroys nothing: left out and counted', async () => {
    const startMs = now - 3 * HOUR_MS;
    const written = (actor: string) =>
      simEvents(60, startMs - 20 * MINUTE_MS, 1000, (index) => ({
        key: 'message_created',
        actor,
        entity: `Message:${startMs}${index}`,
      }));
    const tidy = [...written('9001'), ...deletions('9001', startMs, 60)];
    const { findings, notes } = await changes([...tidy, ...deletions('7', startMs, 60)], {
      rules: ['destruction_burst'],
    });
    expect(findings).toMatchObject([{ actor_ids: ['7'] }]);
    expect(notes).toContainEqual('Raised no finding: 60 (deleted what the same actor had just written).');
  });

  test('a first search is told from what its actor did before, though the company searches too much to be read', async () => {
    const search = (actor: string, startMs: number, count = 1, gapMs = 1000) =>
      simEvents(count, startMs, gapMs, () => ({ key: 'search_users_api', actor, details: { query_present: true } }));
    // A busy month, a quiet day: more than the budget of this question allows.
    const month = search('500', now - 30 * DAY_MS, 4000, (28 * DAY_MS) / 4000);
    const today = [...search('500', now - 2 * HOUR_MS, 8, 10 * MINUTE_MS), ...search('7', now - HOUR_MS)];
    const { findings, rules } = await changes([...month, ...today], { rules: ['first_api_search'] }, 400);
    expect(findings).toMatchObject([{ rule: 'first_api_search', actor_ids: ['7'] }]);
    expect(rules.skipped).toEqual([]);
  });

  test('one person is asked about with everything that the person did, habits too', async () => {
    const habit = [1, 2, 3, 4, 5].flatMap((day) => deletions('9001', now - day * DAY_MS - 3 * HOUR_MS, 40));
    const events = [...habit, ...deletions('9001', now - 3 * HOUR_MS, 40), ...deletions('7', now - HOUR_MS, 40)];
    const { findings, notes } = await changes(events, { actor: '9001' });
    expect(findings).toEqual([]);
    expect(notes).toContainEqual(expect.stringContaining('no more than usual'));
  });

  test('what the store holds is read whole whatever it would cost', async () => {
    const dir = await temporaryFolder();
    const habit = [1, 2, 3, 4, 5].flatMap((day) => deletions('9001', now - day * DAY_MS - 3 * HOUR_MS, 40));
    const events = [...chatter(600), ...habit, ...deletions('9001', now - 3 * HOUR_MS, 40)];
    const input = { rules: ['destruction_burst'] };
    await changes(events, input, 5000, { dir });
    const settings = world && { ...world.parts.settings, maxRequests: 100 };
    const { findings, notes, coverage } = answerSchema.parse(
      await world?.call('find_risky_changes', input, settings && { settings }),
    );
    expect(findings).toEqual([]);
    expect(notes).not.toContainEqual(expect.stringContaining('There the fixed limits hold'));
    expect(coverage.complete).toBe(true);
    expect(coverage.requests).toBeLessThanOrEqual(100);
  });
});
