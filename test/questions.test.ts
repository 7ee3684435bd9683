// The questions that a security officer asks about the log, each answered in at most three calls, and every
// fact checked against the truth of the simulator.
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { DEMO_ZONE } from './support/demo-company.ts';
import {
  askDemo,
  countBy,
  expectRows,
  findingsSchema,
  groupCounts,
  groupsSchema,
  incidents,
  isAuth,
  key,
  listSchema,
  windowSchema,
} from './support/questions.ts';

describe('answered in at most three calls', () => {
  const { call, truth } = askDemo();

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
});
