// Owns an audit log whose slices come in an order, a size and with accidents that a test chooses.
import type { AuditLog, Coverage, Slice, SliceOptions } from '../../../src/audit/audit-log.ts';
import { compareEvents, eventTimeMs, type AuditEvent } from '../../../src/audit/event.ts';
import { subtractWindows } from '../../../src/audit/intervals.ts';
import type { AuditQuery, TimeWindow } from '../../../src/audit/query.ts';

export interface ScriptedLog extends AuditLog {
  /** Windows that were read, run by run, as `key start end`. */
  readonly runs: string[][];
}

export interface ScriptedOptions {
  readonly events: readonly AuditEvent[];
  /** Seconds a slice; 600 where absent. */
  readonly sliceSeconds?: number;
  /** Puts the slices of a run into the order in which they come; newest first where absent. */
  readonly arrange?: (slices: Slice[]) => Slice[];
  /** Called before each slice with its number in the run; what it throws is what the source throws. */
  readonly beforeSlice?: (index: number, run: number) => void | Promise<void>;
  /** What the account of a run says at its end; a whole read where absent. */
  readonly outcome?: (run: number) => Partial<Coverage>;
}

function* cut({ startMs, endMs }: TimeWindow, seconds: number): Generator<TimeWindow> {
  for (let fromMs = startMs; fromMs < endMs; fromMs += seconds * 1000) {
    yield { startMs: fromMs, endMs: Math.min(endMs, fromMs + seconds * 1000) };
  }
}

export function createScriptedLog(options: ScriptedOptions): ScriptedLog {
  const { sliceSeconds = 600, arrange = (slices) => slices.toReversed() } = options;
  const sorted = options.events.toSorted(compareEvents);
  const runs: string[][] = [];

  function plan({ window, eventKeys }: AuditQuery, have: NonNullable<SliceOptions['have']>): Slice[] {
    return (eventKeys ?? [undefined]).flatMap((eventKey) => {
      const had = have.filter((one) => one.eventKey === eventKey).map((one) => one.window);
      const ofKey = sorted.filter((event) => eventKey === undefined || event.event_key === eventKey);
      return subtractWindows([window], had).flatMap((missing) =>
        [...cut(missing, sliceSeconds)].map((part) => {
          const events = ofKey.filter((e) => eventTimeMs(e) >= part.startMs && eventTimeMs(e) < part.endMs);
          return eventKey === undefined ? { window: part, events } : { window: part, eventKey, events };
        }),
      );
    });
  }

  return {
    runs,
    read: () => {
      throw new Error('exports read slices');
    },
    readSlices(query, { have = [], onProgress, signal } = {}) {
      const number = runs.length;
      const read: string[] = [];
      runs.push(read);
      const slices = arrange(plan(query, have));
      const coverage: Coverage = {
        complete: false,
        stoppedBy: 'cancelled',
        covered: [],
        requests: 0,
        fromStore: 0,
        eventsScanned: 0,
        ownReads: 0,
      };
      async function* run(): AsyncGenerator<Slice> {
        for (const [index, slice] of slices.entries()) {
          await options.beforeSlice?.(index, number);
          if (signal?.aborted === true) return;
          read.push(`${slice.eventKey ?? '*'} ${slice.window.startMs} ${slice.window.endMs}`);
          coverage.requests += 1;
          onProgress?.({ coveredMs: index + 1, totalMs: slices.length, events: 0 });
          yield slice;
        }
        Object.assign(coverage, { complete: true, stoppedBy: 'end', covered: [query.window] });
        Object.assign(coverage, options.outcome?.(number));
      }
      return { slices: run(), coverage: () => ({ ...coverage }) };
    },
  };
}
