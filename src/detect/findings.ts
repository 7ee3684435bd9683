// Owns the turning of incidents into findings: words, evidence, a stable id, and the order of an answer.
import { createHash } from 'node:crypto';
import { ATTACK_VERSION, type Finding, type NextStep, type SeenEvent } from './detector.ts';
import { MAX_IDS, severityRank, tellingsBy, type Incident } from './incident.ts';
import type { RuleId } from './rule-ids.ts';
import { fill, wordingOf } from './wording.ts';
import { CUT_LISTS, ONE_OF_SEVERAL } from './wording-shared.ts';
import type { Lang } from '../text/lang.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

export interface FindingOptions {
  readonly lang: Lang;
  /** Rules in the order of telling. */
  readonly order: readonly RuleId[];
  readonly techniquesOf: (rule: RuleId) => readonly string[];
  /** Tools that `next` may name. */
  readonly tools: readonly string[];
  /** Whom the question is about: a list that is cut has them. */
  readonly aboutActorId?: string;
}

/** Lists in an answer stay readable. */
const MAX_LISTED = 50;

/** Whole seconds, as windows are. */
function secondsFloor(timeMs: number): string {
  return new Date(Math.floor(timeMs / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

function idOf(incident: Incident): string {
  const identity = `${incident.primary.rule}|${incident.first.id}`;
  return createHash('sha256').update(identity).digest('hex').slice(0, 12);
}

/** The first and the last event of the signal that names the incident: how it began and what decided. The query has the rest. */
function evidenceIds(incident: Incident): string[] {
  const deciding: readonly SeenEvent[] = incident.primary.events;
  const ids = [deciding[0] ?? incident.first, ...deciding.slice(-1)].map((seen) => seen.id);
  return [...new Set(ids)];
}

/** What all events of the incident share, so that a search by it misses none. */
function subjectOf(incident: Incident): Record<string, string> {
  const [actorId, ...otherActors] = incident.eventActorIds;
  const [address, ...otherAddresses] = incident.addresses;
  const [entityId, ...otherEntities] = incident.entityIds;
  const isOnePersons = actorId !== undefined && otherActors.length === 0;
  return {
    ...(isOnePersons ? { actor: actorId } : {}),
    // One person's events are few; those of several share at most what was done to whom.
    ...(!isOnePersons && entityId !== undefined && otherEntities.length === 0 ? { entity_id: entityId } : {}),
    ...(address !== undefined && otherAddresses.length === 0 && !incident.addressMissing
      ? { ip_address: address }
      : {}),
  };
}

/** What to look at now: the person, from an hour before until now; without one person, what came from the address. */
function nextSteps(incident: Incident, tools: readonly string[]): NextStep[] {
  const { ip_address } = { ip_address: '', ...subjectOf(incident) };
  const [actor, ...otherActors] = incident.actorIds;
  const start_time = secondsFloor(incident.first.timeMs - HOUR_MS);
  // Closed where the API cannot filter: everything in the window is scanned.
  const end_time = secondsFloor(incident.last.timeMs + DAY_MS);
  const steps: NextStep[] = [];
  if (actor !== undefined && otherActors.length === 0) {
    // The investigation has a list of its own.
    const tool = tools.includes('investigate_actor') ? 'investigate_actor' : 'list_audit_events';
    steps.push({ tool, arguments: { actor, start_time } });
  } else if (ip_address !== '') {
    steps.push({ tool: 'list_audit_events', arguments: { ip_address, start_time, end_time } });
  }
  return steps.filter((step) => tools.includes(step.tool));
}

interface Listed {
  readonly ids: string[];
  /** What the list leaves out, in words; none where it is whole. */
  readonly cut: readonly string[];
}

/** `first` are in the list whatever is cut. */
function listed(field: keyof typeof CUT_LISTS, all: ReadonlySet<string>, first: readonly string[], lang: Lang): Listed {
  if (all.size <= MAX_LISTED) return { ids: [...all], cut: [] };
  const ids = [...new Set([...first.filter((id) => all.has(id)), ...all])].slice(0, MAX_LISTED);
  const told = all.size < MAX_IDS ? all.size : `${MAX_IDS}+`;
  return { ids, cut: [fill(CUT_LISTS[field][lang], { listed: MAX_LISTED, all: told }, lang)] };
}

function findingOf(incident: Incident, options: FindingOptions): Finding {
  const { lang } = options;
  const { primary } = incident;
  const wording = wordingOf(primary.rule);
  const rules = options.order.filter((rule) => incident.rules.has(rule));
  const extras = (primary.extras ?? []).map((name) => wording.extras?.[name]?.[lang] ?? '');
  const first = [...(options.aboutActorId === undefined ? [] : [options.aboutActorId]), ...incident.insideIds];
  const actors = listed('actor_ids', incident.actorIds, first, lang);
  const addresses = listed('ip_addresses', incident.addresses, [], lang);
  const count = tellingsBy(incident, primary.rule);
  const others = count > 1 ? [fill(ONE_OF_SEVERAL[lang], { count }, lang)] : [];
  return {
    id: idOf(incident),
    rule: primary.rule,
    also: rules.filter((rule) => rule !== primary.rule),
    title: wording.title[lang],
    severity: incident.severity,
    ...(incident.score === undefined ? {} : { score: Math.round(incident.score * 10) / 10 }),
    actor_ids: actors.ids,
    ip_addresses: addresses.ids,
    first_at: new Date(incident.first.timeMs).toISOString(),
    last_at: new Date(incident.last.timeMs).toISOString(),
    event_count: incident.eventCount,
    evidence: {
      event_ids: evidenceIds(incident),
      query: {
        start_time: secondsFloor(incident.first.timeMs),
        end_time: secondsFloor(incident.last.timeMs + 1000),
        event_keys: [...incident.eventKeys].toSorted(),
        ...subjectOf(incident),
      },
    },
    why: [wording.why[lang], ...extras]
      .filter((sentence) => sentence !== '')
      .map((sentence) => fill(sentence, primary.facts, lang))
      .concat(others, actors.cut, addresses.cut)
      .join(' '),
    benign: [...wording.benign[lang]],
    // Of the rule that names the incident: those of `also` stand in the catalogue.
    attack: options.techniquesOf(primary.rule).map((technique) => ({ technique, version: ATTACK_VERSION })),
    next: nextSteps(incident, options.tools),
  };
}

/** What decides where a finding stands. */
export type FindingPlace = Pick<Finding, 'severity' | 'last_at' | 'id'>;

/** By severity, then newest, then id. */
export function compareFindings(a: FindingPlace, b: FindingPlace): number {
  const bySeverity = severityRank(b.severity) - severityRank(a.severity);
  if (bySeverity !== 0) return bySeverity;
  if (a.last_at !== b.last_at) return a.last_at < b.last_at ? 1 : -1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** The findings of an answer, in their order. */
export function findingsOf(incidents: readonly Incident[], options: FindingOptions): Finding[] {
  return incidents.map((incident) => findingOf(incident, options)).toSorted(compareFindings);
}
