// What every reading tool does when it may not read to the end: it answers with what it has, says so, and stops asking.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { demoCompany, DEMO_NOW_MS, startDemo } from '../support/demo-company.ts';
import { stillClock } from '../support/still-clock.ts';
import type { World } from '../support/world.ts';

const window = { start_time: 'now-10d' };
const READING: Readonly<Record<string, Record<string, unknown>>> = {
  list_audit_events: { ...window, ip_address: '192.0.2.1' },
  aggregate_audit_events: { ...window, group_by: ['event_key'] },
  find_suspicious_logins: window,
  find_risky_changes: window,
  investigate_actor: { ...window, actor: '1000' },
  follow_audit_events: { ...window, event_keys: ['user_login'], limit: 200 },
};
const names = Object.keys(READING);

const answerSchema = z.looseObject({
  coverage: z.looseObject({
    complete: z.boolean(),
    stopped_by: z.string(),
    requests: z.number(),
    covered: z.array(z.looseObject({ start_time: z.string() })).optional(),
    estimate: z.object({ requests: z.number(), seconds: z.number() }).optional(),
  }),
  notes: z.array(z.string()),
});

describe('a reading tool that may not read to the end', () => {
  let world: World;
  beforeAll(async () => {
    world = await startDemo({ simulator: { logsOwnReads: false, latencyMs: 15 }, settings: { maxRequests: 4 } });
  });
  afterAll(() => world.close());

  test.each(names)('%s: spends no more requests than it may, and says what the rest would cost', async (name) => {
    const before = world.simulator.requests.okByPath['/audit_events'] ?? 0;
    const { coverage, notes } = answerSchema.parse(await world.call(name, READING[name]));
    expect((world.simulator.requests.okByPath['/audit_events'] ?? 0) - before).toBeLessThanOrEqual(4);
    expect([coverage.complete, coverage.requests <= 4]).toEqual([false, true]);
    if (coverage.stopped_by === 'limit') return;
    expect(coverage.stopped_by).toBe('budget');
    expect(coverage.estimate?.requests).toBeGreaterThan(0);
    expect(notes.join(' ')).toContain('budget');
    expect(notes.join(' ')).not.toMatch(/No event matches|No rule found anything/u);
  });

  test.each(names)('%s: answers at its deadline with what it has', async (name) => {
    const context = { deadlineAt: world.parts.clock.now() };
    const answer = answerSchema.parse(await world.call(name, READING[name], context));
    expect([answer.coverage.complete, answer.coverage.stopped_by]).toEqual([false, 'deadline']);
    expect(answer['total_events']).toBeUndefined();
    expect(answer.notes.join(' ')).toContain('time budget');
  });

  test.each([...names, 'export_audit_window'])('%s: sends nothing more once it is cancelled', async (name) => {
    const controller = new AbortController();
    const input = READING[name] ?? window;
    let calls = 0;
    const cancelled = world.call(name, input, {
      signal: controller.signal,
      settings: { ...world.parts.settings, maxRequests: 1000 },
      // The first sign of work: requests are on their way.
      progress: () => {
        calls += 1;
        controller.abort(new Error('the client is gone'));
      },
    });
    await cancelled.catch(() => undefined);
    expect(calls).toBeGreaterThan(0);
    const total = world.simulator.requests.total;
    // What is answered after it would be behind any request that was still sent.
    await world.call('check_access');
    await world.call('check_access');
    expect(world.simulator.requests.total - total).toBeLessThanOrEqual(4);
  });
});

describe('a reading tool', () => {
  test.each([...names, 'export_audit_window'])('%s: tells how far it is, growing', async (name) => {
    const world = await startDemo({
      simulator: { company: demoCompany(), logsOwnReads: false },
      clock: stillClock(DEMO_NOW_MS),
    });
    try {
      const told: number[] = [];
      const input = READING[name] ?? { start_time: 'now-5d' };
      await world.call(name, input, {
        deadlineAt: DEMO_NOW_MS + 60_000,
        progress: (done, total) => told.push(done / total),
      });
      expect(told.length).toBeGreaterThan(1);
      expect(told).toEqual(told.toSorted((a, b) => a - b));
      expect(told.at(-1)).toBeLessThanOrEqual(1);
    } finally {
      await world.close();
    }
  });
});
