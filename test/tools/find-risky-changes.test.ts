// Tests find_risky_changes over a company with planted incidents.
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { buildCompany } from '../../src/simulator/dataset.ts';
import { CHANGE_RULES } from '../../src/detect/rule-ids.ts';
import { userAgent } from '../../src/installation.ts';
import type { ToolSettings } from '../../src/mcp/tool.ts';
import { stillClock } from '../support/still-clock.ts';
import { startWorld, type World } from '../support/world.ts';

const now = Date.parse('2026-11-20T12:00:00Z');
const answerSchema = z.object({
  coverage: z.object({ complete: z.boolean(), requests: z.number(), own_reads: z.number() }),
  notes: z.array(z.string()),
  totals: z.record(z.string(), z.number()),
  findings: z.array(
    z.object({ rule: z.string(), severity: z.string(), actor_ids: z.array(z.string()), why: z.string() }),
  ),
  omitted_findings: z.number(),
  rules: z.object({
    evaluated: z.array(z.string()),
    skipped: z.array(z.object({ rule: z.string(), reason: z.string() })),
  }),
});

let world: World;
beforeAll(async () => {
  const company = buildCompany({ seed: 3, now, people: 60, days: 60 });
  world = await startWorld({ simulator: { company, now: () => now }, clock: stillClock(now) });
});
afterAll(() => world.close());

async function find(input: Record<string, unknown>) {
  return answerSchema.parse(await world.call('find_risky_changes', input));
}

describe('find_risky_changes', () => {
  test('judges a fortnight with every rule, tells the takeover first, and counts findings by rule', async () => {
    const { coverage, totals, findings, omitted_findings, rules } = await find({ start_time: 'now-14d' });
    expect(coverage.complete).toBe(true);
    expect(rules.evaluated).toEqual(Object.keys(CHANGE_RULES));
    expect(findings[0]).toMatchObject({ rule: 'takeover_chain', severity: 'critical' });
    const named = Object.values(totals).reduce((sum, count) => sum + count, 0);
    expect(named).toBe(findings.length + omitted_findings);
  });

  test('asked for one rule, evaluates it alone and finds nothing else', async () => {
    const { findings, rules } = await find({ start_time: 'now-14d', rules: ['privilege_escalation'] });
    expect(rules).toEqual({ evaluated: ['privilege_escalation'], skipped: [] });
    expect([...new Set(findings.map(({ rule }) => rule))]).toEqual(['privilege_escalation']);
  });

  test('asked about one person, skips the rule that compares people, names those that see less, and says why', async () => {
    const { rules, findings } = await find({ start_time: 'now-14d', actor: '1000' });
    expect(rules.skipped.map(({ rule }) => rule)).toEqual([
      'integration_trust_change',
      'takeover_chain',
      'decrypt_anomaly',
      'mass_add',
    ]);
    for (const { actor_ids } of findings) expect(actor_ids).toContain('1000');
  });

  test('a read of an earlier run looks like a stranger where the id could not be kept, and that is said', async () => {
    const answerOf = async (settings: Partial<ToolSettings>) => {
      const watched = await startWorld({ simulator: { now: () => now - 10_000 }, clock: stillClock(now), settings });
      onTestFinished(() => watched.close());
      const headers = {
        authorization: `Bearer ${watched.simulator.token}`,
        'user-agent': userAgent('0.1.0', '00000000-0000-4000-8000-000000000000'),
      };
      await fetch(`${watched.simulator.url}/audit_events?limit=5`, { headers });
      const input = { rules: ['audit_log_stranger'] };
      const problems = z.object({ problems: z.array(z.object({ message: z.string() })) });
      return {
        ...answerSchema.parse(await watched.call('find_risky_changes', input)),
        ...problems.parse(await watched.call('check_access')),
        investigated: await watched.call('investigate_actor', { actor: '1000' }),
      };
    };
    const kept = await answerOf({});
    expect([kept.findings.length, kept.problems]).toEqual([1, []]);
    expect(kept.notes.join(' ')).not.toContain('of an earlier run');
    const lost = await answerOf({ idNotKeptIn: '/data/pachca-audit-mcp' });
    expect(lost.notes).toContainEqual(expect.stringContaining('its own reads of an earlier run'));
    expect(lost.investigated['notes']).toContainEqual(expect.stringContaining('its own reads of an earlier run'));
    expect(lost.problems).toMatchObject([
      { message: expect.stringContaining('/data/pachca-audit-mcp, cannot be written') },
    ]);
  });

  test('a read of the log by the token with another agent is a finding on its own user; our reads are left out', async () => {
    const past = now - 60_000;
    const watched = await startWorld({
      simulator: { now: () => past },
      clock: stillClock(now),
      settings: { maxRequests: 200 },
    });
    try {
      await watched.call('list_audit_events', {});
      const headers = { authorization: `Bearer ${watched.simulator.token}`, 'user-agent': 'curl/8.4.0' };
      const stolen = await fetch(`${watched.simulator.url}/audit_events?limit=5`, { headers });
      expect(stolen.status).toBe(200);
      const { findings, coverage } = answerSchema.parse(
        await watched.call('find_risky_changes', { rules: ['audit_log_stranger'] }),
      );
      expect(findings).toMatchObject([{ rule: 'audit_log_stranger', severity: 'high', actor_ids: ['1000'] }]);
      expect(findings[0]?.why).toContain('with curl, which is neither this server nor a known collector');
      expect(coverage.own_reads).toBeGreaterThan(0);
    } finally {
      await watched.close();
    }
  });
});
