// Tests ordered reads of the stored log that end before their window does: by a limit, a deadline, or whoever reads.
import { describe, expect, test } from 'vitest';
import type { AuditLog } from '../../src/audit/audit-log.ts';
import type { AuditEvent } from '../../src/audit/event.ts';
import { createStoredLog } from '../../src/store/stored-log.ts';
import { createScriptedLog } from '../support/scripted-log.ts';
import { createSetClock, eventsOfDays, ids, query, readAll, SCOPE } from '../support/store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const AUTH = ['user_login', 'user_logout', 'user_2fa_fail'];
const ORDERS = ['oldest_first', 'newest_first'] as const;
type Order = (typeof ORDERS)[number];
const DAY_MS = 86_400_000;
const SECOND_MS = 1000;

/** Fifty events a day from March 1st on; what lies between `from` and `to` was read before. */
async function held(from?: string, to?: string) {
  const clock = createSetClock('2026-03-20T12:00:00.000Z');
  const events = eventsOfDays('2026-03-01', 20, 50, AUTH);
  const inner = createScriptedLog({ clock });
  inner.add(events);
  const dir = await temporaryFolder();
  const scope = () => Promise.resolve(SCOPE);
  const log = createStoredLog({ inner, dir, scope, clock, isOwnRead: () => false });
  if (from !== undefined && to !== undefined) await readAll(log, query(from, to, { eventKeys: AUTH }));
  const asked = inner.questions.length;
  return { clock, log, events, questions: () => inner.questions.length - asked };
}

const FIVE_DAYS = (order: Order) => query('2026-03-05', '2026-03-10', { order, eventKeys: AUTH });
/** Ids of the five days, in order. */
function inOrder(events: readonly AuditEvent[], order: Order): string[] {
  const some = ids(events.slice(200, 450));
  return order === 'oldest_first' ? some : some.toReversed();
}

/** What a read covers whose last event came at `lastAt`: whole seconds. */
function upTo(lastAt: string, order: Order) {
  const { startMs, endMs } = FIVE_DAYS(order).window;
  const second = Math.floor(Date.parse(lastAt) / SECOND_MS) * SECOND_MS;
  return order === 'oldest_first' ? [{ startMs, endMs: second }] : [{ startMs: second + SECOND_MS, endMs }];
}

describe.each(ORDERS)('a read that ends early, %s', (order) => {
  test.each([
    ['nowhere', undefined, undefined, 0],
    ['on disk', '2026-03-05', '2026-03-10', 120],
    ['on disk for the first days', '2026-03-05', '2026-03-07', order === 'oldest_first' ? 100 : 0],
    ['on disk for the last days', '2026-03-08', '2026-03-10', order === 'oldest_first' ? 0 : 100],
  ])('by its limit gives just so many where it is held %s', async (_where, from, to, fromStore) => {
    const { log, events } = await held(from, to);
    const found = await readAll(log, FIVE_DAYS(order), { maxEvents: 120 });
    expect(ids(found.events)).toEqual(inOrder(events, order).slice(0, 120));
    expect(found.coverage).toMatchObject({ complete: false, stoppedBy: 'limit', fromStore });
    expect(found.coverage.covered).toEqual(upTo(found.events.at(-1)?.created_at ?? '', order));
  });

  test('asks for nothing once a limit is reached in what is held', async () => {
    const { log, questions } = await held(
      ...(order === 'oldest_first' ? (['2026-03-05', '2026-03-07'] as const) : (['2026-03-08', '2026-03-10'] as const)),
    );
    await readAll(log, FIVE_DAYS(order), { maxEvents: 30 });
    expect(questions()).toBe(0);
  });

  test('by no limit is whole where there is no more than was wanted', async () => {
    const { log } = await held('2026-03-05', '2026-03-10');
    const { events, coverage } = await readAll(log, FIVE_DAYS(order), { maxEvents: 250 });
    expect(events).toHaveLength(250);
    expect(coverage).toMatchObject({ complete: true, stoppedBy: 'end', covered: [FIVE_DAYS(order).window] });
  });

  test('by a deadline covers what was handed out', async () => {
    const { log, clock, events } = await held('2026-03-05', '2026-03-10');
    const deadlineAt = clock.now() + 1000;
    const read = log.read(FIVE_DAYS(order), { deadlineAt });
    const given: AuditEvent[] = [];
    let batches = 0;
    for await (const batch of read.batches) {
      given.push(...batch);
      batches += 1;
      clock.set(deadlineAt);
    }
    expect(batches).toBe(1);
    expect(ids(given)).toEqual(inOrder(events, order).slice(0, given.length));
    const { complete, stoppedBy, covered } = read.coverage();
    expect([complete, stoppedBy]).toEqual([false, 'deadline']);
    expect(covered).toEqual(upTo(given.at(-1)?.created_at ?? '', order));
  });

  test('by whoever leaves it covers what was handed out', async () => {
    const { log } = await held('2026-03-05', '2026-03-10');
    const read = log.read(FIVE_DAYS(order));
    const given: AuditEvent[] = [];
    for await (const batch of read.batches) {
      given.push(...batch);
      if (given.length > 60) break;
    }
    const { complete, covered } = read.coverage();
    expect(complete).toBe(false);
    expect(covered).toEqual(upTo(given.at(-1)?.created_at ?? '', order));
  });

  test('tells how far it is, up to the whole window', async () => {
    const { log } = await held('2026-03-06', '2026-03-08');
    const told: { coveredMs: number; totalMs: number; events: number }[] = [];
    await readAll(log, FIVE_DAYS(order), { onProgress: (progress) => void told.push(progress) });
    expect(told.at(-1)).toEqual({ coveredMs: 5 * DAY_MS, totalMs: 5 * DAY_MS, events: 250 });
    const reached = told.map(({ coveredMs }) => coveredMs);
    expect(reached).toEqual(reached.toSorted((a, b) => a - b));
    // Within what is held, too.
    expect(new Set(reached).size).toBeGreaterThan(3);
  });
});

test('what the log alone was asked for is covered as far as the log says, beyond its last event too', async () => {
  const clock = createSetClock('2026-03-20T12:00:00.000Z');
  const inner = createScriptedLog({ clock });
  const question = query('2026-03-05', '2026-03-10', { eventKeys: AUTH });
  const covered = [{ startMs: question.window.startMs, endMs: question.window.startMs + 3 * DAY_MS }];
  const quiet: AuditLog = {
    ...inner,
    read(...asked) {
      const read = inner.read(...asked);
      const cut = { complete: false, stoppedBy: 'budget', covered } as const;
      return { ...read, coverage: () => ({ ...read.coverage(), ...cut }) };
    },
  };
  inner.add(eventsOfDays('2026-03-05', 1, 5, AUTH));
  const scope = () => Promise.resolve(SCOPE);
  const log = createStoredLog({ inner: quiet, scope, clock, isOwnRead: () => false });
  const { events, coverage } = await readAll(log, question);
  expect(events).toHaveLength(5);
  expect(coverage).toMatchObject({ complete: false, stoppedBy: 'budget', covered });
});
