// Owns a company in which every text that somebody may choose is hostile: clients, details, types, names, scopes, keys.
import { EVENT_KEYS } from '../../src/audit/event-keys.ts';
import type { SimEvent, SimUser } from '../../src/simulator/model.ts';
import { minimalUsers } from '../../src/simulator/minimal-users.ts';
import { HONEST_TEXTS, HOSTILE_CORPUS } from './hostile-corpus.ts';

const HOUR_MS = 3_600_000;
export const HOSTILE_ACTOR = '1001';
/** Names that must come out as they went in. */
export const HONEST_DETAIL = HONEST_TEXTS.join(' · ');

function eventOf(index: number, timeMs: number, eventKey: string, text: string): SimEvent {
  return {
    id: `${(index + 0x10_00_00_00).toString(16)}-0000-7000-8000-${String(index).padStart(12, '0')}`,
    created_at: new Date(timeMs).toISOString(),
    event_key: eventKey,
    // Every other thing is about a person: that is where names and next steps come from.
    entity_id: index % 2 === 0 ? HOSTILE_ACTOR : text,
    entity_type: index % 2 === 0 ? 'User' : text,
    actor_id: index % 5 === 4 ? text : HOSTILE_ACTOR,
    actor_type: index % 3 === 0 ? text : 'User',
    details: {
      scopes: [text],
      dlp_rule_name: text,
      client_id: text,
      old_name: text,
      new_name: HONEST_DETAIL,
      tag_name: text,
      new_company_role: 'admin',
      previous_company_role: text,
      initiator_id: Number(HOSTILE_ACTOR),
      changed_attrs: [text, 'email'],
      public_access: true,
      changes: { redirect_uris: { previous: [text], new: [`https://evil.example/${text}`] } },
      added_scopes: [text],
      [text]: { [text]: text },
    },
    ip_address: index % 4 === 3 ? text : `203.0.113.${index % 250}`,
    user_agent: text.slice(0, 255),
  };
}

/** Every text of the corpus in every kind of event, known and unknown, within the last day. */
export function hostileEvents(nowMs: number): SimEvent[] {
  const keys = [...EVENT_KEYS, 'user_2fa_fail', 'user_2fa_fail', 'user_login'];
  const count = Math.max(keys.length, HOSTILE_CORPUS.length) * 3;
  return Array.from({ length: count }, (_, index) => {
    const text = HOSTILE_CORPUS[index % HOSTILE_CORPUS.length]?.text ?? '';
    const key = index % 11 === 10 ? text : (keys[index % keys.length] ?? 'user_login');
    return eventOf(index, nowMs - 20 * HOUR_MS + Math.floor((index * 18 * HOUR_MS) / count), key, text);
  });
}

/** The people of that company: one for each text. */
export function hostileUsers(nowMs: number): SimUser[] {
  const [owner, admin] = minimalUsers(nowMs);
  if (owner === undefined || admin === undefined) throw new Error('nobody there');
  const others = HOSTILE_CORPUS.map(({ text }, index) => ({
    ...admin,
    id: 2000 + index,
    role: 'user' as const,
    first_name: `Иванов ${text}`,
    last_name: text,
    nickname: `n${index}${text}`,
    email: `${text}@example.com`,
  }));
  return [owner, { ...admin, first_name: HOSTILE_CORPUS[0]?.text ?? '', last_name: 'Админов' }, ...others];
}

/** Every string in `value` at any depth, keys included. */
export function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(stringsIn);
  return Object.entries(value).flatMap(([key, part]) => [key, ...stringsIn(part)]);
}
