// Owns what is known and trusted about actors and sources: a rolling memory that never holds what it judges.
import { isActorsOwn } from '../audit/event-details.ts';
import { ACTIVITY_KEYS } from './activity-keys.ts';
import type { Baseline, SeenEvent, TrustedActivity } from './detector.ts';
import type { Pool } from './flat.ts';
import { createTimes, forget, lastTimeOf, slotOf, timeIn, touchSlot } from './last-times.ts';
import { createProfiles, type Profile, type Profiles } from './profiles.ts';
import { createQuarantine } from './quarantine.ts';
import { createSources, type Sources } from './sources.ts';
import { createTaints } from './taints.ts';
import { createWays, forgetWays, keep, recall, type Ways } from './ways.ts';

const DAY_MS = 86_400_000;
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

export interface LearningBaseline {
  readonly view: Baseline;
  /** Takes a judged event into quarantine. */
  observe(seen: SeenEvent): void;
  /** Learns what has left quarantine by `nowMs`, oldest first, and tells `onLearn`. */
  advance(nowMs: number, onLearn: (activity: TrustedActivity) => void): void;
  /** What is new in these events is suspicious: not learned for a while. */
  taint(events: readonly SeenEvent[]): void;
}

/** Nobody does these for another. */
const SESSION_KEYS: ReadonlySet<string> = new Set(['user_login', 'user_logout', 'user_2fa_success']);
/** Those besides of which some rule says that they come from a strange place. Others would teach what nobody has judged. */
const TELLING_KEYS: ReadonlySet<string> = new Set(ACTIVITY_KEYS);

/** A failed factor proves nobody, and what another did to the actor came from that one's place: neither teaches. */
function teaches({ actorId, trial, key, event }: SeenEvent): boolean {
  if (actorId === undefined || trial) return false;
  return SESSION_KEYS.has(key) || (TELLING_KEYS.has(key) && isActorsOwn(event));
}

/** What is kept of a way: where the times of client, source and network are found, and the number of the source. */
const PLACES = { clients: 0, hosts: 1, nets: 2, source: 3 } as const;

interface Memory {
  readonly profiles: Profiles;
  readonly times: Pool;
  readonly sources: Sources;
  readonly ways: Ways;
}

function viewOf({ profiles, times, sources, ways }: Memory, options: BaselineOptions): Baseline {
  /** Whether `key`, one of those of which a profile keeps the times, was seen within the horizon. */
  function knows(
    actorId: string,
    seen: SeenEvent,
    kind: 'hosts' | 'nets' | 'clients',
    key: string | undefined,
  ): boolean {
    if (key === undefined) return false;
    const sinceMs = seen.timeMs - options.horizonMs;
    const at = actorId === seen.actorId ? recall(ways, seen.actor, seen) : -1;
    if (at >= 0) return timeIn(times, ways.cells[at + PLACES[kind]] ?? -1) >= sinceMs;
    const profile = profiles.of(actorId, seen);
    return profile !== undefined && lastTimeOf(times, profile[kind], key) >= sinceMs;
  }
  const knowsHost = (actorId: string, seen: SeenEvent) => knows(actorId, seen, 'hosts', seen.networks?.host);
  const isUsedBy = (least: number, seen: SeenEvent) =>
    sources.isUsedBy(least, seen.networks?.host ?? '', seen.timeMs - options.horizonMs);
  return {
    logins: (actorId) => profiles.of(actorId)?.logins ?? 0,
    knowsHost,
    knowsNet: (actorId, seen) => knows(actorId, seen, 'nets', seen.networks?.net),
    knowsClient: (actorId, seen) => knows(actorId, seen, 'clients', seen.client?.name),
    hasHumanClient: (actorId) => profiles.of(actorId)?.human ?? false,
    // What the actor knows, the company knows: the first is told much faster.
    tenantKnowsHost: (seen) => (seen.actorId !== undefined && knowsHost(seen.actorId, seen)) || isUsedBy(1, seen),
    isShared: (seen) =>
      seen.address !== undefined && (options.isShared(seen.address) || isUsedBy(options.sharedActors, seen)),
  };
}

/** The places of a way of which none are kept. */
function placeWay({ times, sources, ways }: Memory, profile: Profile, activity: TrustedActivity): number {
  const { actor, source, device, networks, client } = activity;
  const at = keep(ways, actor, { source, device });
  const { cells } = ways;
  if (client !== undefined) cells[at + PLACES.clients] = slotOf(times, profile.clients, client.name);
  if (networks !== undefined) {
    cells[at + PLACES.hosts] = slotOf(times, profile.hosts, networks.host);
    cells[at + PLACES.nets] = slotOf(times, profile.nets, networks.net);
    cells[at + PLACES.source] = sources.numberOf(networks.host);
  }
  return at;
}

function learn(memory: Memory, activity: TrustedActivity): void {
  const { profiles, times, sources, ways } = memory;
  const { client, lastMs, actor } = activity;
  const profile = profiles.have(activity.actorId, actor);
  profile.logins += activity.logins;
  profile.human ||= client !== undefined && client.kind !== 'script';
  let at = recall(ways, actor, activity);
  if (at < 0) at = placeWay(memory, profile, activity);
  const { cells } = ways;
  touchSlot(times, cells[at + PLACES.clients] ?? -1, lastMs);
  touchSlot(times, cells[at + PLACES.hosts] ?? -1, lastMs);
  touchSlot(times, cells[at + PLACES.nets] ?? -1, lastMs);
  sources.visit(cells[at + PLACES.source] ?? -1, actor, lastMs);
}

function forgetBefore({ profiles, times, sources, ways }: Memory, beforeMs: number): void {
  const isSourceGone = sources.forget(beforeMs);
  for (const [actor, profile] of profiles.all.entries()) {
    if (profile === undefined) continue;
    const { hosts, nets, clients } = profile;
    const gone = [hosts, nets, clients].map((slots) => forget(times, slots, beforeMs));
    if (isSourceGone || gone.includes(true)) forgetWays(ways, actor);
  }
}

/** A baseline over an ordered stream. Memory: actors and sources of `horizonMs`, and one entry an hour in quarantine. */
export function createBaseline(options: BaselineOptions): LearningBaseline {
  const memory: Memory = {
    profiles: createProfiles(),
    times: createTimes(),
    sources: createSources(2 * options.sharedActors),
    ways: createWays(Object.keys(PLACES).length),
  };
  const view = viewOf(memory, options);
  const quarantine = createQuarantine();
  const taints = createTaints(options.taintMs, view);
  let nextSweepMs = -Infinity;

  return {
    view,
    observe(seen) {
      if (teaches(seen)) quarantine.add(seen);
    },
    advance(nowMs, onLearn) {
      const beforeMs = nowMs - options.quarantineMs;
      for (let activity = quarantine.take(beforeMs); activity !== undefined; activity = quarantine.take(beforeMs)) {
        if (taints.has(activity)) continue;
        learn(memory, activity);
        onLearn(activity);
      }
      if (nowMs < nextSweepMs) return;
      nextSweepMs = nowMs + SWEEP_EVERY_MS;
      forgetBefore(memory, nowMs - options.horizonMs);
      taints.forget(nowMs);
    },
    taint: taints.add,
  };
}
