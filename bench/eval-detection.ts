// Owns the measurement of detection quality: `npm run eval:detection -- --events FILE --labels FILE [--scores OUT]`.
import { parseArgs } from 'node:util';
import type { Finding } from '../src/detect/detector.ts';
import { judge, readLabelled, writeScores, type Judged, type Label, type Labelled } from './detection/labelled.ts';
import { mean, scoreFigures } from './detection/metrics.ts';

const WEEK_MS = 7 * 86_400_000;
const isAlert = ({ severity }: Finding) => severity !== 'low';
const fixed = (value: number, digits = 3) => (Number.isNaN(value) ? '–' : value.toFixed(digits));

/** Whether the finding names an event of the label, or its evidence query would show one. */
function covers(finding: Finding, label: Label, timeOf: ReadonlyMap<string, string>): boolean {
  if (label.event_ids.some((id) => finding.evidence.event_ids.includes(id))) return true;
  return label.event_ids.some((id) => {
    const [time = '', actorId = ''] = timeOf.get(id)?.split('|') ?? [];
    return finding.first_at <= time && time <= finding.last_at && finding.actor_ids.includes(actorId);
  });
}

interface RuleFigures {
  readonly kind: string;
  readonly incidents: number;
  readonly found: number;
}

function ruleFigures(data: Labelled, findings: readonly Finding[]): { kinds: RuleFigures[]; falseAlerts: Finding[] } {
  const timeOf = new Map(data.events.map((event) => [event.id, `${event.created_at}|${event.actor_id ?? ''}`]));
  const alerts = findings.filter(isAlert);
  const covered = new Set<Finding>();
  const byKind = new Map<string, { incidents: number; found: number }>();
  for (const label of data.labels) {
    const figures = byKind.get(label.kind) ?? { incidents: 0, found: 0 };
    byKind.set(label.kind, figures);
    const hits = alerts.filter((finding) => covers(finding, label, timeOf));
    for (const finding of hits) covered.add(finding);
    figures.incidents += 1;
    if (hits.length > 0) figures.found += 1;
  }
  return {
    kinds: [...byKind].map(([kind, figures]) => ({ kind, ...figures })),
    falseAlerts: alerts.filter((finding) => !covered.has(finding)),
  };
}

function printRules(data: Labelled, judged: Judged): void {
  const { kinds, falseAlerts } = ruleFigures(data, judged.findings);
  const alerts = judged.findings.filter(isAlert);
  const perWeek = (count: number) => (count / judged.actors) * 1000 * (WEEK_MS / judged.windowMs);
  console.log('\nRules, findings of medium severity and above');
  for (const { kind, incidents, found } of kinds) {
    console.log(`  ${kind.padEnd(28)} recall ${fixed(found / incidents)} (${found} of ${incidents})`);
  }
  const precision = alerts.length === 0 ? Number.NaN : 1 - falseAlerts.length / alerts.length;
  console.log(`  precision ${fixed(precision)} (${alerts.length} findings, ${falseAlerts.length} on benign events)`);
  console.log(
    `  per 1,000 users and week: ${fixed(perWeek(alerts.length), 1)}, benign ${fixed(perWeek(falseAlerts.length), 1)}`,
  );
  const rules = new Map<string, number>();
  for (const { rule, severity } of falseAlerts)
    rules.set(`${rule} ${severity}`, (rules.get(`${rule} ${severity}`) ?? 0) + 1);
  if (rules.size > 0)
    console.log(`  benign by rule: ${[...rules].map(([rule, count]) => `${rule} ${count}`).join(', ')}`);
}

function printScores(judged: Judged): void {
  const benign = judged.logins.filter(({ kind }) => kind === undefined);
  const kinds = [...new Set(judged.logins.flatMap(({ kind }) => (kind === undefined ? [] : [kind])))];
  type Score = (login: Judged['logins'][number]) => number;
  const scores: (readonly [string, Score])[] = [
    ['login risk', ({ risk }) => risk.total],
    // Where what-if logins stand right beside real ones, pace flatters: this line shows the score without it.
    ['login risk without pace', ({ risk }) => risk.total - risk.parts.pace],
    ...Object.keys(judged.logins[0]?.rivals ?? {}).map(
      (name) => [name, ({ rivals }: Judged['logins'][number]) => rivals[name] ?? 0] as const,
    ),
  ];
  console.log(`\nScores, ${benign.length} benign logins after the warm-up: AUC / TPR at 1% FPR / TPR at 5% FPR`);
  for (const [name, score] of scores) {
    const figures = kinds.map((kind) =>
      scoreFigures(judged.logins.filter((login) => login.kind === kind).map(score), benign.map(score)),
    );
    const cells = figures.map(({ auc, tpr1, tpr5 }, index) => {
      return `${(kinds[index] ?? '').slice(0, 8)} ${fixed(auc, 4)}/${fixed(tpr1, 2)}/${fixed(tpr5, 2)}`;
    });
    console.log(`  ${name.padEnd(24)} ${cells.join('  ')}  mean ${fixed(mean(figures.map(({ auc }) => auc)), 4)}`);
  }
}

const { values } = parseArgs({
  options: { events: { type: 'string' }, labels: { type: 'string' }, scores: { type: 'string' } },
});
if (values.events === undefined || values.labels === undefined) {
  console.error('usage: npm run eval:detection -- --events FILE.ndjson[.gz] --labels FILE.json [--scores OUT.json]');
  process.exitCode = 2;
} else {
  const data = readLabelled(values.events, values.labels);
  const judged = judge(data);
  console.log(
    `${data.name}: ${data.events.length} events, ${data.labels.length} labelled incidents, ${judged.actors} actors`,
  );
  printRules(data, judged);
  printScores(judged);
  if (values.scores !== undefined) writeScores(values.scores, judged.logins);
}
