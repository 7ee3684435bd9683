// Checks that an answer about a person who was given by name shows whom the name was taken for, though no event names them.
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { stillClock } from '../support/still-clock.ts';
import { startWorld } from '../support/world.ts';

const NOW_MS = Date.parse('2026-11-20T12:00:00Z');

test.each([
  ['list_audit_events', {}],
  ['aggregate_audit_events', { group_by: ['event_key'] }],
  ['find_suspicious_logins', {}],
  ['find_risky_changes', {}],
  ['investigate_actor', {}],
])('%s', async (tool, input) => {
  const world = await startWorld({ simulator: { events: [], now: () => NOW_MS }, clock: stillClock(NOW_MS) });
  onTestFinished(() => world.close());
  const { people } = z
    .object({ people: z.array(z.object({ id: z.string(), name: z.string() })) })
    .parse(await world.call('find_people', { query: '1001' }));
  const [{ id, name } = { id: '', name: '' }] = people;
  const byName = await world.call(tool, { ...input, actor: name });
  expect(byName).toMatchObject({ actors: { [id]: { name } }, coverage: { complete: true } });
});
