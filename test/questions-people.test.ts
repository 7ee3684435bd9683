// The questions that a security officer asks about people, each answered in at most three calls, and every
// fact checked against the truth of the simulator.
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { SimEvent } from '../src/simulator/model.ts';
import { demoCompany } from './support/demo-company.ts';
import {
  askDemo,
  countBy,
  expectRows,
  groupCounts,
  groupsSchema,
  incidents,
  isAuth,
  key,
  listSchema,
  windowSchema,
} from './support/questions.ts';

describe('answered in at most three calls', () => {
  const { world, call, failure, truth } = askDemo();

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
    const surnames = countBy(world().simulator.events(), () => '');
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
    const error = await failure('investigate_actor', { actor: 'Иванов', start_time: 'now-7d' });
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
    const [sample] = world().simulator.events();
    if (sample === undefined) throw new Error('the company has no events');
    const created = new Date(world().parts.clock.now()).toISOString();
    const added: SimEvent = { ...sample, id: 'f0000000-0000-7000-8000-000000000001', created_at: created };
    world().simulator.append([added]);
    const after = await call(schema, 'follow_audit_events', { cursor: before.next_cursor });
    expectRows(after.rows, [added]);
    expect(after.caught_up).toBe(true);
  });
});
