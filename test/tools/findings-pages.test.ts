// Checks the pages of findings while the log still grows: each page is judged anew, and what changed since is said.
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { simEvents } from '../support/sim-events.ts';
import { stillClock } from '../support/still-clock.ts';
import { startWorld } from '../support/world.ts';

const NOW_MS = Date.parse('2026-11-20T12:00:00Z');
const MINUTE_MS = 60_000;
const pageSchema = z.object({
  coverage: z.object({ complete: z.boolean() }),
  notes: z.array(z.string()),
  findings: z.array(z.object({ id: z.string(), actor_ids: z.array(z.string()) })),
  next_cursor: z.string().optional(),
});

/** A burst of failed second factors, seconds apart. */
const burst = (actor: string, minutesAgo: number) =>
  simEvents(6, NOW_MS - minutesAgo * MINUTE_MS, 4000, () => ({ key: 'user_2fa_fail', actor }));

/** The pages of one finding each; `between` happens after the first. */
async function pages(between: (append: (events: ReturnType<typeof burst>) => void) => void) {
  const events = [...burst('11', 300), ...burst('12', 200), ...burst('13', 100)];
  const world = await startWorld({ simulator: { events, now: () => NOW_MS }, clock: stillClock(NOW_MS) });
  onTestFinished(() => world.close());
  const all = [];
  let input: Record<string, unknown> | undefined = { rules: ['failed_2fa_burst'], baseline_days: 0, max_findings: 1 };
  while (input !== undefined && all.length < 10) {
    const page = pageSchema.parse(await world.call('find_suspicious_logins', input));
    all.push(page);
    if (all.length === 1) between((late) => world.simulator.append(late));
    input = page.next_cursor === undefined ? undefined : { cursor: page.next_cursor };
  }
  return {
    actors: all.flatMap(({ findings }) => findings.flatMap(({ actor_ids: ids }) => ids)),
    isSaid: all.map(({ notes }) => notes.some((note) => note.includes('changed since'))),
  };
}

test('each finding is on one page where nothing changes', async () => {
  expect(await pages(() => undefined)).toEqual({ actors: ['13', '12', '11'], isSaid: [false, false, false] });
});

test('a finding that comes late before those shown brings none of them again, and is told of', async () => {
  const late = await pages((append) => append(burst('14', 1)));
  expect(late).toEqual({ actors: ['13', '12', '11'], isSaid: [false, true, false] });
});

test('one that comes late behind them is on its page', async () => {
  const late = await pages((append) => append(burst('14', 250)));
  expect(late).toEqual({ actors: ['13', '12', '14', '11'], isSaid: [false, false, false, false] });
});
