// Tests what is read of others for a question about one person, and what is said where that ends early.
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import type { SimEvent } from '../../src/simulator/model.ts';
import { DAY_MS, event as personEvent, HOUR_MS, NOW_MS } from '../support/investigated.ts';
import { stillClock } from '../support/still-clock.ts';
import { startWorld } from '../support/world.ts';

const ADMIN = '1000';
const OTHER_ADMIN = '1001';
const PERSON = '1500';

const findingSchema = z.looseObject({
  rule: z.string(),
  severity: z.string(),
  event_count: z.number(),
  actor_ids: z.array(z.string()),
});
const answerSchema = z.looseObject({
  coverage: z.looseObject({ requests: z.number() }),
  notes: z.array(z.string()),
  findings: z.array(findingSchema),
  rules: z.object({
    evaluated: z.array(z.string()),
    skipped: z.array(z.object({ rule: z.string(), reason: z.string() })),
  }),
});
const investigatedSchema = z.looseObject({ notes: z.array(z.string()), findings: z.array(findingSchema) });

const event = (eventKey: string, agoMs: number, change: Partial<SimEvent> = {}): SimEvent =>
  personEvent(eventKey, agoMs, { entity_id: PERSON, actor_id: ADMIN, ...change });

async function worldOf(events: SimEvent[], maxRequests = 300) {
  const world = await startWorld({
    simulator: { events, now: () => NOW_MS },
    clock: stillClock(NOW_MS),
    settings: { maxRequests },
  });
  onTestFinished(() => world.close());
  return world;
}

const login = (agoMs: number, actorId = PERSON) => event('user_login', agoMs, { actor_id: actorId });
const shortLife = [
  event('user_created', 30 * HOUR_MS),
  login(29 * HOUR_MS),
  event('user_deleted', 25 * HOUR_MS, { actor_id: OTHER_ADMIN }),
];

test.each([
  {
    rule: 'dormant_account_active',
    tool: 'find_suspicious_logins',
    actor: PERSON,
    events: [event('user_deleted', 9 * DAY_MS), login(DAY_MS)],
    found: { severity: 'high', event_count: 1 },
  },
  {
    rule: 'privilege_escalation',
    tool: 'find_risky_changes',
    actor: PERSON,
    events: [
      event('user_role_changed', DAY_MS, {
        details: { new_company_role: 'admin', previous_company_role: 'user', initiator_id: 1000 },
      }),
    ],
    found: { severity: 'high', event_count: 1 },
  },
  {
    rule: 'new_admin_purge',
    tool: 'find_risky_changes',
    actor: PERSON,
    events: [
      event('user_role_changed', 8 * DAY_MS, {
        details: { new_company_role: 'admin', previous_company_role: 'user', initiator_id: 1000 },
      }),
      ...[1, 2].map((hour) =>
        event('user_role_changed', 5 * DAY_MS + hour * 60_000, {
          actor_id: PERSON,
          entity_id: String(1600 + hour),
          details: { new_company_role: 'user', previous_company_role: 'admin', initiator_id: 1500 },
        }),
      ),
    ],
    found: { severity: 'high', event_count: 3 },
  },
  ...[PERSON, ADMIN, OTHER_ADMIN].map((actor) => ({
    rule: 'short_lived_account',
    tool: 'find_risky_changes',
    actor,
    events: shortLife,
    found: { severity: 'high', event_count: 3 },
  })),
])('$rule asked about actor $actor finds what it finds without actor', async ({ rule, tool, actor, events, found }) => {
  const world = await worldOf(events);
  const ask = async (about: Record<string, unknown>) =>
    answerSchema.parse(await world.call(tool, { start_time: 'now-7d', rules: [rule], ...about }));
  const [one, all] = [await ask({ actor }), await ask({})];
  expect(one.findings).toMatchObject([{ rule, ...found }]);
  expect(one.findings).toEqual(all.findings);
  expect(one.rules).toEqual({ evaluated: [rule], skipped: [] });
  expect(one.coverage.requests - all.coverage.requests).toBeLessThanOrEqual(6);

  const investigated = investigatedSchema.parse(await world.call('investigate_actor', { actor, start_time: 'now-7d' }));
  expect(investigated.findings.map((finding) => finding.rule)).toContain(rule);
  for (const { actor_ids } of investigated.findings) expect(actor_ids).toContain(actor);
});

test('where the budget ends before what others did was read, the rule is skipped, and so says the note', async () => {
  const world = await worldOf(shortLife, 3);
  const { rules, findings, notes } = answerSchema.parse(
    await world.call('find_risky_changes', { start_time: 'now-7d', actor: PERSON, rules: ['short_lived_account'] }),
  );
  expect(findings).toEqual([]);
  expect(rules.evaluated).toEqual([]);
  expect(rules.skipped.map(({ rule }) => rule)).toEqual(['short_lived_account']);
  expect(notes.filter((note) => note.includes('No rule found anything'))).toEqual([]);
  expect(notes.join(' ')).toContain('No rule could judge in full: short_lived_account.');
});

/** A short life with so many logins that the first of them lies pages behind. */
const busyLife = [...shortLife, ...Array.from({ length: 150 }, (_, index) => login(28 * HOUR_MS - index * 60_000))];

test('an account that was used much is as grave as one that was used once', async () => {
  const world = await worldOf(busyLife);
  const { rules, findings } = answerSchema.parse(
    await world.call('find_risky_changes', { start_time: 'now-7d', actor: ADMIN, rules: ['short_lived_account'] }),
  );
  expect(findings).toMatchObject([{ rule: 'short_lived_account', severity: 'high', event_count: 3 }]);
  expect(rules.skipped).toEqual([]);
});

test('where it was not read whether an account was used, the rule is skipped, whatever the budget', async () => {
  const seen = new Set<string>();
  for (let budget = 1; budget <= 40; budget += 1) {
    const world = await worldOf(shortLife, budget);
    const { rules, findings } = answerSchema.parse(
      await world.call('find_risky_changes', { start_time: 'now-7d', actor: ADMIN, rules: ['short_lived_account'] }),
    );
    const told = `${findings[0]?.severity ?? 'nothing'}, ${rules.skipped.length === 0 ? 'judged' : 'skipped'}`;
    seen.add(told);
    await world.close();
  }
  expect([...seen].filter((told) => told.endsWith('judged'))).toEqual(['high, judged']);
});

test('a note on nothing found names the rules that did not judge, instead of saying that no rule found anything', async () => {
  const world = await worldOf([]);
  const { notes, rules } = answerSchema.parse(
    await world.call('find_risky_changes', { start_time: 'now-7d', actor: PERSON }),
  );
  expect(rules.skipped.map(({ rule }) => rule)).toEqual([
    'integration_trust_change',
    'takeover_chain',
    'decrypt_anomaly',
    'mass_add',
  ]);
  expect(notes.filter((note) => note.includes('No rule found anything'))).toEqual([]);
  expect(notes.join(' ')).toContain(
    'not in full: integration_trust_change, takeover_chain, decrypt_anomaly, mass_add.',
  );
  const investigated = investigatedSchema.parse(
    await world.call('investigate_actor', { actor: PERSON, start_time: 'now-7d' }),
  );
  for (const { rule } of rules.skipped) expect(investigated.notes.join(' ')).toContain(rule);
});

test('a rule asked alone reads the days before that it needs', async () => {
  const created = event('user_created', 3 * HOUR_MS);
  const world = await worldOf([created, event('user_deleted', HOUR_MS)]);
  const { findings } = answerSchema.parse(
    await world.call('find_risky_changes', { start_time: 'now-2h', rules: ['short_lived_account'] }),
  );
  expect(findings).toMatchObject([{ severity: 'medium', event_count: 2 }]);
});
