// Owns small things that tests of the store share: a clock that they set, events, questions, reading to the end.
import type { AuditLog, Coverage, ReadOptions, Slice, SliceOptions } from '../../src/audit/audit-log.ts';
import type { AuditEvent } from '../../src/audit/event.ts';
import type { AuditQuery } from '../../src/audit/query.ts';
import type { Clock } from '../../src/clock.ts';

export interface SetClock extends Clock {
  set(time: string | number): void;
}

export function createSetClock(start: string): SetClock {
  let nowMs = Date.parse(start);
  return {
    now: () => nowMs,
    sleep: () => Promise.resolve(),
    random: () => 0.5,
    set(time) {
      nowMs = typeof time === 'number' ? time : Date.parse(time);
    },
  };
}

export const SCOPE = { apiUrl: 'https://api.example.test/v1', ownerId: '7' };

export function eventAt(createdAt: string, eventKey: string, id: string, more: Partial<AuditEvent> = {}): AuditEvent {
  return {
    id,
    created_at: createdAt,
    event_key: eventKey,
    entity_id: '1001',
    entity_type: 'User',
    actor_id: '1001',
    actor_type: 'User',
    details: {},
    ip_address: '192.0.2.10',
    user_agent: 'Pachca/3.60.0 (co.staply.pachca; build:15; iOS 18.5.0) Alamofire/5.0.0',
    ...more,
  };
}

/** `perDay` events spread over each of `days` days from `firstDay` on; keys in turn. */
export function eventsOfDays(firstDay: string, days: number, perDay: number, keys: readonly string[]): AuditEvent[] {
  const startMs = Date.parse(`${firstDay}T00:00:00.000Z`);
  const stepMs = 86_400_000 / perDay;
  return Array.from({ length: days * perDay }, (_, index) => {
    const createdAt = new Date(startMs + Math.floor(index * stepMs) + (index % 7)).toISOString();
    return eventAt(createdAt, keys[index % keys.length] ?? 'user_login', `e${String(index).padStart(6, '0')}`);
  });
}

export function query(start: string, end: string, more: Partial<AuditQuery> = {}): AuditQuery {
  const timeOf = (text: string): number => Date.parse(text.includes('T') ? text : `${text}T00:00:00.000Z`);
  return {
    window: { startMs: timeOf(start), endMs: timeOf(end) },
    order: 'oldest_first',
    timeZone: 'UTC',
    ownReads: 'keep',
    ...more,
  };
}

export async function readAll(
  log: AuditLog,
  question: AuditQuery,
  options?: ReadOptions,
): Promise<{ events: AuditEvent[]; coverage: Coverage }> {
  const read = log.read(question, options);
  const events: AuditEvent[] = [];
  for await (const batch of read.batches) events.push(...batch);
  return { events, coverage: read.coverage() };
}

export async function readAllSlices(
  log: Pick<AuditLog, 'readSlices'>,
  question: AuditQuery,
  options?: SliceOptions,
): Promise<{ slices: Slice[]; coverage: Coverage }> {
  const read = log.readSlices(question, options);
  const slices: Slice[] = [];
  for await (const slice of read.slices) slices.push(slice);
  return { slices, coverage: read.coverage() };
}

export function ids(events: readonly AuditEvent[]): string[] {
  return events.map(({ id }) => id);
}
