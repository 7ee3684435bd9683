// Owns what every rule asks of an event, worked out once: its time, networks and client.
import type { AuditEvent } from '../audit/event.ts';
import type { TimeWindow } from '../audit/query.ts';
import { keepResults } from '../text/keep-results.ts';
import { networksOf, type Networks } from '../text/networks.ts';
import { clientOf } from '../text/user-agent.ts';
import type { SeenEvent } from './detector.ts';

/** Distinct texts that are kept parsed: parsing is the slowest step of an event, and equal texts come again and again. */
const MAX_NETWORKS = 65_536;
const MAX_ACTORS = 65_536;

export interface SeerOptions {
  readonly window: TimeWindow;
  readonly isTrial?: (event: AuditEvent) => boolean;
}

const given =
  <T>(read: (text: string) => T) =>
  (text: string | null | undefined): T | undefined =>
    text === null || text === undefined ? undefined : read(text);

/** Levels of networks by text: those of two addresses are equal, and maps find what is the same faster than its equal. */
function createNetworkReader(): (address: string) => Networks | undefined {
  const same = keepResults(MAX_NETWORKS, (text) => text);
  return keepResults(MAX_NETWORKS, (address) => {
    const networks = networksOf(address);
    if (networks === undefined) return undefined;
    const { host, site, pool, net } = networks;
    return { host, site: same(site) ?? site, pool: same(pool) ?? pool, net: same(net) ?? net };
  });
}

/** Reads events into what rules see. */
export function createSeer(options: SeerOptions): (event: AuditEvent, timeMs: number) => SeenEvent {
  const networksFor = given(createNetworkReader());
  // One string for each actor: all the maps of all the rules find it faster than its equal.
  const actorFor = given(keepResults(MAX_ACTORS, (id) => id));
  return (event, timeMs) => {
    const networks = networksFor(event.ip_address);
    return {
      id: event.id,
      timeMs,
      key: event.event_key,
      actorId: actorFor(event.actor_id),
      address: networks === undefined ? undefined : (event.ip_address ?? undefined),
      networks,
      client: clientOf(event.user_agent),
      event,
      judged: timeMs >= options.window.startMs && timeMs < options.window.endMs,
      trial: options.isTrial?.(event) ?? false,
    };
  };
}
