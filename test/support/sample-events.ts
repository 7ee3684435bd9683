// Owns plain audit events for tests that care about their number, order and times more than about their story.
import type { AuditEvent } from '../../src/audit/event.ts';
import type { AuditQuery, TimeWindow } from '../../src/audit/query.ts';

export const SAMPLE_START_MS = Date.parse('2026-03-01T00:00:00Z');
const KEYS = ['user_login', 'message_created', 'chat_renamed', 'user_2fa_fail', 'kms_encrypt'] as const;

/** `count` events, `stepMs` apart from `SAMPLE_START_MS` on, over five keys; ids do not sort as times do. */
export function sampleEvents(count: number, stepMs = 1000): AuditEvent[] {
  return Array.from({ length: count }, (_, index) => sampleEvent(index, SAMPLE_START_MS + index * stepMs));
}

export function sampleEvent(index: number, timeMs: number, change: Partial<AuditEvent> = {}): AuditEvent {
  const scattered = Math.imul(index + 1, 2_654_435_761) >>> 0;
  return {
    id: `${scattered.toString(16).padStart(8, '0')}-${String(index).padStart(8, '0')}`,
    created_at: new Date(timeMs).toISOString(),
    event_key: KEYS[index % KEYS.length] ?? 'user_login',
    entity_id: String(index % 100),
    entity_type: 'User',
    actor_id: String(index % 37),
    actor_type: 'User',
    details: index % 3 === 0 ? null : { old_name: `Имя ${index}`, new_name: 'a "b", c' },
    ip_address: `10.0.0.${index % 250}`,
    user_agent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)',
    ...change,
  };
}

/** The whole-second window that holds every event of `sampleEvents(count, stepMs)`. */
export function sampleWindow(count: number, stepMs = 1000): TimeWindow {
  return { startMs: SAMPLE_START_MS, endMs: SAMPLE_START_MS + (Math.floor((count * stepMs) / 1000) + 1) * 1000 };
}

export function sampleQuery(window: TimeWindow, change: Partial<AuditQuery> = {}): AuditQuery {
  return { window, order: 'oldest_first', timeZone: 'UTC', ownReads: 'keep', ...change };
}
