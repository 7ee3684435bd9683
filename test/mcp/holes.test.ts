// Checks that a part of the past that nobody holds any more is said wherever an answer reaches over it, page by page too.
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import type { AuditEvent } from '../../src/audit/event.ts';
import { intersectWindows, subtractWindows, totalMs } from '../../src/audit/intervals.ts';
import { createMemoryLog } from '../../src/audit/memory-log.ts';
import type { TimeWindow } from '../../src/audit/query.ts';
import type { SimEvent } from '../../src/simulator/model.ts';
import type { ToolSettings } from '../../src/mcp/tool.ts';
import { HOLED, isHeldInHoled, startHoledWorld } from '../support/holed-world.ts';
import { simEvents } from '../support/sim-events.ts';
import { stillClock } from '../support/still-clock.ts';
import { eventAt } from '../support/store.ts';
import { memoryParts } from '../support/tool-parts.ts';
import { toolCalls, type ToolCalls } from '../support/world.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const { nowMs, stored, logStartMs } = HOLED;
const HOLE = { startMs: stored.endMs, endMs: logStartMs };
const QUESTION = { start_time: '2026-07-11T00:00:00Z', end_time: '2026-11-27T12:00:00Z' };

const spanSchema = z
  .object({ start_time: z.string(), end_time: z.string() })
  .transform(({ start_time, end_time }) => ({ startMs: Date.parse(start_time), endMs: Date.parse(end_time) }));
const pageSchema = z.object({
  window: spanSchema,
  coverage: z.object({ complete: z.boolean(), stopped_by: z.string(), covered: z.array(spanSchema).optional() }),
  notes: z.array(z.string()),
  rows: z.array(z.array(z.string())),
  next_cursor: z.string().optional(),
});
const followSchema = pageSchema.extend({ caught_up: z.boolean(), gap: spanSchema.optional(), next_cursor: z.string() });
type Page = z.output<typeof pageSchema>;
type Followed = z.output<typeof followSchema>;

/** Column 1 of a row is its time; `ref` alone may be short for several pages. */
const timesOf = (pages: readonly Page[]) => pages.flatMap(({ rows }) => rows.map((row) => Date.parse(row[1] ?? '')));

async function pagesOf(calls: ToolCalls, input: Record<string, unknown>): Promise<Page[]> {
  const pages: Page[] = [];
  let next: Record<string, unknown> | undefined = input;
  while (next !== undefined && pages.length < 200) {
    const page = pageSchema.parse(await calls.call('list_audit_events', next));
    pages.push(page);
    next = page.next_cursor === undefined ? undefined : { cursor: page.next_cursor };
  }
  return pages;
}

async function followed(calls: ToolCalls, input: Record<string, unknown>, limit: number): Promise<Followed[]> {
  const answers: Followed[] = [];
  let next: Record<string, unknown> = { ...input, limit };
  while (answers.at(-1)?.caught_up !== true && answers.length < 200) {
    const answer = followSchema.parse(await calls.call('follow_audit_events', next));
    answers.push(answer);
    next = { cursor: answer.next_cursor, limit };
  }
  return answers;
}

const daily = (): SimEvent[] =>
  simEvents(139, stored.startMs + HOUR_MS, DAY_MS, () => ({ key: 'user_login', actor: '7' }));
const heldTimes = (events: readonly SimEvent[]) =>
  events.map(({ created_at: at }) => Date.parse(at)).filter((timeMs) => isHeldInHoled(timeMs));

async function holedWorld(events: readonly SimEvent[]) {
  const world = await startHoledWorld(events);
  onTestFinished(() => world.close());
  return world;
}

describe('days that are lost between the store and the log', () => {
  test('make no list complete, however it is cut into pages, and no page covers them', async () => {
    const events = daily();
    const world = await holedWorld(events);
    for (const limit of [7, 100, 200]) {
      const pages = await pagesOf(world, { ...QUESTION, limit });
      expect(timesOf(pages).toReversed()).toEqual(heldTimes(events));
      for (const { coverage } of pages) {
        expect(coverage.complete).toBe(false);
        expect(intersectWindows(coverage.covered ?? [], [HOLE])).toEqual([]);
      }
      const last = pages.at(-1);
      expect(last?.coverage).toMatchObject({
        stopped_by: 'retention',
        covered: [stored, { startMs: logStartMs, endMs: nowMs }],
      });
      // Each page that has them behind it says so.
      for (const page of pages) {
        const isPast = (page.coverage.covered?.[0]?.startMs ?? nowMs) < HOLE.startMs;
        const said = page.notes.filter((note) => note.includes('2026-07-30T00:00:00Z to 2026-08-29T12:00:00Z'));
        expect(said).toHaveLength(isPast ? 1 : 0);
      }
    }
  });

  test('are the gap of a follower, told once, with what came before and after given once', async () => {
    const events = daily();
    const world = await holedWorld(events);
    for (const limit of [5, 50, 200]) {
      const answers = await followed(world, { start_time: QUESTION.start_time }, limit);
      expect(timesOf(answers)).toEqual(heldTimes(events));
      expect(answers.flatMap(({ gap }) => gap ?? [])).toEqual([HOLE]);
    }
  });

  test('are told once where the log is busy right behind them, too', async () => {
    const events = simEvents(80, logStartMs + 1000, 1000, () => ({ key: 'user_login', actor: '7' }));
    const world = await holedWorld(events);
    const answers = await followed(world, { start_time: QUESTION.start_time }, 10);
    expect(timesOf(answers)).toEqual(heldTimes(events));
    expect(answers.flatMap(({ gap }) => gap ?? [])).toEqual([HOLE]);
  });

  test('in several parts are one gap for a follower, and a note names each', async () => {
    const events = daily();
    const world = await holedWorld(events);
    const first = followSchema.parse(
      await world.call('follow_audit_events', { start_time: '2026-07-01T00:00:00Z', limit: 100 }),
    );
    expect([first.caught_up, first.gap]).toEqual([
      false,
      { startMs: Date.parse('2026-07-01T00:00:00Z'), endMs: logStartMs },
    ]);
    expect(first.notes).toContainEqual(
      expect.stringContaining(
        '2026-07-01T00:00:00Z to 2026-07-11T00:00:00Z, 2026-07-30T00:00:00Z to 2026-08-29T12:00:00Z',
      ),
    );
  });

  test('and a budget that ends every call do not keep a follower where it is', async () => {
    // Some 60 requests, of which a call may send 10.
    const events = simEvents(3000, nowMs - 89 * DAY_MS, 42 * 60_000, () => ({ key: 'user_login', actor: '7' }));
    const world = await holedWorld(events);
    const context = { settings: { ...world.parts.settings, maxRequests: 10 } };
    const cut: ToolCalls = { ...world, call: (tool, input) => world.call(tool, input, context) };
    const answers = await followed(cut, { start_time: '2026-07-01T00:00:00Z' }, 200);
    expect(answers.at(-1)?.caught_up).toBe(true);
    expect(timesOf(answers)).toEqual(events.map(({ created_at: at }) => Math.floor(Date.parse(at) / 1000) * 1000));
  });
});

describe('an exported file', () => {
  const held = { startMs: nowMs - 20 * DAY_MS, endMs: nowMs - 10 * DAY_MS };
  function fileOf(covered: readonly TimeWindow[]) {
    const times = Array.from({ length: 240 }, (_, hour) => held.startMs + hour * HOUR_MS);
    const { calls } = memoryOf(covered, times, {
      source: 'file',
      file: { path: '/tmp/march.ndjson', events: times.length, span: held, notes: [] },
    });
    return calls;
  }

  test('that ends before the question does is not called lost, nor is what it does not hold', async () => {
    const calls = fileOf([held]);
    const [page] = await pagesOf(calls, { start_time: 'now-15d', limit: 3 });
    expect(page?.notes).toContainEqual(
      'Not in the file, so absence there means nothing: 2026-11-17T12:00:00Z to 2026-11-27T12:00:00Z.',
    );
    const answers = await followed(calls, { start_time: 'now-15d' }, 100);
    const again = await followed(calls, { cursor: answers.at(-1)?.next_cursor }, 100);
    expect([...answers, ...again].flatMap(({ gap }) => gap ?? [])).toEqual([]);
  });

  test('with a hole says where', async () => {
    const cut = { startMs: held.startMs + DAY_MS, endMs: held.startMs + 2 * DAY_MS };
    const calls = fileOf(subtractWindows([held], [cut]));
    const [page] = await pagesOf(calls, { start_time: 'now-20d', end_time: 'now-10d', limit: 200 });
    expect(page?.coverage).toMatchObject({ complete: false });
    expect(page?.notes.join(' ')).toContain('2026-11-08T12:00:00Z to 2026-11-09T12:00:00Z');
  });
});

const PARTS = 12;
const PART_MS = 2 * HOUR_MS;
const STARTS_MS = nowMs - PARTS * PART_MS;
const WINDOW = { start_time: new Date(STARTS_MS).toISOString(), end_time: new Date(nowMs).toISOString() };
const holedLog = fc.record({
  covered: fc.array(fc.boolean(), { minLength: PARTS, maxLength: PARTS }).map((kept) =>
    kept.flatMap((isKept, index): TimeWindow[] => {
      const startMs = STARTS_MS + index * PART_MS;
      return isKept ? [{ startMs, endMs: startMs + PART_MS }] : [];
    }),
  ),
  minutes: fc.uniqueArray(fc.integer({ min: 0, max: PARTS * 120 - 1 }), { maxLength: 150 }),
  limit: fc.integer({ min: 1, max: 60 }),
});

const timesAt = (minutes: readonly number[]) =>
  minutes.map((minute) => STARTS_MS + minute * 60_000).toSorted((a, b) => a - b);

/** Events at `times`, as far as they are held. */
function memoryOf(covered: readonly TimeWindow[], times: readonly number[], more: Partial<ToolSettings> = {}) {
  const held = times.filter((timeMs) => covered.some(({ startMs, endMs }) => timeMs >= startMs && timeMs < endMs));
  const events = held.map((timeMs): AuditEvent => eventAt(new Date(timeMs).toISOString(), 'user_login', `e${timeMs}`));
  const clock = stillClock(nowMs);
  const parts = memoryParts([], clock);
  const log = createMemoryLog(events, { clock, covered });
  return { held, calls: toolCalls({ ...parts, settings: { ...parts.settings, ...more }, log }) };
}

describe('of a log with any holes', () => {
  test('the pages of a list cover what was read and nothing else, and give each event once', async () => {
    await fc.assert(
      fc.asyncProperty(holedLog, async ({ covered, minutes, limit }) => {
        const { held, calls } = memoryOf(covered, timesAt(minutes));
        const pages = await pagesOf(calls, { ...WINDOW, limit });
        expect(timesOf(pages).toReversed()).toEqual(held);
        const whole = { startMs: STARTS_MS, endMs: nowMs };
        const isWhole = totalMs(covered) === totalMs([whole]);
        const last = pages.at(-1)?.coverage;
        expect(last).toMatchObject({ complete: isWhole, stopped_by: isWhole ? 'end' : 'retention' });
        for (const { coverage } of pages.slice(0, -1)) {
          expect(subtractWindows(coverage.covered ?? [], covered)).toEqual([]);
        }
        // The oldest of many holes may be told as one.
        expect(subtractWindows(last?.covered ?? [], covered)).toEqual([]);
        const holes = subtractWindows([whole], covered);
        const isExact = !isWhole && holes.length <= 6;
        expect(isExact ? subtractWindows(covered, last?.covered ?? []) : []).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test('a follower tells every hole that it passes, and gives each event once', async () => {
    await fc.assert(
      fc.asyncProperty(holedLog, async ({ covered, minutes, limit }) => {
        const { held, calls } = memoryOf(covered, timesAt(minutes));
        const answers = await followed(calls, { start_time: WINDOW.start_time }, limit);
        expect(timesOf(answers)).toEqual(held);
        const gaps = answers.flatMap(({ gap }) => gap ?? []);
        const holes = subtractWindows([{ startMs: STARTS_MS, endMs: covered.at(-1)?.endMs ?? STARTS_MS }], covered);
        expect(subtractWindows(holes, gaps)).toEqual([]);
        // A gap begins and ends with something that is lost.
        for (const { startMs, endMs } of gaps) {
          expect(holes.some((hole) => hole.startMs <= startMs && startMs < hole.endMs)).toBe(true);
          expect(holes.some((hole) => hole.startMs < endMs && endMs <= hole.endMs)).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });
});
