// Owns one incident: what the signals that belong to it add up to.
import { SEVERITIES, type SeenEvent, type Severity, type Signal } from './detector.ts';
import type { RuleId } from './rule-ids.ts';

/**
 * Beyond this many events an incident no longer keeps every id: what comes later than its last event is new. Nor does it keep more
 * actors, addresses or entities.
 */
export const MAX_IDS = 5000;

export interface Incident {
  /** The highest of `ratings`. */
  severity: Severity;
  /** How bad each rule found each source. */
  readonly ratings: Map<string, Rating>;
  /** The signal that names the incident. */
  primary: Signal;
  readonly rules: Set<RuleId>;
  /** What the rules said, each once however much it grew: rule and names, without numbers. */
  readonly tellings: Set<string>;
  first: SeenEvent;
  last: SeenEvent;
  eventCount: number;
  score: number | undefined;
  /** Whom it is about. */
  readonly actorIds: Set<string>;
  /** Those of them who did more than fail at a second factor. */
  readonly insideIds: Set<string>;
  /** Who stands in the events as the actor: a search by actor finds these. Undefined stands for nobody. */
  readonly eventActorIds: Set<string | undefined>;
  readonly addresses: Set<string>;
  /** What the events were done to; undefined stands for nothing. */
  readonly entityIds: Set<string | undefined>;
  readonly eventKeys: Set<string>;
  /** True where some event had no address, so that a search by address would miss it. */
  addressMissing: boolean;
  readonly hosts: Set<string>;
  readonly ids: Set<string>;
  /** Keys under which the open incident can be found. */
  readonly links: Set<string>;
}

interface Rating {
  readonly severity: Severity;
  /** It stays low, whatever the rule said or will say. */
  readonly takenBack: boolean;
}

export type Names = (a: Signal, b: Signal) => boolean;

/** How many events a signal is about. */
export const sizeOf = ({ size, events }: Signal): number => size ?? events.length;

export const severityRank = (severity: Severity): number => SEVERITIES.indexOf(severity);

function isLater(a: SeenEvent, b: SeenEvent): boolean {
  return a.timeMs > b.timeMs || (a.timeMs === b.timeMs && a.id > b.id);
}

function addUpTo<T>(set: Set<T>, value: T | undefined): void {
  if (value !== undefined && set.size < MAX_IDS) set.add(value);
}

function addEvent(incident: Incident, seen: SeenEvent, isAbout: boolean): void {
  if (incident.ids.has(seen.id)) return;
  const full = incident.ids.size >= MAX_IDS;
  if (full && !isLater(seen, incident.last)) return;
  if (!full) incident.ids.add(seen.id);
  incident.eventCount += 1;
  if (isLater(incident.first, seen)) incident.first = seen;
  if (isLater(seen, incident.last)) incident.last = seen;
  if (isAbout) addUpTo(incident.actorIds, seen.actorId);
  if (isAbout && seen.key !== 'user_2fa_fail') addUpTo(incident.insideIds, seen.actorId);
  if (incident.eventActorIds.size < MAX_IDS) incident.eventActorIds.add(seen.actorId);
  addUpTo(incident.addresses, seen.address);
  if (incident.entityIds.size < MAX_IDS) incident.entityIds.add(seen.event.entity_id || undefined);
  addUpTo(incident.hosts, seen.networks?.host);
  incident.eventKeys.add(seen.key);
  incident.addressMissing ||= seen.address === undefined;
}

function tellingOf({ rule, facts }: Signal): string {
  const names = Object.entries(facts).filter(([, fact]) => typeof fact === 'string' && !fact.endsWith('+'));
  return `${rule} ${JSON.stringify(names)}`;
}

/** How many things the rule said, other than that the same has grown. */
export function tellingsBy({ tellings }: Incident, rule: RuleId): number {
  return [...tellings].filter((telling) => telling.startsWith(`${rule} `)).length;
}

function ratingKey(incident: Incident, { rule, events }: Signal): string {
  const key = `${rule}|${events.at(-1)?.networks?.host ?? ''}`;
  return incident.ratings.has(key) || incident.ratings.size < MAX_IDS ? key : rule;
}

function rate(incident: Incident, key: string, rating: Rating): void {
  const before = incident.ratings.get(key) ?? rating;
  const takenBack = before.takenBack || rating.takenBack;
  const worse = severityRank(before.severity) > severityRank(rating.severity) ? before : rating;
  incident.ratings.set(key, { severity: takenBack ? 'low' : worse.severity, takenBack });
  // Only what is taken back can bring the whole down, and then all the others decide.
  const all = takenBack ? [...incident.ratings.values()] : [worse, incident];
  incident.severity = all.reduce<Severity>(
    (worst, { severity }) => (severityRank(severity) > severityRank(worst) ? severity : worst),
    'low',
  );
}

/** Adds what `signal` says; `names(a, b)` tells whether `a` rather than `b` names the incident. */
export function addSignal(incident: Incident, signal: Signal, names: Names): void {
  for (const seen of signal.events) addEvent(incident, seen, signal.actorIds === undefined);
  for (const actorId of signal.actorIds ?? []) addUpTo(incident.actorIds, actorId);
  incident.rules.add(signal.rule);
  addUpTo(incident.tellings, tellingOf(signal));
  rate(incident, ratingKey(incident, signal), { severity: signal.severity, takenBack: signal.takesBack ?? false });
  if (signal.score !== undefined) incident.score = Math.max(signal.score, incident.score ?? -Infinity);
  const { primary } = incident;
  const corrects = signal.takesBack === true && ratingKey(incident, signal) === ratingKey(incident, primary);
  if (corrects || names(signal, primary)) incident.primary = grown(signal, primary);
}

/** `signal` with the beginning that an earlier signal of its rule told, where it tells only how large the same has grown. */
function grown(signal: Signal, before: Signal): Signal {
  const isTold = signal.size === undefined || signal.events.length >= signal.size;
  if (isTold || before.rule !== signal.rule) return signal;
  return { ...signal, events: [...before.events.slice(0, 1), ...signal.events] };
}

/** An incident that holds nothing yet but its first signal's name. */
export function newIncident(signal: Signal, first: SeenEvent): Incident {
  return {
    severity: 'low',
    ratings: new Map(),
    primary: signal,
    rules: new Set(),
    tellings: new Set(),
    first,
    last: first,
    eventCount: 0,
    score: undefined,
    actorIds: new Set(),
    insideIds: new Set(),
    eventActorIds: new Set(),
    addresses: new Set(),
    entityIds: new Set(),
    eventKeys: new Set(),
    addressMissing: false,
    hosts: new Set(),
    ids: new Set(),
    links: new Set(),
  };
}

/** Adds all of `other`; an event of both counts once. */
export function absorb(into: Incident, other: Incident, names: Names): void {
  const seenBefore = [...other.ids].filter((id) => into.ids.has(id)).length;
  into.eventCount += other.eventCount - seenBefore;
  for (const id of other.ids) if (into.ids.size < MAX_IDS) into.ids.add(id);
  for (const value of other.actorIds) addUpTo(into.actorIds, value);
  for (const value of other.insideIds) addUpTo(into.insideIds, value);
  for (const value of other.eventActorIds) into.eventActorIds.add(value);
  for (const value of other.addresses) addUpTo(into.addresses, value);
  for (const value of other.entityIds) into.entityIds.add(value);
  for (const value of other.hosts) addUpTo(into.hosts, value);
  for (const value of other.eventKeys) into.eventKeys.add(value);
  for (const value of other.rules) into.rules.add(value);
  for (const value of other.tellings) addUpTo(into.tellings, value);
  into.addressMissing ||= other.addressMissing;
  if (isLater(into.first, other.first)) into.first = other.first;
  if (isLater(other.last, into.last)) into.last = other.last;
  for (const [key, rating] of other.ratings) rate(into, key, rating);
  if (other.score !== undefined) into.score = Math.max(other.score, into.score ?? -Infinity);
  if (names(other.primary, into.primary)) into.primary = other.primary;
}
