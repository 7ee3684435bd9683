// Owns events of a made-up log for tests that read through the API: short to write, ids from what they are.
import type { SimEvent } from '../../src/simulator/model.ts';

export interface SimSpec {
  atMs: number;
  key: string;
  actor: string;
  /** `Type:id`; by default the actor. */
  entity?: string;
  details?: Record<string, unknown>;
  ip?: string;
  ua?: string;
}

const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36';

export function simEvent(spec: SimSpec): SimEvent {
  const { atMs, key, actor, entity = `User:${actor}`, details = {}, ua = CHROME } = spec;
  const ip = spec.ip ?? `91.${Number(actor) % 250}.1.7`;
  const [entity_type = '', entity_id = ''] = entity.split(':');
  return {
    id: `${key}-${actor}-${entity}-${atMs}-${ip}`,
    created_at: new Date(atMs).toISOString(),
    event_key: key,
    entity_id,
    entity_type,
    actor_id: actor,
    actor_type: 'User',
    details,
    ip_address: ip,
    user_agent: ua,
  };
}

/** `count` events, `gapMs` apart; `spec` may depend on the index. */
export function simEvents(
  count: number,
  startMs: number,
  gapMs: number,
  spec: (index: number) => Omit<SimSpec, 'atMs'>,
): SimEvent[] {
  return Array.from({ length: count }, (_, index) =>
    simEvent({ atMs: Math.floor(startMs + index * gapMs), ...spec(index) }),
  );
}
