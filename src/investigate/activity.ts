// Owns what a person's own events say of their habits: when, from which networks, with which clients; pure.
import { eventTimeMs, type AuditEvent } from '../audit/event.ts';
import { openZone } from '../audit/zone.ts';
import { networksOf } from '../text/networks.ts';
import { clientOf } from '../text/user-agent.ts';

/** One network (v4 /24, v6 /48) or one client, as far as the window shows. */
export interface Use {
  readonly name: string;
  events: number;
  logins: number;
  firstMs: number;
  lastMs: number;
  /** Addresses of a network, newest last; empty for a client. */
  readonly addresses: Set<string>;
}

export interface Activity {
  events: number;
  logins: number;
  failed_2fa: number;
  by_event_key: Record<string, number>;
  /** Events by the local hour of the day. */
  hours: number[];
  /** Newest use first. */
  networks: Use[];
  clients: Use[];
  firstMs?: number;
  lastMs?: number;
}

/** More than anybody has; a hostile log could hold any number. */
const USES_MAX = 5000;
const KEYS_MAX = 200;
const ADDRESSES_KEPT = 3;
const OTHER = 'other';

function createUses() {
  const uses = new Map<string, Use>();
  return {
    add(name: string, event: AuditEvent, timeMs: number, address?: string): boolean {
      const known = uses.get(name);
      if (known === undefined && uses.size >= USES_MAX) return false;
      const use = known ?? { name, events: 0, logins: 0, firstMs: timeMs, lastMs: timeMs, addresses: new Set() };
      if (known === undefined) uses.set(name, use);
      use.events += 1;
      if (event.event_key === 'user_login') use.logins += 1;
      use.firstMs = Math.min(use.firstMs, timeMs);
      use.lastMs = Math.max(use.lastMs, timeMs);
      if (address !== undefined) remember(use.addresses, address);
      return known === undefined;
    },
    all: () => [...uses.values()].toSorted((a, b) => b.lastMs - a.lastMs || (a.name < b.name ? -1 : 1)),
  };
}

function remember(addresses: Set<string>, address: string): void {
  addresses.delete(address);
  addresses.add(address);
  const [oldest] = addresses;
  if (addresses.size > ADDRESSES_KEPT && oldest !== undefined) addresses.delete(oldest);
}

/** Counts the events of one person, oldest first. */
export function createActivity(timeZone: string) {
  const zone = openZone(timeZone);
  const hours = Array.from({ length: 24 }, () => 0);
  const byKey = new Map<string, number>();
  const networks = createUses();
  const clients = createUses();
  const total = { events: 0, firstMs: Number.POSITIVE_INFINITY, lastMs: Number.NEGATIVE_INFINITY };
  return {
    /** Whether the event is the first from its network or with its client. */
    observe(event: AuditEvent): boolean {
      const timeMs = eventTimeMs(event);
      total.events += 1;
      total.firstMs = Math.min(total.firstMs, timeMs);
      total.lastMs = Math.max(total.lastMs, timeMs);
      hours[zone.hourOfDay(timeMs)] = (hours[zone.hourOfDay(timeMs)] ?? 0) + 1;
      const key = byKey.has(event.event_key) || byKey.size < KEYS_MAX ? event.event_key : OTHER;
      byKey.set(key, (byKey.get(key) ?? 0) + 1);
      const site = networksOf(event.ip_address)?.site;
      const client = clientOf(event.user_agent)?.name;
      const isNewNetwork = site !== undefined && networks.add(site, event, timeMs, event.ip_address ?? undefined);
      const isNewClient = client !== undefined && clients.add(client, event, timeMs);
      return isNewNetwork || isNewClient;
    },
    result: (): Activity => ({
      events: total.events,
      logins: byKey.get('user_login') ?? 0,
      failed_2fa: byKey.get('user_2fa_fail') ?? 0,
      by_event_key: Object.fromEntries([...byKey].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))),
      hours,
      networks: networks.all(),
      clients: clients.all(),
      ...(total.events === 0 ? {} : { firstMs: total.firstMs, lastMs: total.lastMs }),
    }),
  };
}
