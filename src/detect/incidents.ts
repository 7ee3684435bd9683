// Owns the merging of signals: what several rules, or one rule again and again, say about one incident becomes one.
import type { TimeWindow } from '../audit/query.ts';
import type { SeenEvent, Signal } from './detector.ts';
import { absorb, addSignal, newIncident, severityRank, sizeOf, type Incident, type Names } from './incident.ts';
import { LOGIN_RULES, type RuleId } from './rule-ids.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

export interface IncidentOptions {
  /** Rules in the order of telling: of equal severity, the first names the incident. */
  readonly order: readonly RuleId[];
  /** Whether the source of the event is where many people work, or its own actor does: such a source links nobody. */
  readonly isWorkplace: (seen: SeenEvent) => boolean;
  /** Signals that are not about this actor are dropped: what was done to others would name the incident. */
  readonly aboutActorId?: string;
  /** Incidents that do not touch the judged window are dropped. */
  readonly window: TimeWindow;
}

export interface Incidents {
  add(signal: Signal): void;
  /** All incidents that touch the judged window. */
  finish(): readonly Incident[];
}

/** What links signals: the people and the sources. */
function linksOf(signal: Signal): Set<string> {
  const links = new Set<string>();
  for (const actorId of signal.actorIds ?? []) links.add(`a|${actorId}`);
  for (const seen of signal.events) {
    if (signal.actorIds === undefined && seen.actorId !== undefined) links.add(`a|${seen.actorId}`);
    if (seen.networks !== undefined) links.add(`h|${seen.networks.host}`);
  }
  return links;
}

function subjectsOf({ actorIds, events }: Signal): readonly (string | undefined)[] {
  return actorIds ?? events.map((seen) => seen.actorId);
}

/** Rules on how somebody came in: what they say is of the source as much as of the person. */
const WAYS_IN: ReadonlySet<string> = new Set([...Object.keys(LOGIN_RULES), 'takeover_chain']);

/** Of so many people somebody has something else on the same day. */
const CROWD = 5;

/**
 * One incident: the same actor within the hour; the same actor within a day by the same rule or from the same source; or the same
 * source within a day, where both tell of a way in and nobody is known to work there. What people did once they were in is their
 * own: from one office, one deletes and another opens a chat.
 */
function belongs(signal: Signal, incident: Incident, isWorkplace: (seen: SeenEvent) => boolean): boolean {
  const gapMs = (signal.events[0]?.timeMs ?? 0) - incident.last.timeMs;
  if (gapMs > DAY_MS) return false;
  const isSameRule = incident.rules.has(signal.rule);
  if (isSameRule && signal.events.some(({ id }) => incident.ids.has(id))) return true;
  const actorIds = subjectsOf(signal);
  const sameActor = actorIds.some((actorId) => actorId !== undefined && incident.actorIds.has(actorId));
  const isCrowd = Math.max(incident.actorIds.size, new Set(actorIds).size) > CROWD;
  if (sameActor && !isCrowd && (gapMs <= HOUR_MS || isSameRule)) return true;
  const areWaysIn = WAYS_IN.has(signal.rule) && [...incident.rules].some((rule) => WAYS_IN.has(rule));
  if (!sameActor && !areWaysIn) return false;
  // Many people are held together by the source alone, and by where the last of it came from: whoever tries a hundred accounts is not
  // everybody who comes to one of them that day.
  return (isCrowd ? signal.events.slice(-1) : signal.events).some(
    (seen) =>
      seen.networks !== undefined && incident.hosts.has(seen.networks.host) && (sameActor || !isWorkplace(seen)),
  );
}

function namesInOrder(order: readonly RuleId[]): Names {
  return (a, b) => {
    const bySeverity = severityRank(a.severity) - severityRank(b.severity);
    if (bySeverity !== 0) return bySeverity > 0;
    if (a.rule !== b.rule) return order.indexOf(a.rule) < order.indexOf(b.rule);
    return (a.score ?? sizeOf(a)) > (b.score ?? sizeOf(b));
  };
}

interface OpenIncidents extends Iterable<Incident> {
  /** Opens `incident`, if it is not open yet, and finds it by these links from now on. */
  link(incident: Incident, links: Iterable<string>): void;
  /** What any of these links leads to, each once. */
  linkedBy(links: Iterable<string>): Incident[];
  close(incident: Incident): void;
}

function createOpenIncidents(): OpenIncidents {
  const open = new Set<Incident>();
  const byLink = new Map<string, Set<Incident>>();
  return {
    [Symbol.iterator]: () => open.values(),
    link(incident, links) {
      open.add(incident);
      for (const key of links) {
        incident.links.add(key);
        const linked = byLink.get(key);
        if (linked === undefined) byLink.set(key, new Set([incident]));
        else linked.add(incident);
      }
    },
    linkedBy(links) {
      const found = new Set<Incident>();
      for (const key of links) for (const incident of byLink.get(key) ?? []) found.add(incident);
      return [...found];
    },
    close(incident) {
      open.delete(incident);
      for (const link of incident.links) {
        const linked = byLink.get(link);
        linked?.delete(incident);
        if (linked?.size === 0) byLink.delete(link);
      }
      incident.links.clear();
      incident.ids.clear();
    },
  };
}

/** Merges signals as they come. Open incidents are bounded by the actors and sources of two days. */
export function createIncidents(options: IncidentOptions): Incidents {
  const { aboutActorId: about } = options;
  const names = namesInOrder(options.order);
  const open = createOpenIncidents();
  const done: Incident[] = [];
  let nextSweepMs = -Infinity;

  function settle(incident: Incident): void {
    open.close(incident);
    const { startMs, endMs } = options.window;
    if (incident.last.timeMs >= startMs && incident.first.timeMs < endMs) done.push(incident);
  }

  function sweep(nowMs: number): void {
    if (nowMs < nextSweepMs) return;
    nextSweepMs = nowMs + HOUR_MS;
    for (const incident of open) if (incident.last.timeMs < nowMs - 2 * DAY_MS) settle(incident);
  }

  return {
    add(signal) {
      const first = signal.events[0];
      const last = signal.events.at(-1);
      if (first === undefined || last === undefined) return;
      if (about !== undefined && !subjectsOf(signal).includes(about)) return;
      // What might have been must not touch what was.
      if (last.trial) {
        const alone = newIncident(signal, first);
        addSignal(alone, signal, names);
        settle(alone);
        return;
      }
      sweep(last.timeMs);
      const links = linksOf(signal);
      const related = open.linkedBy(links).filter((incident) => belongs(signal, incident, options.isWorkplace));
      const [incident = newIncident(signal, first), ...others] = related;
      open.link(incident, links);
      for (const other of others) {
        absorb(incident, other, names);
        open.link(incident, other.links);
        open.close(other);
      }
      addSignal(incident, signal, names);
    },
    finish() {
      for (const incident of open) settle(incident);
      return done;
    },
  };
}
