// Owns which sources and clients of an actor are suspicious, and until when: what came with them teaches nothing.
import type { Baseline, SeenEvent, TrustedActivity } from './detector.ts';

export interface Taints {
  /** What is new in these events is suspicious. */
  add(events: readonly SeenEvent[]): void;
  has(activity: TrustedActivity): boolean;
  /** Forgets what is trusted again by then. */
  forget(nowMs: number): void;
}

const hostKey = (host: string | undefined) => `h|${host ?? ''}`;
const clientKey = (name: string | undefined) => `c|${name ?? ''}`;

/** Each lasts for `taintMs` after its last sign. */
export function createTaints(taintMs: number, baseline: Pick<Baseline, 'knowsHost' | 'knowsClient'>): Taints {
  /** By the number of the actor. */
  const tainted = new Map<number, Map<string, number>>();
  return {
    add(events) {
      for (const seen of events) {
        if (seen.actorId === undefined || seen.trial) continue;
        const untils = tainted.get(seen.actor) ?? new Map<string, number>();
        const untilMs = seen.timeMs + taintMs;
        if (seen.networks && !baseline.knowsHost(seen.actorId, seen)) untils.set(hostKey(seen.networks.host), untilMs);
        if (seen.client && !baseline.knowsClient(seen.actorId, seen)) untils.set(clientKey(seen.client.name), untilMs);
        if (untils.size > 0) tainted.set(seen.actor, untils);
      }
    },
    has({ actor, networks, client, lastMs }) {
      const untils = tainted.get(actor);
      if (untils === undefined) return false;
      const keys = [hostKey(networks?.host), clientKey(client?.name)];
      return keys.some((key) => (untils.get(key) ?? -Infinity) >= lastMs);
    },
    forget(nowMs) {
      for (const [actor, untils] of tainted) {
        for (const [key, untilMs] of untils) if (untilMs < nowMs) untils.delete(key);
        if (untils.size === 0) tainted.delete(actor);
      }
    },
  };
}
