// Tests find_suspicious_logins against what was planted.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { buildCompany } from '../../src/simulator/dataset.ts';
import { stillClock } from '../support/still-clock.ts';
import { startWorld, type World } from '../support/world.ts';

const now = Date.parse('2026-11-20T12:00:00Z');
const company = buildCompany({ seed: 3, now, people: 80, days: 45 });
const WEEK = { start_time: 'now-7d' };

const findingSchema = z.object({
  id: z.string(),
  rule: z.string(),
  severity: z.enum(['low', 'medium', 'high', 'critical']),
  actor_ids: z.array(z.string()),
  first_at: z.string(),
  last_at: z.string(),
  event_count: z.number(),
  evidence: z.object({ event_ids: z.array(z.string()), query: z.record(z.string(), z.unknown()) }),
  why: z.string().min(20),
  benign: z.array(z.string()).min(1),
  attack: z.array(z.object({ technique: z.string(), version: z.string() })),
  next: z.array(z.object({ tool: z.string(), arguments: z.record(z.string(), z.unknown()) })),
});
const answerSchema = z.object({
  coverage: z.object({ complete: z.boolean(), stopped_by: z.string() }),
  notes: z.array(z.string()),
  totals: z.object({ logins: z.number(), failed_2fa: z.number(), succeeded_2fa: z.number() }),
  findings: z.array(findingSchema),
  omitted_findings: z.number(),
  next_cursor: z.string().optional(),
  baseline: z.object({ logins: z.number(), complete: z.boolean() }),
  not_observable: z.array(z.string()).min(3),
});
type Findings = z.output<typeof answerSchema>['findings'];

let world: World;
beforeAll(async () => {
  world = await startWorld({ simulator: { company, now: () => now }, clock: stillClock(now) });
});
afterAll(() => world.close());

const find = async (input: Record<string, unknown>, context = {}) =>
  answerSchema.parse(await world.call('find_suspicious_logins', input, context));
/** Ids of all events that a question for them lists, page after page. */
async function listed(query: Record<string, unknown>): Promise<string[]> {
  const pageSchema = z.object({
    events: z.array(z.looseObject({ id: z.string() })),
    next_cursor: z.string().optional(),
  });
  let page = pageSchema.parse(await world.call('list_audit_events', { ...query, response_format: 'detailed' }));
  const ids = page.events.map(({ id }) => id);
  while (page.next_cursor !== undefined) {
    page = pageSchema.parse(await world.call('list_audit_events', { cursor: page.next_cursor }));
    ids.push(...page.events.map(({ id }) => id));
  }
  return ids;
}
const idsOf = ({ findings }: { findings: Findings }) => findings.map(({ id }) => id);

describe('find_suspicious_logins', () => {
  test('finds the attacks on the way in that were planted in the last fortnight, with evidence that is part of them', async () => {
    const { findings, coverage, baseline } = await find({ start_time: 'now-14d', max_findings: 100 });
    expect([coverage.complete, baseline.complete]).toEqual([true, true]);
    expect(baseline.logins).toBeGreaterThan(500);
    const kinds = ['two_factor_breakthrough', 'two_factor_spray', 'scripted_client', 'new_source_many_accounts'];
    const planted = company.incidents.filter(({ kind }) => kinds.includes(kind));
    expect([...new Set(planted.map(({ kind }) => kind))]).toHaveLength(kinds.length);
    for (const { kind, event_ids: ids } of planted) {
      const about = findings.filter(({ evidence }) => evidence.event_ids.some((id) => ids.includes(id)));
      expect([kind, ...about.map(({ severity }) => severity)]).toContainEqual(
        expect.stringMatching(/^(medium|high|critical)$/u),
      );
    }
  });

  test('says nothing above low about the harmless look-alikes', async () => {
    const { findings } = await find({ ...WEEK, min_severity: 'medium' });
    const harmless = new Set(company.benign.flatMap(({ event_ids: ids }) => ids));
    const wrong = findings.filter(({ evidence }) => evidence.event_ids.every((id) => harmless.has(id)));
    expect(wrong.map(({ rule, why }) => [rule, why])).toEqual([]);
  });

  test('counts the logins and second factors of the window as the log has them', async () => {
    const { totals } = await find(WEEK);
    const inWindow = company.events.filter(({ created_at: time }) => {
      const timeMs = Date.parse(time);
      return timeMs >= now - 7 * 86_400_000 && timeMs < now;
    });
    const count = (key: string) => inWindow.filter(({ event_key: eventKey }) => eventKey === key).length;
    expect(totals).toMatchObject({
      logins: count('user_login'),
      failed_2fa: count('user_2fa_fail'),
      succeeded_2fa: count('user_2fa_success'),
    });
  });

  test('gives in each finding a question that shows its evidence, and next steps that can be taken as they stand', async () => {
    const { findings } = await find(WEEK);
    for (const { rule, evidence, next } of findings.slice(0, 6)) {
      const ids = await listed(evidence.query);
      expect(evidence.event_ids.filter((id) => !ids.includes(id)).map((id) => [rule, id])).toEqual([]);
      for (const step of next) expect(await world.call(step.tool, step.arguments)).toHaveProperty('notes');
    }
  });

  test('orders by severity, then newest, and pages on without loss', async () => {
    const whole = await find({ ...WEEK, max_findings: 100 });
    const ranks = whole.findings.map(({ severity }) => ['critical', 'high', 'medium', 'low'].indexOf(severity));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    const seen: string[] = [];
    let page = await find({ ...WEEK, max_findings: 3 });
    for (; page.next_cursor !== undefined; page = await find({ cursor: page.next_cursor })) seen.push(...idsOf(page));
    seen.push(...idsOf(page));
    expect(seen).toEqual(idsOf(whole));
  });

  test('asked again, gives the same findings the same ids', async () => {
    expect(idsOf(await find(WEEK))).toEqual(idsOf(await find(WEEK)));
  });

  test('says that the rest is unknown where a budget ended the reading, and never that nothing was found', async () => {
    const settings = { ...world.parts.settings, maxRequests: 3 };
    const answer = await find(WEEK, { settings });
    expect(answer.coverage).toMatchObject({ complete: false, stopped_by: 'budget' });
    expect(answer.baseline.complete).toBe(false);
    expect(answer.notes.join(' ')).not.toContain('No rule found anything');
  });

  test('names what min_severity hides', async () => {
    const all = await find({ ...WEEK, max_findings: 100 });
    const severe = await find({ ...WEEK, max_findings: 100, min_severity: 'high' });
    expect(severe.findings.length).toBeLessThan(all.findings.length);
    expect(severe.omitted_findings).toBe(all.findings.length - severe.findings.length);
  });
});
