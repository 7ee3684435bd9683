// Tests one page of a list over a log that says what a test wants: what is asked for, what the page covers, and what memory may give again.
import { describe, expect, test } from 'vitest';
import type { AuditLog, Coverage, ReadOptions } from '../../src/audit/audit-log.ts';
import type { AuditEvent } from '../../src/audit/event.ts';
import type { AuditQuery, TimeWindow } from '../../src/audit/query.ts';
import { decodeCursor } from '../../src/mcp/cursor.ts';
import { createPageReader, pageSchema, type Page } from '../../src/mcp/event-page.ts';
import { NOTE_WORDS } from '../../src/mcp/note-wording.ts';
import type { ToolContext } from '../../src/mcp/tool.ts';
import { sampleEvent } from '../support/sample-events.ts';
import { memoryParts } from '../support/tool-parts.ts';

const SECOND_MS = 1000;
const START_MS = Date.parse('2026-03-20T06:00:00Z');
const WINDOW: TimeWindow = { startMs: START_MS, endMs: START_MS + 100 * SECOND_MS };
const PURPOSE = 'test';
const part = (fromSecond: number, toSecond: number): TimeWindow => ({
  startMs: START_MS + fromSecond * SECOND_MS,
  endMs: START_MS + toSecond * SECOND_MS,
});
const event = (second: number, id = String(second)) => sampleEvent(0, START_MS + second * SECOND_MS, { id });

interface Told extends Partial<Coverage> {
  readonly batches?: readonly (readonly AuditEvent[])[];
}

/** Pages over a log that answers with `told`; in `sources`, what it says before and after each read to be answered from. */
function reader(told: Told, sources: (string | undefined)[] = []) {
  const asked: { query: AuditQuery; options: ReadOptions | undefined }[] = [];
  const seen = { batches: 0 };
  const { batches = [], ...rest } = told;
  async function* given(): AsyncGenerator<readonly AuditEvent[]> {
    for (const batch of batches) {
      seen.batches += 1;
      yield batch;
    }
  }
  const coverage: Coverage = {
    complete: true,
    stoppedBy: 'end',
    covered: [WINDOW],
    requests: 0,
    fromStore: 0,
    eventsScanned: 0,
    ownReads: 0,
    ...rest,
  };
  const parts = memoryParts();
  const log: AuditLog = {
    ...parts.log,
    read(query, options) {
      asked.push({ query, options });
      return { batches: given(), coverage: () => coverage };
    },
    fingerprint: () => Promise.resolve(sources.shift()),
  };
  const context: ToolContext = {
    ...parts,
    log,
    nowMs: WINDOW.endMs,
    deadlineAt: 12_345,
    signal: new AbortController().signal,
    progress: () => undefined,
  };
  const read = createPageReader<never>(PURPOSE);
  const query: AuditQuery = { window: WINDOW, order: 'newest_first', timeZone: 'UTC', ownReads: 'keep' };
  const page = (change: Partial<Page> = {}) =>
    read({ query, limit: 2, format: 'concise', lost: [], ...change }, context);
  return { asked, seen, context, page };
}

const cursorIn = (shown: { next_cursor?: string }): Page => decodeCursor(PURPOSE, pageSchema, shown.next_cursor ?? '');

describe('a page', () => {
  test('asks for one event more than it shows, with the limits of the call', async () => {
    const { asked, context, page } = reader({});
    await page();
    const { maxEvents, signal, deadlineAt, maxRequests } = asked[0]?.options ?? {};
    expect([maxEvents, signal, deadlineAt, maxRequests]).toEqual([3, context.signal, 12_345, 1000]);
  });

  test('goes on within the second of the last event, and reads until it has enough', async () => {
    const batches = [[event(50, 'z'), event(50, 'm')], [event(50, 'c'), event(49)], [event(48)], [event(47)]];
    const { asked, seen, page } = reader({ batches, complete: false, stoppedBy: 'cancelled', covered: [part(48, 51)] });
    const { id, created_at } = event(50, 'm');
    const { shown, coverage } = await page({ after: { id, created_at } });
    expect(asked[0]?.query.window).toEqual(part(0, 51));
    expect(asked[0]?.options?.maxEvents).toBeUndefined();
    expect(seen.batches).toBe(3);
    expect(shown.rows).toHaveLength(2);
    expect(cursorIn(shown).after?.id).toBe('49');
    // What was told before counts, the second of the last event does not.
    expect(coverage).toMatchObject({ complete: false, stoppedBy: 'limit', covered: [part(50, 100)] });
  });

  test('that holds all there is has no next one', async () => {
    const { shown, coverage, notes } = await reader({ batches: [[event(9), event(8)]] }).page();
    expect([shown.has_more, shown.next_cursor, notes]).toEqual([false, undefined, []]);
    expect(coverage).toMatchObject({ complete: true, stoppedBy: 'end', covered: [WINDOW] });
  });

  test('that a deadline ended early goes on where the reading came to, and says so', async () => {
    const told = { complete: false, stoppedBy: 'deadline', covered: [part(40, 100)] } as const;
    const { shown, coverage, notes } = await reader({ ...told, batches: [[event(50)]] }).page();
    expect(notes).toContain(NOTE_WORDS.en.goesOn);
    expect(cursorIn(shown)).toMatchObject({ read_down_to_ms: part(40, 100).startMs, after: { id: '50' } });
    expect(coverage).toMatchObject({ complete: false, stoppedBy: 'deadline', covered: [part(40, 100)] });
    // A full one is no news.
    const full = await reader({ ...told, batches: [[event(50), event(49), event(48)]] }).page();
    expect(full.notes).not.toContain(NOTE_WORDS.en.goesOn);
    expect(cursorIn(full.shown).read_down_to_ms).toBeUndefined();
  });

  test.each([[[]], [[WINDOW]]])('that got nowhere, or to the start, has no next one (%j)', async (covered) => {
    const { shown } = await reader({ complete: false, stoppedBy: 'budget', covered }).page();
    expect([shown.has_more, shown.next_cursor]).toEqual([false, undefined]);
  });

  test('carries on what was lost, and is never whole then', async () => {
    const covered = [part(5, 20), part(30, 100)];
    const { coverage, shown } = await reader({ complete: false, stoppedBy: 'retention', covered }).page();
    expect([coverage.complete, coverage.stoppedBy, shown.next_cursor]).toEqual([false, 'retention', undefined]);
    expect(coverage.covered).toEqual(covered);
    const lost: Page['lost'] = [[part(60, 70).startMs, part(60, 70).endMs]];
    const later = reader({ batches: [[event(9), event(8), event(7)]] });
    const next = await later.page({ lost, read_down_to_ms: part(0, 50).endMs });
    expect(later.asked[0]?.query.window).toEqual(part(0, 50));
    expect(next.coverage).toMatchObject({ complete: false, stoppedBy: 'limit', covered: [part(9, 60), part(70, 100)] });
    expect(cursorIn(next.shown).lost).toEqual(lost);
    const last = await reader({ covered: [part(0, 50)] }).page({ lost, read_down_to_ms: part(0, 50).endMs });
    expect(last.coverage).toMatchObject({
      complete: false,
      stoppedBy: 'retention',
      covered: [part(0, 60), part(70, 100)],
    });
  });
});

describe('what was lost', () => {
  const lost: Page['lost'] = [[part(60, 70).startMs, part(60, 70).endMs]];

  test('on this page is known to the next one', async () => {
    const told = { complete: false, stoppedBy: 'retention', covered: [part(0, 20), part(30, 100)] } as const;
    const { shown } = await reader({ ...told, batches: [[event(50), event(15), event(10)]] }).page({ lost });
    expect(cursorIn(shown).lost).toEqual([[part(20, 30).startMs, part(20, 30).endMs], ...lost]);
  });

  test('is told in six parts at most: the oldest become one', async () => {
    const six = [60, 65, 70, 75, 80, 85].map((at): [number, number] => [part(at, 0).startMs, part(0, at + 1).endMs]);
    const told = { complete: false, stoppedBy: 'retention', covered: [part(0, 20), part(30, 100)] } as const;
    const { shown } = await reader({ ...told, batches: [[event(50), event(15), event(10)]] }).page({ lost: six });
    expect(cursorIn(shown).lost).toEqual([[part(20, 30).startMs, part(0, 61).endMs], ...six.slice(1)]);
  });

  test('before does not hide what ended this page', async () => {
    const { coverage } = await reader({ complete: false, stoppedBy: 'deadline', covered: [part(40, 50)] }).page({
      lost,
      read_down_to_ms: part(0, 50).endMs,
    });
    expect(coverage).toMatchObject({ complete: false, stoppedBy: 'deadline', covered: [part(40, 60), part(70, 100)] });
  });

  test('is not what a page that got nowhere has not read', async () => {
    const { notes } = await reader({ complete: false, stoppedBy: 'budget', covered: [] }).page();
    expect(notes.join(' ')).not.toContain('2026-03-20T06:0');
  });
});

describe('memory', () => {
  const SAME = Array.from({ length: 10 }, () => 'same');

  async function readsOf(told: Told, sources: (string | undefined)[], second: Partial<Page> = {}): Promise<number> {
    const { asked, page } = reader({ batches: [[event(9)]], ...told }, [...sources]);
    await page();
    await page(second);
    return asked.length;
  }

  test.each(['end', 'limit', 'cancelled'] as const)('gives again what %s ended', async (stoppedBy) => {
    expect(await readsOf({ stoppedBy, complete: stoppedBy === 'end' }, SAME)).toBe(1);
  });

  test.each<[string, Told]>([
    ['cost requests', { requests: 1 }],
    ['had something to say', { notes: [{ en: 'Something.', ru: 'Что-то.' }] }],
    ['a deadline ended', { stoppedBy: 'deadline', complete: false }],
    ['a budget ended', { stoppedBy: 'budget', complete: false }],
  ])('does not give again what %s', async (_what, told) => {
    expect(await readsOf(told, SAME)).toBe(2);
  });

  test('gives nothing again where the log cannot tell, or held something else after the read', async () => {
    expect(await readsOf({}, [])).toBe(2);
    expect(await readsOf({}, ['a', 'b', 'a', 'a'])).toBe(2);
    expect(await readsOf({}, ['a', 'a', 'b', 'b'])).toBe(2);
    expect(await readsOf({}, SAME, { limit: 3 })).toBe(2);
  });
});
