// Owns the figures of the rules over a labelled stream: what of it the findings show, and what they cost.
import { eventTimeMs } from '../../src/audit/event.ts';
import type { Finding } from '../../src/detect/detector.ts';
import { type Judged, type Label, type Labelled, WARM_UP_MS } from './labelled.ts';

const WEEK_MS = 7 * 86_400_000;
const isAlert = ({ severity }: Finding): boolean => severity !== 'low';

interface Place {
  readonly time: string;
  readonly actorId: string;
}

export interface KindResult {
  readonly kind: string;
  readonly incidents: number;
  /** Incidents that a finding of medium severity or above shows. */
  readonly found: number;
  /** Whether no incident of the kind is meant to be more than low: then it does not count for recall. */
  readonly isLow: boolean;
}

export interface RuleResult {
  readonly kinds: readonly KindResult[];
  /** Incidents that were over before the warm-up was. */
  readonly unjudged: number;
  readonly alerts: number;
  /** Alerts that show no incident. */
  readonly falseAlerts: readonly Finding[];
  /** Alerts on the benign stories, by story. */
  readonly stories: readonly (readonly [story: string, alerts: readonly Finding[]])[];
  /** Thousands of users times weeks. */
  readonly exposure: number;
}

/** Whether the finding names an event of the label, or its span and people hold one. */
export function covers(finding: Finding, label: Label, places: ReadonlyMap<string, Place>): boolean {
  return label.event_ids.some((id) => {
    if (finding.evidence.event_ids.includes(id)) return true;
    const place = places.get(id);
    if (place === undefined) return false;
    return finding.first_at <= place.time && place.time <= finding.last_at && finding.actor_ids.includes(place.actorId);
  });
}

/** When and by whom each event of `data` was, as findings say it. */
export function placesOf(data: Labelled): Map<string, Place> {
  return new Map(
    data.events.map((event) => [
      event.id,
      { time: new Date(eventTimeMs(event)).toISOString(), actorId: event.actor_id ?? '' },
    ]),
  );
}

/** What the findings are worth against the labels. */
export function rulesOf(data: Labelled, judged: Judged): RuleResult {
  const places = placesOf(data);
  const alerts = judged.findings.filter(isAlert);
  const covered = new Set<Finding>();
  const kinds = new Map<string, KindResult>();
  const [first] = data.events;
  const startsAt = first === undefined ? '' : new Date(eventTimeMs(first) + WARM_UP_MS).toISOString();
  const isJudged = ({ event_ids }: Label) => event_ids.some((id) => (places.get(id)?.time ?? '') >= startsAt);
  for (const label of data.labels) {
    const hits = alerts.filter((finding) => covers(finding, label, places));
    for (const finding of hits) covered.add(finding);
    if (!isJudged(label)) continue;
    const { kind } = label;
    const before = kinds.get(kind) ?? { kind, incidents: 0, found: 0, isLow: true };
    kinds.set(kind, {
      kind,
      incidents: before.incidents + 1,
      found: before.found + (hits.length > 0 ? 1 : 0),
      isLow: before.isLow && label.severity === 'low',
    });
  }
  const falseAlerts = alerts.filter((finding) => !covered.has(finding));
  return {
    kinds: [...kinds.values()],
    unjudged: data.labels.filter((label) => !isJudged(label)).length,
    alerts: alerts.length,
    falseAlerts,
    stories: (data.benign ?? []).map((story) => [
      story.kind,
      falseAlerts.filter((finding) => finding.evidence.event_ids.some((id) => story.event_ids.includes(id))),
    ]),
    exposure: (judged.actors / 1000) * (judged.windowMs / WEEK_MS),
  };
}

/** The same over several streams. */
export function sumOf(results: readonly RuleResult[]): RuleResult {
  const kinds = new Map<string, KindResult>();
  for (const { kind, incidents, found, isLow } of results.flatMap((result) => result.kinds)) {
    const sum = kinds.get(kind) ?? { kind, incidents: 0, found: 0, isLow: true };
    kinds.set(kind, {
      kind,
      incidents: sum.incidents + incidents,
      found: sum.found + found,
      isLow: sum.isLow && isLow,
    });
  }
  const add = (count: (result: RuleResult) => number) => results.reduce((sum, result) => sum + count(result), 0);
  return {
    kinds: [...kinds.values()],
    unjudged: add(({ unjudged }) => unjudged),
    alerts: add(({ alerts }) => alerts),
    falseAlerts: results.flatMap((result) => result.falseAlerts),
    stories: results.flatMap((result) => result.stories),
    exposure: add(({ exposure }) => exposure),
  };
}

export interface RuleFigures {
  readonly incidents: number;
  readonly found: number;
  /** Of incidents of kinds that are meant to be medium or above; undefined where there are none. */
  readonly recall: number | undefined;
  /** Share of alerts that show an incident; undefined where there are none. */
  readonly precision: number | undefined;
  readonly alertsPerThousandAndWeek: number;
  readonly falseAlertsPerThousandAndWeek: number;
}

export function figuresOf(result: RuleResult): RuleFigures {
  const grave = result.kinds.filter(({ isLow }) => !isLow);
  const incidents = grave.reduce((sum, kind) => sum + kind.incidents, 0);
  const found = grave.reduce((sum, kind) => sum + kind.found, 0);
  return {
    incidents,
    found,
    recall: incidents === 0 ? undefined : found / incidents,
    precision: result.alerts === 0 ? undefined : 1 - result.falseAlerts.length / result.alerts,
    alertsPerThousandAndWeek: result.alerts / result.exposure,
    falseAlertsPerThousandAndWeek: result.falseAlerts.length / result.exposure,
  };
}
