// The questions that a security officer asks, each answered in at most three calls, and every fact checked against the
// truth of the simulator.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { SimEvent } from '../src/simulator/model.ts';
import { demoCompany, DEMO_NOW_MS, DEMO_ZONE, startDemo } from './support/demo-company.ts';
import { INSTALLATION_ID, type World } from './support/world.ts';

const windowSchema = z.object({ start_time: z.string(), end_time: z.string() });
const actorsSchema = z.record(z.string(), z.looseObject({ name: z.string() })).default({});
const listSchema = z.object({
  window: windowSchema,
  coverage: z.looseObject({ complete: z.boolean(), own_reads: z.number() }),
  columns: z.array(z.string()),
  rows: z.array(z.array(z.string())),
  actors: actorsSchema,
  next_cursor: z.string().optional(),
});
const groupsSchema = z.object({
  window: windowSchema,
  total_events: z.number(),
  omitted_groups: z.number(),
  groups: z.array(z.object({ key: z.record(z.string(), z.union([z.string(), z.number()])), events: z.number() })),
});
const findingsSchema = z.object({
  window: windowSchema,
  coverage: z.looseObject({ complete: z.boolean() }),
  findings: z.array(
    z.looseObject({ rule: z.string(), severity: z.string(), actor_ids: z.array(z.string()), first_at: z.string() }),
  ),
  totals: z.record(z.string(), z.number()),
});

describe('answered in at most three calls', () => {
  let world: World;
  let calls = 0;
  beforeAll(async () => {
    const startedAt = performance.now();
    const now = (): number => DEMO_NOW_MS + Math.floor(performance.now() - startedAt);
    world = await startDemo({
      simulator: { now },
      clock: { now, random: () => 0.5, sleep: (ms) => new Promise((resolve) => void setTimeout(resolve, ms)) },
    });
  });
  afterAll(() => world.close());
  beforeEach(() => {
    calls = 0;
  });

  async function call<Schema extends z.ZodType>(
    schema: Schema,
    tool: string,
    input: Record<string, unknown>,
  ): Promise<z.output<Schema>> {
    calls += 1;
    expect(calls).toBeLessThanOrEqual(3);
    return schema.parse(await world.call(tool, input));
  }

  const isOwn = ({ user_agent: agent }: SimEvent): boolean => agent?.includes(INSTALLATION_ID) === true;

  /** The events of a window in truth, own reads left out. */
  function truth(window: z.output<typeof windowSchema>, fits: (event: SimEvent) => boolean = () => true): SimEvent[] {
    const [startMs, endMs] = [Date.parse(window.start_time), Date.parse(window.end_time)];
    return world.simulator.events().filter((event) => {
      const timeMs = Date.parse(event.created_at);
      return timeMs >= startMs && timeMs < endMs && !isOwn(event) && fits(event);
    });
  }

  function countBy(events: readonly SimEvent[], of: (event: SimEvent) => string): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const event of events) counts[of(event)] = (counts[of(event)] ?? 0) + 1;
    return counts;
  }

  function groupCounts({ groups }: z.output<typeof groupsSchema>, dimension: string): Record<string, number> {
    return Object.fromEntries(groups.map(({ key, events }) => [String(key[dimension]), events]));
  }

  /** The rows are those events and no others: a reference is the beginning of its id. */
  function expectRows(rows: readonly string[][], events: readonly SimEvent[]): void {
    const missing = events.filter(({ id }) => rows.filter(([ref = '']) => id.startsWith(ref)).length !== 1);
    expect(missing).toEqual([]);
    expect(rows).toHaveLength(events.length);
  }

  const incidents = (kind: string) => demoCompany().incidents.filter((incident) => incident.kind === kind);
  const key = (eventKey: string) => (event: SimEvent) => event.event_key === eventKey;
  const isAuth = ({ event_key: eventKey }: SimEvent): boolean => /^user_(?:login|logout|2fa_)/u.test(eventKey);

  test('the audit log of the last week', async () => {
    const counts = await call(groupsSchema, 'aggregate_audit_events', {
      start_time: 'now-7d',
      group_by: ['event_key'],
      top: 100,
    });
    const week = truth(counts.window);
    expect(counts.total_events).toBe(week.length);
    expect(groupCounts(counts, 'event_key')).toEqual(countBy(week, (event) => event.event_key));
    const list = await call(listSchema, 'list_audit_events', { start_time: 'now-7d', limit: 200 });
    expectRows(list.rows, truth(list.window).slice(-list.rows.length));
    expect(list.next_cursor).toBeDefined();
  });

  test('the security events of yesterday', async () => {
    const yesterday = { start_time: '2026-11-19', end_time: '2026-11-19' };
    const counts = await call(groupsSchema, 'aggregate_audit_events', { ...yesterday, group_by: ['event_group'] });
    expect(counts.window).toMatchObject({
      start_time: '2026-11-19T00:00:00+03:00',
      end_time: '2026-11-20T00:00:00+03:00',
    });
    expect(counts.total_events).toBe(truth(counts.window).length);
    expect(groupCounts(counts, 'event_group')['auth']).toBe(truth(counts.window, isAuth).length);
    const logins = await call(findingsSchema, 'find_suspicious_logins', yesterday);
    const changes = await call(findingsSchema, 'find_risky_changes', yesterday);
    const [takeover] = incidents('takeover_chain');
    expect(logins.findings[0]).toMatchObject({ severity: 'high', actor_ids: takeover?.actor_ids });
    expect(changes.findings[0]).toMatchObject({
      rule: 'takeover_chain',
      severity: 'critical',
      actor_ids: takeover?.actor_ids,
    });
  });

  test('the login history of the last 24 hours', async () => {
    const first = await call(listSchema, 'list_audit_events', { event_keys: ['user_login'], limit: 200 });
    const rows = [...first.rows];
    let cursor = first.next_cursor;
    while (cursor !== undefined) {
      const page = await call(listSchema, 'list_audit_events', { cursor });
      rows.push(...page.rows);
      cursor = page.next_cursor;
    }
    expectRows(rows, truth(first.window, key('user_login')));
    expect(rows.length).toBeGreaterThan(20);
  });

  test('failed second factors and suspicious logins of a month', async () => {
    const failed = await call(groupsSchema, 'aggregate_audit_events', {
      start_time: 'now-30d',
      event_keys: ['user_2fa_fail'],
      group_by: ['actor'],
      top: 100,
    });
    const failures = truth(failed.window, key('user_2fa_fail'));
    expect(failed.total_events).toBe(failures.length);
    const byActor = countBy(failures, (event) => event.actor_id);
    expect(byActor).toMatchObject(groupCounts(failed, 'actor'));
    const report = await call(findingsSchema, 'find_suspicious_logins', { start_time: 'now-30d', max_findings: 100 });
    expect(report.totals).toMatchObject({ failed_2fa: failures.length });
    const rules = new Map([
      ['two_factor_breakthrough', 'failed_2fa_then_login'],
      ['two_factor_spray', 'failed_2fa_spray'],
      ['distributed_guessing', 'failed_2fa_from_many_networks'],
    ]);
    for (const [kind, rule] of rules) {
      for (const { actor_ids: actors } of incidents(kind)) {
        const found = report.findings.filter((one) => one.actor_ids.some((id) => actors.includes(id)));
        expect(found.flatMap((one) => [one.rule, ...z.array(z.string()).default([]).parse(one['also'])])).toContain(
          rule,
        );
      }
    }
  });

  test('DLP violations in a fortnight', async () => {
    const list = await call(listSchema, 'list_audit_events', {
      start_time: 'now-14d',
      event_keys: ['dlp_violation_detected'],
      limit: 200,
    });
    const violations = truth(list.window, key('dlp_violation_detected'));
    expect(violations.length).toBeGreaterThan(5);
    expectRows(list.rows, violations);
    const details = list.columns.indexOf('details');
    // Whose message it was and which rule it hit stand in the row.
    expect(list.rows.filter((row) => !/dlp_rule_name=.+user_id=\d+/u.test(row[details] ?? ''))).toEqual([]);
    const subjects = new Set(violations.map((event) => String(event.details?.['user_id'])));
    expect([...subjects].filter((id) => list.actors[id] === undefined)).toEqual([]);
  });

  test('an export of ten days to a file', async () => {
    const answer = await call(
      z.looseObject({
        window: windowSchema,
        status: z.string(),
        file: z.object({ path: z.string(), events: z.number() }),
      }),
      'export_audit_window',
      { start_time: '2026-11-10', end_time: '2026-11-19' },
    );
    expect(answer.status).toBe('done');
    const lines = (await readFile(answer.file.path, 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => z.looseObject({ id: z.string() }).parse(JSON.parse(line)).id)).toEqual(
      truth(answer.window).map(({ id }) => id),
    );
  });

  test('who logged in yesterday after 22:00 Moscow time', async () => {
    const list = await call(listSchema, 'list_audit_events', {
      start_time: '2026-11-19',
      end_time: '2026-11-19',
      time_zone: DEMO_ZONE,
      event_keys: ['user_login'],
      time_of_day: '22:00-24:00',
    });
    const late = { start_time: '2026-11-19T19:00:00Z', end_time: '2026-11-19T21:00:00Z' };
    expectRows(list.rows, truth(late, key('user_login')));
    expect(list.coverage.complete).toBe(true);
  });

  test('all message deletions of a month, by whom', async () => {
    const counts = await call(groupsSchema, 'aggregate_audit_events', {
      start_time: 'now-30d',
      event_keys: ['message_deleted'],
      group_by: ['actor'],
      top: 100,
    });
    const deletions = truth(counts.window, key('message_deleted'));
    const byActor = countBy(deletions, (event) => event.actor_id);
    expect(counts.total_events).toBe(deletions.length);
    expect(counts.groups.length + counts.omitted_groups).toBe(Object.keys(byActor).length);
    expect(byActor).toMatchObject(groupCounts(counts, 'actor'));
    const most = Math.max(...Object.values(byActor));
    expect(counts.groups[0]?.events).toBe(most);
  });

  test('new API tokens of a week and their scopes', async () => {
    const list = await call(listSchema, 'list_audit_events', {
      start_time: 'now-7d',
      event_keys: ['access_token_created'],
      limit: 200,
    });
    const created = truth(list.window, key('access_token_created'));
    expect(created.length).toBeGreaterThan(0);
    expectRows(list.rows, created);
    for (const { id, details } of created) {
      const row = list.rows.find(([ref = '']) => id.startsWith(ref));
      const scopes = z.array(z.string()).parse(details?.['scopes']);
      expect(scopes.filter((scope) => !row?.at(-1)?.includes(scope))).toEqual([]);
    }
  });

  test('everything about one person named by surname, before an offboarding', async () => {
    const schema = z.looseObject({
      window: windowSchema,
      profile: z.looseObject({ id: z.string(), name: z.string() }),
      totals: z.looseObject({ own_events: z.number() }),
      logins: z.number(),
      failed_2fa: z.number(),
      by_event_key: z.record(z.string(), z.number()),
    });
    const { users } = demoCompany();
    const surnames = countBy(world.simulator.events(), () => '');
    for (const { last_name: name } of users) surnames[name ?? ''] = (surnames[name ?? ''] ?? 0) + 1;
    const person = users.find(
      ({ last_name: name, role, bot }) => !bot && role === 'user' && surnames[name ?? ''] === 1,
    );
    const surname = person?.last_name ?? '';
    expect(surname).not.toBe('');
    const answer = await call(schema, 'investigate_actor', { actor: surname, start_time: 'now-30d' });
    expect(answer.profile).toMatchObject({ id: String(person?.id), name: `${person?.first_name} ${surname}` });
    // Who is taken out of a tag, or invited to a chat, is the actor of that event, and did not do it.
    const id = String(person?.id);
    const byThemselves = ({ details }: SimEvent): boolean =>
      [details?.['initiator_id'], details?.['inviter_id']].every(
        (other) => other === undefined || Number(other) === person?.id,
      );
    const own = truth(answer.window, (event) => event.actor_id === id && byThemselves(event));
    expect(answer.totals.own_events).toBe(own.length);
    expect(answer.by_event_key).toEqual(countBy(own, (event) => event.event_key));
    expect(answer.logins).toBe(own.filter(key('user_login')).length);
  });

  test('a surname that several people have is answered with their ids, and one of them with everything', async () => {
    calls += 1;
    const error = await world.failure('investigate_actor', { actor: 'Иванов', start_time: 'now-7d' });
    expect(error.code).toBe('ambiguous_actor');
    const [candidate = ''] = error.fields?.[0]?.allowed ?? [];
    const id = candidate.split(' ')[0] ?? '';
    const profileSchema = z.looseObject({ profile: z.looseObject({ id: z.string(), name: z.string() }) });
    const answer = await call(profileSchema, 'investigate_actor', { actor: id, start_time: 'now-7d' });
    expect(answer.profile.id).toBe(id);
    expect(answer.profile.name).toContain('Иванов');
  });

  test('a person denies a login at 14:00 yesterday', async () => {
    const around = { start_time: '2026-11-19T13:30:00+03:00', end_time: '2026-11-19T14:30:00+03:00' };
    const [login] = truth(around, key('user_login'));
    const person = demoCompany().users.find(({ id }) => String(id) === login?.actor_id);
    const actor = `${person?.first_name} ${person?.last_name}`;
    const list = await call(listSchema, 'list_audit_events', { ...around, actor, event_group: 'auth' });
    const events = truth(around, (event) => event.actor_id === login?.actor_id && isAuth(event));
    expectRows(list.rows, events);
    const ip = list.columns.indexOf('ip');
    expect(list.rows.map((row) => row[ip])).toContain(login?.ip_address);
    // Whether the address is theirs: their networks of a month, and who else came from it.
    const habits = await call(
      z.looseObject({ networks: z.array(z.looseObject({ network: z.string(), ip_addresses: z.array(z.string()) })) }),
      'investigate_actor',
      { actor: login?.actor_id, start_time: 'now-30d' },
    );
    expect(habits.networks.length).toBeGreaterThan(0);
    const others = await call(groupsSchema, 'aggregate_audit_events', {
      start_time: 'now-2d',
      ip_address: login?.ip_address ?? '',
      group_by: ['actor'],
      top: 100,
    });
    expect(groupCounts(others, 'actor')).toEqual(
      countBy(
        truth(others.window, (event) => event.ip_address === login?.ip_address),
        (event) => event.actor_id,
      ),
    );
  });

  test('whether the log was read by anybody else', async () => {
    const question = { start_time: 'now-14d', event_keys: ['audit_events_accessed'] };
    const counts = await call(
      groupsSchema.extend({ coverage: z.object({ own_reads: z.number() }) }),
      'aggregate_audit_events',
      {
        ...question,
        group_by: ['ip_address', 'client'],
      },
    );
    const reads = truth(counts.window, key('audit_events_accessed'));
    expect(groupCounts(counts, 'ip_address')).toEqual(countBy(reads, (event) => event.ip_address ?? ''));
    // Our own reads are counted, and told apart.
    expect(counts.coverage.own_reads).toBeGreaterThan(0);
    const [stranger] = incidents('audit_log_read');
    const strange = reads.filter(({ id }) => stranger?.event_ids.includes(id));
    expect(strange.length).toBeGreaterThan(0);
    const address = strange[0]?.ip_address ?? '';
    const list = await call(listSchema, 'list_audit_events', { ...question, ip_address: address, limit: 200 });
    expectRows(list.rows, strange);
  });

  test('what changed since my last question', async () => {
    const schema = z.object({ rows: z.array(z.array(z.string())), next_cursor: z.string(), caught_up: z.boolean() });
    const before = await call(schema, 'follow_audit_events', { start_time: 'now-5m' });
    expect(before.caught_up).toBe(true);
    const [sample] = world.simulator.events();
    if (sample === undefined) throw new Error('the company has no events');
    const created = new Date(world.parts.clock.now()).toISOString();
    const added: SimEvent = { ...sample, id: 'f0000000-0000-7000-8000-000000000001', created_at: created };
    world.simulator.append([added]);
    const after = await call(schema, 'follow_audit_events', { cursor: before.next_cursor });
    expectRows(after.rows, [added]);
    expect(after.caught_up).toBe(true);
  });
});
