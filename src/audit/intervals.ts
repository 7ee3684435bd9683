// Owns arithmetic on time windows: join, subtract, intersect, sum, and what an ordered read has behind it.
import type { AuditQuery, TimeWindow } from './query.ts';

/** The same time, sorted, with windows that touch or overlap made one; empty ones go. */
export function joinWindows(windows: readonly TimeWindow[]): TimeWindow[] {
  const joined: TimeWindow[] = [];
  for (const { startMs, endMs } of windows.toSorted((a, b) => a.startMs - b.startMs)) {
    if (startMs >= endMs) continue;
    const last = joined.at(-1);
    if (last === undefined || startMs > last.endMs) joined.push({ startMs, endMs });
    else if (endMs > last.endMs) joined[joined.length - 1] = { startMs: last.startMs, endMs };
  }
  return joined;
}

/** Time that is in both. */
export function intersectWindows(a: readonly TimeWindow[], b: readonly TimeWindow[]): TimeWindow[] {
  const [left, right] = [joinWindows(a), joinWindows(b)];
  const shared: TimeWindow[] = [];
  for (let i = 0, j = 0; ;) {
    const [x, y] = [left[i], right[j]];
    if (x === undefined || y === undefined) return shared;
    const startMs = Math.max(x.startMs, y.startMs);
    const endMs = Math.min(x.endMs, y.endMs);
    if (startMs < endMs) shared.push({ startMs, endMs });
    if (x.endMs < y.endMs) i += 1;
    else j += 1;
  }
}

/** Time of `windows` that is not in `minus`. */
export function subtractWindows(windows: readonly TimeWindow[], minus: readonly TimeWindow[]): TimeWindow[] {
  const taken = joinWindows(minus);
  return joinWindows(windows).flatMap(({ startMs, endMs }) => {
    const left: TimeWindow[] = [];
    let from = startMs;
    for (const hole of taken) {
      if (hole.endMs <= from) continue;
      if (hole.startMs >= endMs) break;
      if (hole.startMs > from) left.push({ startMs: from, endMs: hole.startMs });
      from = hole.endMs;
    }
    if (from < endMs) left.push({ startMs: from, endMs });
    return left;
  });
}

/** Milliseconds in `windows`, time that is in several counted once. */
export function totalMs(windows: readonly TimeWindow[]): number {
  return joinWindows(windows).reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
}

/** What an ordered read over `window` has behind it once it has come to `timeMs`, in whole `unitMs`: the one of `timeMs` may hold more. */
export function passedBy(
  { window, order }: Pick<AuditQuery, 'window' | 'order'>,
  timeMs: number,
  unitMs: number,
): TimeWindow {
  const startMs = Math.floor(timeMs / unitMs) * unitMs;
  return order === 'oldest_first'
    ? { startMs: window.startMs, endMs: startMs }
    : { startMs: startMs + unitMs, endMs: window.endMs };
}
