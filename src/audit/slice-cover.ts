// Owns which time a set of slices covers.
import type { Slice } from './audit-log.ts';
import { intersectWindows } from './intervals.ts';
import type { AuditQuery, TimeWindow } from './query.ts';

/** The parts of the query's window that `slices` hold for every key that it asks for; a slice without a key holds all. */
export function coveredBySlices(
  { window, eventKeys }: AuditQuery,
  slices: readonly Pick<Slice, 'window' | 'eventKey'>[],
): TimeWindow[] {
  return (eventKeys ?? [undefined])
    .map((eventKey) => slices.filter((slice) => slice.eventKey === undefined || slice.eventKey === eventKey))
    .map((ofKey) => ofKey.map((slice) => slice.window))
    .reduce<TimeWindow[]>((shared, windows) => intersectWindows(shared, windows), [window]);
}
