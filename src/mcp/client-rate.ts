// Owns the limit on how often one client may ask, so that one runaway agent leaves room for the others.
import type { Clock } from '../clock.ts';

export interface ClientRateOptions {
  readonly requestsPerSecond: number;
  /** Requests that may come at once after a pause. */
  readonly burst: number;
  readonly clock: Pick<Clock, 'now'>;
  /** Most clients remembered; the one that asked longest ago is forgotten first. */
  readonly maxClients?: number;
}

export interface ClientRate {
  /** Takes `cost` requests from the client's allowance; 0 where they were there, else seconds until they are. */
  take(client: string, cost?: number): number;
}

const MAX_CLIENTS = 4096;

export function clientRate({
  requestsPerSecond,
  burst,
  clock,
  maxClients = MAX_CLIENTS,
}: ClientRateOptions): ClientRate {
  const allowances = new Map<string, { left: number; at: number }>();
  return {
    take(client, cost = 1) {
      const now = clock.now();
      const before = allowances.get(client) ?? { left: burst, at: now };
      const left = Math.min(burst, before.left + ((now - before.at) / 1000) * requestsPerSecond);
      const isAllowed = left >= Math.min(cost, burst);
      // Put back at the end: the Map's order is then the order of last use.
      allowances.delete(client);
      allowances.set(client, { left: isAllowed ? left - cost : left, at: now });
      const [oldest] = allowances.keys();
      if (allowances.size > maxClients && oldest !== undefined) allowances.delete(oldest);
      return isAllowed ? 0 : Math.max(1, Math.ceil((Math.min(cost, burst) - left) / requestsPerSecond));
    },
  };
}
