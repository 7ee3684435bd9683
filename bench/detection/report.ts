// Owns the figures of rules and scores over labelled streams, and how they are printed.
import type { Finding } from '../../src/detect/detector.ts';
import type { Judged, Label, Labelled, ScoredLogin } from './labelled.ts';
import { mean, scoreFigures } from './metrics.ts';

const WEEK_MS = 7 * 86_400_000;
const isAlert = ({ severity }: Finding): boolean => severity !== 'low';
const fixed = (value: number, digits = 3): string => (Number.isNaN(value) ? '–' : value.toFixed(digits));

interface Place {
  readonly time: string;
  readonly actorId: string;
}

export interface KindResult {
  readonly kind: string;
  readonly incidents: number;
  /** Incidents that a finding of medium severity or above shows. */
  readonly found: number;
}

export interface RuleResult {
  readonly name: string;
  readonly kinds: readonly KindResult[];
  readonly alerts: number;
  readonly falseAlerts: readonly Finding[];
  /** Alerts on the benign stories, by story. */
  readonly stories: readonly (readonly [story: string, alerts: readonly Finding[]])[];
  /** Thousands of users times weeks. */
  readonly exposure: number;
}

/** Whether the finding names an event of the label, or its evidence query would show one. */
function covers(finding: Finding, label: Label, places: ReadonlyMap<string, Place>): boolean {
  return label.event_ids.some((id) => {
    if (finding.evidence.event_ids.includes(id)) return true;
    const place = places.get(id);
    if (place === undefined) return false;
    return finding.first_at <= place.time && place.time <= finding.last_at && finding.actor_ids.includes(place.actorId);
  });
}

/** What the findings are worth against the labels. */
export function rulesOf(data: Labelled, judged: Judged): RuleResult {
  const places = new Map(
    data.events.map((event) => [event.id, { time: event.created_at, actorId: event.actor_id ?? '' }]),
  );
  const alerts = judged.findings.filter(isAlert);
  const covered = new Set<Finding>();
  const kinds = new Map<string, { incidents: number; found: number }>();
  for (const label of data.labels) {
    const figures = kinds.get(label.kind) ?? { incidents: 0, found: 0 };
    kinds.set(label.kind, figures);
    const hits = alerts.filter((finding) => covers(finding, label, places));
    for (const finding of hits) covered.add(finding);
    figures.incidents += 1;
    if (hits.length > 0) figures.found += 1;
  }
  const falseAlerts = alerts.filter((finding) => !covered.has(finding));
  return {
    name: data.name,
    kinds: [...kinds].map(([kind, figures]) => ({ kind, ...figures })),
    alerts: alerts.length,
    falseAlerts,
    stories: (data.benign ?? []).map((story) => [
      story.kind,
      falseAlerts.filter((finding) => finding.evidence.event_ids.some((id) => story.event_ids.includes(id))),
    ]),
    exposure: (judged.actors / 1000) * (judged.windowMs / WEEK_MS),
  };
}

function tally(findings: readonly Finding[]): string {
  const counts = new Map<string, number>();
  for (const { rule, severity } of findings)
    counts.set(`${rule} ${severity}`, (counts.get(`${rule} ${severity}`) ?? 0) + 1);
  return [...counts].map(([name, count]) => `${name} × ${count}`).join(', ');
}

function printFigures(
  kinds: readonly KindResult[],
  alerts: number,
  falseAlerts: readonly Finding[],
  exposure: number,
): void {
  const missed = kinds.filter(({ found, incidents }) => found < incidents);
  const incidents = kinds.reduce((sum, kind) => sum + kind.incidents, 0);
  const found = kinds.reduce((sum, kind) => sum + kind.found, 0);
  if (incidents > 0) console.log(`  recall at medium and above ${fixed(found / incidents)} (${found} of ${incidents})`);
  for (const kind of missed) console.log(`    ${kind.kind.padEnd(28)} ${kind.found} of ${kind.incidents}`);
  const precision = alerts === 0 ? Number.NaN : 1 - falseAlerts.length / alerts;
  console.log(
    `  precision ${fixed(precision)} (${alerts} findings, ${falseAlerts.length} on benign events); ` +
      `per 1,000 users and week ${fixed(alerts / exposure, 1)}, benign ${fixed(falseAlerts.length / exposure, 1)}`,
  );
  if (falseAlerts.length > 0) console.log(`    benign by rule: ${tally(falseAlerts)}`);
}

/** Recall by kind where it is not whole, precision, and the price in alerts. */
export function printRules(result: RuleResult): void {
  printFigures(result.kinds, result.alerts, result.falseAlerts, result.exposure);
  for (const [story, alerts] of result.stories) {
    if (alerts.length > 0) console.log(`    benign story ${story}: ${tally(alerts)}`);
  }
}

/** The same over all streams. */
export function printSummary(results: readonly RuleResult[]): void {
  const kinds = new Map<string, { incidents: number; found: number }>();
  for (const { kind, incidents, found } of results.flatMap((result) => result.kinds)) {
    const sum = kinds.get(kind) ?? { incidents: 0, found: 0 };
    kinds.set(kind, { incidents: sum.incidents + incidents, found: sum.found + found });
  }
  console.log('\n# All companies');
  printFigures(
    [...kinds].map(([kind, figures]) => ({ kind, ...figures })),
    results.reduce((sum, result) => sum + result.alerts, 0),
    results.flatMap((result) => result.falseAlerts),
    results.reduce((sum, result) => sum + result.exposure, 0),
  );
}

type Score = (login: ScoredLogin) => number;

/** AUC and true positives of the score and its rivals, by kind of attack. */
export function printScores(logins: readonly ScoredLogin[]): void {
  const benign = logins.filter(({ kind }) => kind === undefined);
  const kinds = [...new Set(logins.flatMap(({ kind }) => (kind === undefined ? [] : [kind])))].toSorted();
  if (kinds.length === 0) return;
  const scores: (readonly [string, Score])[] = [
    ['login risk', ({ risk }) => risk.total],
    // Where what-if logins stand right beside real ones, pace flatters: this line shows the score without it.
    ['login risk without pace', ({ risk }) => risk.total - risk.parts.pace],
    ...Object.keys(logins[0]?.rivals ?? {}).map(
      (name) => [name, ({ rivals }: ScoredLogin) => rivals[name] ?? 0] as const,
    ),
  ];
  console.log(`  scores, ${benign.length} benign logins: AUC / TPR at 1% FPR / TPR at 5% FPR`);
  console.log(`    ${''.padEnd(24)} ${kinds.map((kind) => kind.slice(0, 14).padEnd(18)).join(' ')} mean AUC`);
  for (const [name, score] of scores) {
    const figures = kinds.map((kind) =>
      scoreFigures(logins.filter((login) => login.kind === kind).map(score), benign.map(score)),
    );
    const cells = figures.map(({ auc, tpr1, tpr5 }) =>
      `${fixed(auc, 4)}/${fixed(tpr1, 2)}/${fixed(tpr5, 2)}`.padEnd(18),
    );
    console.log(`    ${name.padEnd(24)} ${cells.join(' ')} ${fixed(mean(figures.map(({ auc }) => auc)), 4)}`);
  }
}
