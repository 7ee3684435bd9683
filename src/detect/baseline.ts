// Owns what is known and trusted about actors and sources: a rolling memory that never holds what it judges.
import type { Baseline, SeenEvent, TrustedActivity } from './detector.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Sweeping frees memory only: answers look at the times themselves. */
const SWEEP_EVERY_MS = 7 * DAY_MS;

export interface BaselineOptions {
  /** What was not seen for this long is forgotten. */
  readonly horizonMs: number;
  /** What happened this recently does not count yet: an attacker's first login must not vouch for the second. */
  readonly quarantineMs: number;
  /** How long a source or client that was suspicious stays untrusted after the last sign. */
  readonly taintMs: number;
  /** From this many people on, a source is shared: an office, a NAT, a VPN. */
  readonly sharedActors: number;
  /** Sources that the company named as its own. */
  readonly isShared: (address: string) => boolean;
}

export const BASELINE_DEFAULTS: BaselineOptions = {
  horizonMs: 30 * DAY_MS,
  quarantineMs: DAY_MS,
  taintMs: 7 * DAY_MS,
  sharedActors: 5,
  isShared: () => false,
};

interface Profile {
  logins: number;
  human: boolean;
  readonly hosts: Map<string, number>;
  readonly nets: Map<string, number>;
  readonly clients: Map<string, number>;
}

interface Pending {
  actorId: string;
  sample: SeenEvent;
  lastMs: number;
  logins: number;
}

/** Keeps the newest time of each key. */
function touch(times: Map<string, number>, key: string | undefined, timeMs: number): void {
  if (key !== undefined && timeMs > (times.get(key) ?? -Infinity)) times.set(key, timeMs);
}

function oldestOf(times: ReadonlyMap<string, number>): string {
  let oldest = '';
  let oldestMs = Infinity;
  for (const [key, timeMs] of times) {
    if (timeMs < oldestMs) {
      oldest = key;
      oldestMs = timeMs;
    }
  }
  return oldest;
}

function forget(times: Map<string, number>, beforeMs: number): void {
  for (const [key, timeMs] of times) if (timeMs < beforeMs) times.delete(key);
}

export interface LearningBaseline {
  readonly view: Baseline;
  /** Takes a judged event into quarantine. */
  observe(seen: SeenEvent): void;
  /** Learns what has left quarantine by `nowMs`, oldest first, and tells `onLearn`. */
  advance(nowMs: number, onLearn: (activity: TrustedActivity) => void): void;
  /** What is new in these events is suspicious: not learned for a while. */
  taint(events: readonly SeenEvent[]): void;
}

/** A failed factor proves nobody: it must not teach. */
function teaches(seen: SeenEvent): boolean {
  return seen.actorId !== undefined && seen.key !== 'user_2fa_fail' && !seen.trial;
}

function viewOf(
  profiles: ReadonlyMap<string, Profile>,
  hosts: ReadonlyMap<string, ReadonlyMap<string, number>>,
  options: BaselineOptions,
): Baseline {
  const fresh = (times: ReadonlyMap<string, number> | undefined, key: string | undefined, seen: SeenEvent) =>
    key !== undefined && (times?.get(key) ?? -Infinity) >= seen.timeMs - options.horizonMs;
  /** Whether at least `least` people came from the source within the horizon. */
  function isUsedBy(least: number, seen: SeenEvent): boolean {
    let people = 0;
    for (const timeMs of hosts.get(seen.networks?.host ?? '')?.values() ?? []) {
      if (timeMs >= seen.timeMs - options.horizonMs) people += 1;
      if (people >= least) return true;
    }
    return false;
  }
  return {
    logins: (actorId) => profiles.get(actorId)?.logins ?? 0,
    knowsHost: (actorId, seen) => fresh(profiles.get(actorId)?.hosts, seen.networks?.host, seen),
    knowsNet: (actorId, seen) => fresh(profiles.get(actorId)?.nets, seen.networks?.net, seen),
    knowsClient: (actorId, seen) => fresh(profiles.get(actorId)?.clients, seen.client?.name, seen),
    hasHumanClient: (actorId) => profiles.get(actorId)?.human ?? false,
    tenantKnowsHost: (seen) => isUsedBy(1, seen),
    isShared: (seen) =>
      seen.address !== undefined && (options.isShared(seen.address) || isUsedBy(options.sharedActors, seen)),
  };
}

/** A baseline over an ordered stream. Memory: actors and sources of `horizonMs`, and one entry an hour in quarantine. */
export function createBaseline(options: BaselineOptions): LearningBaseline {
  const profiles = new Map<string, Profile>();
  const hosts = new Map<string, Map<string, number>>();
  const pending: Pending[] = [];
  let oldest = 0;
  /** Entries that the hour at hand may still add to. */
  let fillable = new Map<string, Pending[]>();
  let fillableHour = -Infinity;
  /** Until when what an actor used is untrusted. */
  const tainted = new Map<string, Map<string, number>>();
  let nextSweepMs = -Infinity;

  function learn(entry: Pending): void {
    const { actorId, sample, lastMs } = entry;
    let profile = profiles.get(actorId);
    if (profile === undefined) {
      profile = { logins: 0, human: false, hosts: new Map(), nets: new Map(), clients: new Map() };
      profiles.set(actorId, profile);
    }
    profile.logins += entry.logins;
    profile.human ||= sample.client !== undefined && sample.client.kind !== 'script';
    touch(profile.hosts, sample.networks?.host, lastMs);
    touch(profile.nets, sample.networks?.net, lastMs);
    touch(profile.clients, sample.client?.name, lastMs);
    if (sample.networks === undefined) return;
    const actors = hosts.get(sample.networks.host) ?? new Map<string, number>();
    hosts.set(sample.networks.host, actors);
    touch(actors, actorId, lastMs);
    // Enough to know that it is shared; a NAT of thousands needs no longer list.
    if (actors.size > 2 * options.sharedActors) actors.delete(oldestOf(actors));
  }

  function sweep(nowMs: number): void {
    const beforeMs = nowMs - options.horizonMs;
    for (const profile of profiles.values()) {
      forget(profile.hosts, beforeMs);
      forget(profile.nets, beforeMs);
      forget(profile.clients, beforeMs);
    }
    for (const [host, actors] of hosts) {
      forget(actors, beforeMs);
      if (actors.size === 0) hosts.delete(host);
    }
    for (const [actorId, untils] of tainted) {
      forget(untils, nowMs);
      if (untils.size === 0) tainted.delete(actorId);
    }
  }

  const hostKey = (seen: SeenEvent) => `h|${seen.networks?.host ?? ''}`;
  const clientKey = (seen: SeenEvent) => `c|${seen.client?.name ?? ''}`;
  function isTainted(actorId: string, sample: SeenEvent, timeMs: number): boolean {
    const untils = tainted.get(actorId);
    if (untils === undefined) return false;
    return [hostKey(sample), clientKey(sample)].some((key) => (untils.get(key) ?? -Infinity) >= timeMs);
  }
  const view = viewOf(profiles, hosts, options);

  return {
    view,
    observe(seen) {
      if (!teaches(seen) || seen.actorId === undefined) return;
      const logins = seen.key === 'user_login' ? 1 : 0;
      const hour = Math.floor(seen.timeMs / HOUR_MS);
      if (hour !== fillableHour) {
        fillable = new Map();
        fillableHour = hour;
      }
      const entries = fillable.get(seen.actorId);
      const entry = entries?.find(
        ({ sample }) => sample.networks?.host === seen.networks?.host && sample.client?.full === seen.client?.full,
      );
      if (entry === undefined) {
        const added = { actorId: seen.actorId, sample: seen, lastMs: seen.timeMs, logins };
        if (entries === undefined) fillable.set(seen.actorId, [added]);
        else entries.push(added);
        pending.push(added);
      } else {
        entry.lastMs = seen.timeMs;
        entry.logins += logins;
      }
    },
    advance(nowMs, onLearn) {
      for (let entry = pending[oldest]; entry !== undefined; entry = pending[oldest]) {
        if (entry.lastMs + options.quarantineMs > nowMs) break;
        oldest += 1;
        const { actorId, sample, lastMs } = entry;
        if (isTainted(actorId, sample, lastMs)) continue;
        learn(entry);
        onLearn(entry);
      }
      if (oldest > 1024 && oldest * 2 > pending.length) oldest -= pending.splice(0, oldest).length;
      if (nowMs < nextSweepMs) return;
      nextSweepMs = nowMs + SWEEP_EVERY_MS;
      sweep(nowMs);
    },
    taint(events) {
      for (const seen of events) {
        if (seen.actorId === undefined || seen.trial) continue;
        const untils = tainted.get(seen.actorId) ?? new Map<string, number>();
        const untilMs = seen.timeMs + options.taintMs;
        if (seen.networks && !view.knowsHost(seen.actorId, seen)) untils.set(hostKey(seen), untilMs);
        if (seen.client && !view.knowsClient(seen.actorId, seen)) untils.set(clientKey(seen), untilMs);
        if (untils.size > 0) tainted.set(seen.actorId, untils);
      }
    },
  };
}
