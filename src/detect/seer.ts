// Owns what every rule asks of an event, worked out once: its time, networks and client.
import type { AuditEvent } from '../audit/event.ts';
import type { TimeWindow } from '../audit/query.ts';
import { networksOf } from '../text/networks.ts';
import { clientOf, type Client } from '../text/user-agent.ts';
import type { SeenEvent } from './detector.ts';

/** Distinct user agents that are kept parsed; parsing is the slowest step of an event. */
const MAX_CLIENTS = 4096;

export interface SeerOptions {
  readonly window: TimeWindow;
  readonly isTrial?: (event: AuditEvent) => boolean;
}

/** Reads events into what rules see. */
export function createSeer(options: SeerOptions): (event: AuditEvent, timeMs: number) => SeenEvent {
  const clients = new Map<string, Client | undefined>();
  function clientFor(userAgent: string | null | undefined): Client | undefined {
    if (userAgent === null || userAgent === undefined) return undefined;
    if (clients.has(userAgent)) return clients.get(userAgent);
    if (clients.size >= MAX_CLIENTS) clients.clear();
    const client = clientOf(userAgent);
    clients.set(userAgent, client);
    return client;
  }
  return (event, timeMs) => {
    const networks = networksOf(event.ip_address);
    return {
      id: event.id,
      timeMs,
      key: event.event_key,
      actorId: event.actor_id ?? undefined,
      address: networks === undefined ? undefined : (event.ip_address ?? undefined),
      networks,
      client: clientFor(event.user_agent),
      event,
      judged: timeMs >= options.window.startMs && timeMs < options.window.endMs,
      trial: options.isTrial?.(event) ?? false,
    };
  };
}
