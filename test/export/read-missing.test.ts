// Tests what is kept and what is said where the reading half of an export is cancelled, breaks off or goes on, over a spool that notes what it gets.
import { describe, expect, test } from 'vitest';
import type { AuditLog, Coverage, Slice } from '../../src/audit/audit-log.ts';
import type { ExportProgress } from '../../src/export/progress.ts';
import { readMissing, type ReadMissingOptions } from '../../src/export/read-missing.ts';
import type { Spool } from '../../src/export/spool.ts';
import { createTally } from '../../src/export/tally.ts';
import { createInstantClock } from '../support/instant-clock.ts';
import { SAMPLE_START_MS, sampleEvents, sampleQuery } from '../support/sample-events.ts';
import { memoryParts } from '../support/tool-parts.ts';

const window = (from: number, to: number) => ({
  startMs: SAMPLE_START_MS + from * 1000,
  endMs: SAMPLE_START_MS + to * 1000,
});
const QUERY = sampleQuery(window(0, 300));

function spoolWith(had: Slice['window'][], earlierEvents = 0) {
  const done: string[] = [];
  const kept: Slice[] = [];
  let pending: Slice[] = [];
  const spool: Spool = {
    path: '/nowhere',
    slices: [],
    edges: {},
    tally: { ...createTally(), events: earlierEvents },
    earlierRequests: 0,
    isResumed: had.length > 0,
    have: () => [...had, ...kept.map((slice) => slice.window)].map((one) => ({ window: one })),
    async add(slice) {
      pending.push(slice);
    },
    async flush(requests) {
      done.push(`flush of ${pending.length} after ${requests}`);
      kept.push(...pending);
      pending = [];
    },
    remove: () => Promise.resolve(),
  };
  return { spool, done };
}

/** Gives two slices of a hundred seconds, then ends as `ending` says. */
function logWith(ending: () => void, coverage: Partial<Coverage> = {}) {
  const asked: unknown[] = [];
  const auditLog: AuditLog = {
    ...memoryParts().log,
    readSlices(_query, { have, onProgress } = {}) {
      asked.push(have);
      async function* slices(): AsyncGenerator<Slice> {
        for (const at of [100, 200]) {
          onProgress?.({ coveredMs: at, totalMs: 300, events: 0 });
          yield { window: window(at, at + 100), events: sampleEvents(100).slice(0, 10) };
        }
        onProgress?.({ coveredMs: 300, totalMs: 300, events: 0 });
        ending();
      }
      const whole = { complete: true, stoppedBy: 'end', covered: [QUERY.window] } as const;
      const counts = { requests: 7, fromStore: 0, eventsScanned: 0, ownReads: 0 };
      return { slices: slices(), coverage: () => ({ ...whole, ...counts, ...coverage }) };
    },
  };
  return { auditLog, asked };
}

function read(log: ReturnType<typeof logWith>, spool: Spool, options: ReadMissingOptions = {}) {
  return readMissing({ auditLog: log.auditLog, clock: createInstantClock() }, QUERY, spool, options);
}

describe('reading what is missing', () => {
  test('keeps what was read where a source throws because the call is cancelled, and is not whole whatever the source says', async () => {
    const { spool, done } = spoolWith([window(0, 50)]);
    const cancel = new AbortController();
    const log = logWith(() => {
      cancel.abort(new Error('enough'));
      throw new Error('aborted');
    });
    const found = await read(log, spool, { signal: cancel.signal });
    expect(done).toEqual(['flush of 2 after 7']);
    expect(found).toMatchObject({ complete: false, stoppedBy: 'cancelled' });
    const broken = { complete: false, stoppedBy: 'error', covered: [] } as const;
    const other = spoolWith([window(0, 50)]);
    const again = await read(
      logWith(() => cancel.signal.throwIfAborted(), broken),
      other.spool,
      { signal: cancel.signal },
    );
    expect(again).toMatchObject({ stoppedBy: 'cancelled', covered: [window(0, 50), window(100, 300)] });
  });

  test('keeps what was read where a source fails, and throws what it threw, though nothing more can be written', async () => {
    const { spool, done } = spoolWith([]);
    const failing = () => {
      throw new Error('broken');
    };
    await expect(read(logWith(failing), spool)).rejects.toThrow('broken');
    expect(done).toEqual(['flush of 2 after 7']);
    const full: Spool = { ...spool, flush: () => Promise.reject(new Error('no space')) };
    await expect(read(logWith(failing), full)).rejects.toThrow('broken');
    await expect(
      read(
        logWith(() => undefined),
        full,
      ),
    ).rejects.toThrow('no space');
  });

  test('asks for what is not held, and counts it with what is', async () => {
    const { spool, done } = spoolWith([window(0, 50)], 40);
    const told: ExportProgress[] = [];
    const cut = { complete: false, stoppedBy: 'budget', covered: [window(250, 300)] } as const;
    const log = logWith(() => undefined, cut);
    const found = await read(log, spool, { onProgress: (progress) => void told.push(progress) });
    expect(log.asked).toEqual([[{ window: window(0, 50) }]]);
    expect(done).toEqual(['flush of 2 after 7']);
    expect(found).toMatchObject({ complete: false, stoppedBy: 'budget', covered: [window(0, 50), window(100, 300)] });
    expect(told.map(({ events }) => events)).toEqual([40, 50, 60]);
  });
});
