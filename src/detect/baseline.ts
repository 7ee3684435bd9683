// Owns what is known and trusted about actors and sources: a rolling memory that never holds what it judges.
import type { Baseline, SeenEvent, TrustedActivity } from './detector.ts';
import { forget, lastTimeOf, slotOf, touchSlot, type LastTimes } from './last-times.ts';
import { createProfiles, type Pending, type Profile, type Profiles, type Visitors } from './profiles.ts';
import { forgetWays, keep, recall } from './ways.ts';

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

/** -1 in an empty list. */
function placeOfLeast(times: readonly number[]): number {
  let place = -1;
  let least = Infinity;
  for (let index = 0; index < times.length; index += 1) {
    const timeMs = times[index] ?? Infinity;
    if (timeMs < least) {
      least = timeMs;
      place = index;
    }
  }
  return place;
}

function visit({ actors, times }: Visitors, actor: number, timeMs: number, most: number): void {
  const known = actors.indexOf(actor);
  // The oldest makes room: a NAT of thousands needs no longer list.
  const place = known < 0 && actors.length >= most ? placeOfLeast(times) : known;
  if (place < 0) {
    actors.push(actor);
    times.push(timeMs);
  } else {
    actors[place] = actor;
    times[place] = Math.max(timeMs, times[place] ?? -Infinity);
  }
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

/** What `seen` adds to: the entry of the hour at hand from the same source with the same client. */
function openEntry({ open }: Profile, seen: SeenEvent): Pending | undefined {
  return open.find(
    ({ networks, client }) => networks?.host === seen.networks?.host && client?.full === seen.client?.full,
  );
}

function viewOf(profiles: Profiles, hosts: ReadonlyMap<string, Visitors>, options: BaselineOptions): Baseline {
  /** Whether `key`, found in `slot` where that is known, was seen within the horizon. */
  function isFresh(last: LastTimes, slot: number | undefined, key: string | undefined, seen: SeenEvent): boolean {
    if (key === undefined) return false;
    const timeMs = slot === undefined ? lastTimeOf(last, key) : (last.times[slot] ?? -Infinity);
    return timeMs >= seen.timeMs - options.horizonMs;
  }
  function knowsHost(actorId: string, seen: SeenEvent): boolean {
    const profile = profiles.of(actorId, seen);
    return (
      profile !== undefined && isFresh(profile.hosts, recall(profile.places, seen)?.host, seen.networks?.host, seen)
    );
  }
  function knowsNet(actorId: string, seen: SeenEvent): boolean {
    const profile = profiles.of(actorId, seen);
    return profile !== undefined && isFresh(profile.nets, recall(profile.places, seen)?.net, seen.networks?.net, seen);
  }
  function knowsClient(actorId: string, seen: SeenEvent): boolean {
    const profile = profiles.of(actorId, seen);
    return (
      profile !== undefined && isFresh(profile.clients, recall(profile.places, seen)?.client, seen.client?.name, seen)
    );
  }
  /** Whether at least `least` people came from the source within the horizon. */
  function isUsedBy(least: number, seen: SeenEvent): boolean {
    let people = 0;
    for (const timeMs of hosts.get(seen.networks?.host ?? '')?.times ?? []) {
      if (timeMs >= seen.timeMs - options.horizonMs) people += 1;
      if (people >= least) return true;
    }
    return false;
  }
  return {
    logins: (actorId) => profiles.of(actorId)?.logins ?? 0,
    knowsHost,
    knowsNet,
    knowsClient,
    hasHumanClient: (actorId) => profiles.of(actorId)?.human ?? false,
    // What the actor knows, the company knows: the first is told much faster.
    tenantKnowsHost: (seen) => (seen.actorId !== undefined && knowsHost(seen.actorId, seen)) || isUsedBy(1, seen),
    isShared: (seen) =>
      seen.address !== undefined && (options.isShared(seen.address) || isUsedBy(options.sharedActors, seen)),
  };
}

/** A baseline over an ordered stream. Memory: actors and sources of `horizonMs`, and one entry an hour in quarantine. */
export function createBaseline(options: BaselineOptions): LearningBaseline {
  const profiles = createProfiles();
  const hosts = new Map<string, Visitors>();
  const pending: Pending[] = [];
  let oldest = 0;
  /** Until when what an actor used is untrusted. */
  const tainted = new Map<string, Map<string, number>>();
  let nextSweepMs = -Infinity;

  function visitorsOf(host: string, { actor, lastMs }: Pending): Visitors {
    let visitors = hosts.get(host);
    // Most sources have one visitor, and a list that is written with one takes a tenth of one that grew to it.
    if (visitors === undefined) hosts.set(host, (visitors = { actors: [actor], times: [lastMs] }));
    return visitors;
  }

  function learn(entry: Pending): void {
    const { networks, client, lastMs, profile } = entry;
    profile.logins += entry.logins;
    profile.human ||= client !== undefined && client.kind !== 'script';
    let places = recall(profile.places, entry);
    if (places === undefined) {
      places = {
        client: client && slotOf(profile.clients, client.name),
        host: networks && slotOf(profile.hosts, networks.host),
        net: networks && slotOf(profile.nets, networks.net),
        visitors: networks && visitorsOf(networks.host, entry),
      };
      keep(profile.places, entry, places);
    }
    touchSlot(profile.clients, places.client, lastMs);
    touchSlot(profile.hosts, places.host, lastMs);
    touchSlot(profile.nets, places.net, lastMs);
    if (places.visitors !== undefined) visit(places.visitors, entry.actor, lastMs, 2 * options.sharedActors);
  }

  function sweep(nowMs: number): void {
    const beforeMs = nowMs - options.horizonMs;
    for (const profile of profiles.all()) {
      forget(profile.hosts, beforeMs);
      forget(profile.nets, beforeMs);
      forget(profile.clients, beforeMs);
      forgetWays(profile.places);
    }
    for (const [host, { times }] of hosts) if (times.every((timeMs) => timeMs < beforeMs)) hosts.delete(host);
    for (const [actorId, untils] of tainted) {
      for (const [key, untilMs] of untils) if (untilMs < nowMs) untils.delete(key);
      if (untils.size === 0) tainted.delete(actorId);
    }
  }

  const hostKey = (host: string | undefined) => `h|${host ?? ''}`;
  const clientKey = (name: string | undefined) => `c|${name ?? ''}`;
  function isTainted({ actorId, networks, client, lastMs }: TrustedActivity): boolean {
    const untils = tainted.get(actorId);
    if (untils === undefined) return false;
    const keys = [hostKey(networks?.host), clientKey(client?.name)];
    return keys.some((key) => (untils.get(key) ?? -Infinity) >= lastMs);
  }
  const view = viewOf(profiles, hosts, options);

  return {
    view,
    observe(seen) {
      if (!teaches(seen) || seen.actorId === undefined) return;
      const logins = seen.key === 'user_login' ? 1 : 0;
      const hour = Math.floor(seen.timeMs / HOUR_MS);
      const profile = profiles.have(seen.actorId, seen.actor);
      const isSameHour = hour === profile.hour;
      const entry = isSameHour ? openEntry(profile, seen) : undefined;
      if (entry === undefined) {
        const { actorId, actor, networks, source, client, device, timeMs } = seen;
        const added = {
          actorId,
          actor,
          networks,
          source,
          client,
          device,
          firstMs: timeMs,
          lastMs: timeMs,
          logins,
          profile,
        };
        if (isSameHour) profile.open.push(added);
        else profile.open = [added];
        profile.hour = hour;
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
        if (isTainted(entry)) continue;
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
        if (seen.networks && !view.knowsHost(seen.actorId, seen)) untils.set(hostKey(seen.networks.host), untilMs);
        if (seen.client && !view.knowsClient(seen.actorId, seen)) untils.set(clientKey(seen.client.name), untilMs);
        if (untils.size > 0) tainted.set(seen.actorId, untils);
      }
    },
  };
}
