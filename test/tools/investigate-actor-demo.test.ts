// Tests investigate_actor in the demo company: a takeover told whole, and who is meant by a name.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { demoCompany, startDemo } from '../support/demo-company.ts';
import type { World } from '../support/world.ts';
import { answerSchema, column } from '../support/investigated.ts';

describe('investigate_actor in the demo company', () => {
  let world: World;
  beforeAll(async () => {
    world = await startDemo({ simulator: { logsOwnReads: false } });
  });
  afterAll(() => world.close());

  test('tells a takeover whole: how it began, what was done, what is left alive', async () => {
    const incident = demoCompany().incidents.find(({ kind }) => kind === 'takeover_chain');
    const input = { actor: incident?.actor_ids[0], start_time: 'now-2d' };
    const answer = answerSchema.parse(await world.call('investigate_actor', input));
    expect(answer.findings[0]).toMatchObject({ rule: 'takeover_chain', severity: 'critical' });
    // This very question is no next step of its own findings.
    const elsewhere = z.object({ findings: z.array(z.looseObject({ next: z.array(z.unknown()) })) });
    const asked = { rules: ['takeover_chain'], start_time: 'now-2d' };
    const { findings } = elsewhere.parse(await world.call('find_risky_changes', asked));
    expect(findings[0]?.next).toContainEqual(expect.objectContaining({ tool: 'investigate_actor' }));
    expect(answer.findings.flatMap(({ next }) => next).filter(({ tool }) => tool === 'investigate_actor')).toEqual([]);
    const created = demoCompany().events.find(
      ({ id, event_key: key }) => key === 'access_token_created' && incident?.event_ids.includes(id),
    );
    expect(answer.live_tokens.map(({ id }) => id)).toEqual([created?.entity_id]);
    const keys = column(answer, answer.timeline, 'key');
    expect(keys).toEqual(
      expect.arrayContaining(['user_2fa_fail', 'user_login', 'user_updated', 'access_token_created']),
    );
  });

  test.each([
    ['a surname with a first name', 'Беляев Владимир'],
    ['the nickname', '@v_belyaev'],
  ])('takes %s', async (_what, actor) => {
    const { profile } = answerSchema.parse(await world.call('investigate_actor', { actor }));
    expect(profile).toMatchObject({ name: 'Владимир Беляев', role: 'user' });
  });

  test('names the candidates where several people match', async () => {
    const surnames = demoCompany().users.map(({ last_name: surname }) => surname ?? '');
    const shared = surnames.find((surname, index) => surname !== '' && surnames.indexOf(surname) < index);
    const error = await world.failure('investigate_actor', { actor: shared });
    expect(error.code).toBe('ambiguous_actor');
    expect(error.fields?.[0]?.allowed?.length).toBeGreaterThan(1);
  });
});
