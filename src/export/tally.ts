// Owns the counts that a manifest holds, kept up event by event so that nothing is read twice for them.
import { z } from 'zod';
import type { AuditEvent } from '../audit/event.ts';
import { timeOfText } from '../audit/time-text.ts';
import type { IsOwnRead } from '../audit/query.ts';

const countsSchema = z.record(z.string(), z.int().nonnegative());

export const tallySchema = z.object({
  events: z.int().nonnegative(),
  own_reads: z.int().nonnegative(),
  by_event_key: countsSchema,
  /** By UTC day, as `created_at` in the file, so that anyone can check it with the file alone. */
  by_day: countsSchema,
});
/** What the spool counts besides. */
export const spoolTallySchema = z.object({
  ...tallySchema.shape,
  /** Events that the local store gave. */
  from_store: z.int().nonnegative().default(0),
});
export type TallyCounts = z.output<typeof spoolTallySchema>;

export interface Tally {
  events: number;
  ownReads: number;
  fromStore: number;
  readonly byKey: Map<string, number>;
  readonly byDay: Map<string, number>;
}

export function createTally(): Tally {
  return { events: 0, ownReads: 0, fromStore: 0, byKey: new Map(), byDay: new Map() };
}

export function bump(counts: Map<string, number>, name: string, by: number): void {
  const count = (counts.get(name) ?? 0) + by;
  if (count === 0) counts.delete(name);
  else counts.set(name, count);
}

/** UTC day (`2026-03-01`) of a time as the API writes it, or in another ISO-8601 form. */
export function dayOf(time: string): string {
  return (time.endsWith('Z') ? time : new Date(timeOfText(time)).toISOString()).slice(0, 10);
}

/** Counts `events` in; fast where events of one day follow each other. */
export function countEvents(tally: Tally, events: readonly AuditEvent[], isOwnRead: IsOwnRead): void {
  tally.events += events.length;
  let [day, ofDay] = ['', 0];
  for (const event of events) {
    if (isOwnRead(event)) tally.ownReads += 1;
    bump(tally.byKey, event.event_key, 1);
    const { created_at: time } = event;
    if (ofDay > 0 && time.startsWith(day) && time.endsWith('Z')) {
      ofDay += 1;
      continue;
    }
    if (ofDay > 0) bump(tally.byDay, day, ofDay);
    [day, ofDay] = [dayOf(time), 1];
  }
  if (ofDay > 0) bump(tally.byDay, day, ofDay);
}

/** Takes out again an event that was counted in. */
export function uncountEvent(tally: Tally, event: AuditEvent, isOwn: boolean): void {
  tally.events -= 1;
  if (isOwn) tally.ownReads -= 1;
  bump(tally.byKey, event.event_key, -1);
  bump(tally.byDay, dayOf(event.created_at), -1);
}

export function addCounts(tally: Tally, counts: TallyCounts): void {
  tally.events += counts.events;
  tally.ownReads += counts.own_reads;
  tally.fromStore += counts.from_store;
  for (const [name, count] of Object.entries(counts.by_event_key)) bump(tally.byKey, name, count);
  for (const [name, count] of Object.entries(counts.by_day)) bump(tally.byDay, name, count);
}

const sorted = (counts: ReadonlyMap<string, number>) =>
  Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));

export function countsOf(tally: Tally): TallyCounts {
  return {
    events: tally.events,
    own_reads: tally.ownReads,
    from_store: tally.fromStore,
    by_event_key: sorted(tally.byKey),
    by_day: sorted(tally.byDay),
  };
}
