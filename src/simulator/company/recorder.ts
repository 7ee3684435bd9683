// Owns the writing of events: ids, the form of each field, and what the server leaves empty.
import type { AnyEventKey } from '../event-keys.ts';
import { ENTITY_TYPE_OF } from '../key-facts.ts';
import type { SimEvent } from '../model.ts';
import type { Random } from '../random.ts';

/** Where an event comes from: address and client; both null for what the server did by itself. */
export interface Source {
  ip: string | null;
  agent: string | null;
}

export interface Draft {
  key: AnyEventKey;
  actor: number;
  atMs: number;
  from: Source;
  /** Default: the actor. */
  entity?: number;
  details?: Record<string, unknown>;
}

export interface Recorder {
  readonly events: SimEvent[];
  readonly record: (draft: Draft) => SimEvent;
}

const AGENT_LENGTH = 255;

export function createRecorder(random: Random): Recorder {
  const events: SimEvent[] = [];
  return {
    events,
    record({ key, actor, atMs, from, entity = actor, details }) {
      const event: SimEvent = {
        id: random.uuid(),
        created_at: new Date(atMs).toISOString(),
        event_key: key,
        entity_id: String(entity),
        entity_type: ENTITY_TYPE_OF[key],
        actor_id: String(actor),
        actor_type: 'User',
        // The reference says an empty object, its example says null: both come.
        details: details ?? (random.chance(0.03) ? null : {}),
        ip_address: from.ip,
        user_agent: from.agent?.slice(0, AGENT_LENGTH) ?? null,
      };
      events.push(event);
      return event;
    },
  };
}
