// Owns how far an export is and how long the rest will take.
import type { Clock } from '../clock.ts';

export interface ExportProgress {
  /** From 0 to 1, of the window. */
  readonly fraction: number;
  /** Milliseconds of the window that are read; grows with every report. */
  readonly coveredMs: number;
  readonly totalMs: number;
  /** Events in the export so far, earlier runs included. */
  readonly events: number;
  /** Absent until there is something to reckon from. */
  readonly etaSeconds?: number;
}

/** Turns what a reader reports into progress; reports that do not grow are swallowed. `events` is asked for each report. */
export function createProgressMeter(
  clock: Pick<Clock, 'now'>,
  events: () => number,
  onProgress: (progress: ExportProgress) => void,
): (report: { coveredMs: number; totalMs: number }) => void {
  let first: { fraction: number; atMs: number } | undefined;
  let lastMs = -1;
  return ({ coveredMs, totalMs }) => {
    if (coveredMs <= lastMs) return;
    lastMs = coveredMs;
    const fraction = totalMs <= 0 ? 1 : Math.min(1, coveredMs / totalMs);
    const atMs = clock.now();
    // A resumed export begins far in: only what this run read tells how fast it reads.
    first ??= { fraction, atMs };
    const gained = fraction - first.fraction;
    const eta = gained > 0 ? { etaSeconds: Math.round(((atMs - first.atMs) / 1000) * ((1 - fraction) / gained)) } : {};
    onProgress({ fraction, coveredMs, totalMs, events: events(), ...eta });
  };
}
