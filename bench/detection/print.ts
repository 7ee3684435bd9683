// Owns how the figures of rules and scores are printed.
import type { Finding } from '../../src/detect/detector.ts';
import type { ScoredLogin } from './labelled.ts';
import { mean, scoreFigures } from './metrics.ts';
import { figuresOf, sumOf, type RuleResult } from './report.ts';

const fixed = (value: number | undefined, digits = 3): string =>
  value === undefined || Number.isNaN(value) ? '–' : value.toFixed(digits);

function tally(findings: readonly Finding[]): string {
  const counts = new Map<string, number>();
  for (const { rule, severity } of findings)
    counts.set(`${rule} ${severity}`, (counts.get(`${rule} ${severity}`) ?? 0) + 1);
  return [...counts].map(([name, count]) => `${name} × ${count}`).join(', ');
}

/** Recall overall and by kind, precision, and the price in alerts. */
export function printRules(result: RuleResult): void {
  const figures = figuresOf(result);
  if (result.kinds.length > 0) {
    console.log(`  recall at medium and above ${fixed(figures.recall)} (${figures.found} of ${figures.incidents})`);
    for (const { kind, found, incidents, isLow } of result.kinds) {
      console.log(`    ${kind.padEnd(28)} ${found} of ${incidents}${isLow ? ' (a low kind: not counted)' : ''}`);
    }
  }
  if (result.unjudged > 0) console.log(`    over before the warm-up was, not judged: ${result.unjudged}`);
  console.log(
    `  precision ${fixed(figures.precision)} (${result.alerts} findings, ${result.falseAlerts.length} on benign events); ` +
      `findings per 1,000 users and week ${fixed(figures.alertsPerThousandAndWeek, 1)}, ` +
      `on benign events ${fixed(figures.falseAlertsPerThousandAndWeek, 1)}`,
  );
  if (result.falseAlerts.length > 0) console.log(`    benign by rule: ${tally(result.falseAlerts)}`);
  for (const [story, alerts] of result.stories) {
    if (alerts.length > 0) console.log(`    benign story ${story}: ${tally(alerts)}`);
  }
}

/** All streams together, and those of one name. */
export function printSummary(results: readonly { readonly name: string; readonly rules: RuleResult }[]): void {
  console.log('\n# All companies');
  printRules(sumOf(results.map(({ rules }) => rules)));
  console.log(`  ${''.padEnd(32)} recall  precision  benign findings per 1,000 users and week`);
  for (const name of new Set(results.map((result) => result.name))) {
    const figures = figuresOf(sumOf(results.filter((result) => result.name === name).map(({ rules }) => rules)));
    console.log(
      `  ${name.padEnd(32)} ${fixed(figures.recall).padEnd(7)} ${fixed(figures.precision).padEnd(10)} ` +
        fixed(figures.falseAlertsPerThousandAndWeek, 1),
    );
  }
}

type Score = (login: ScoredLogin) => number;
const HISTORIES = [
  { name: '0-2', least: 0, most: 2 },
  { name: '3-9', least: 3, most: 9 },
  { name: '10+', least: 10, most: Infinity },
] as const;

function printByHistory(logins: readonly ScoredLogin[], kinds: readonly string[]): void {
  const cells = HISTORIES.map(({ name, least, most }) => {
    const some = logins.filter(({ history }) => history >= least && history <= most);
    const benign = some.filter(({ kind }) => kind === undefined).map(({ risk }) => risk.total);
    const aucs = kinds.flatMap((kind) => {
      const attacks = some.filter((login) => login.kind === kind).map(({ risk }) => risk.total);
      return attacks.length === 0 ? [] : [scoreFigures(attacks, benign).auc];
    });
    return `${name}: ${fixed(mean(aucs), 4)} (${some.length - benign.length} attacks, ${benign.length} benign)`;
  });
  console.log(`    login risk, mean AUC by earlier logins  ${cells.join(' · ')}`);
}

/** AUC and true positives of the score and its rivals, by kind of attack. */
export function printScores(logins: readonly ScoredLogin[]): void {
  const benign = logins.filter(({ kind }) => kind === undefined);
  const kinds = [...new Set(logins.flatMap(({ kind }) => (kind === undefined ? [] : [kind])))].toSorted();
  if (kinds.length === 0 || benign.length === 0) return;
  const scores: (readonly [string, Score])[] = [
    ['login risk', ({ risk }) => risk.total],
    // Where what-if logins stand right beside real ones, pace flatters: this line shows the score without it.
    ['login risk without pace', ({ risk }) => risk.total - risk.parts.pace],
    ...Object.keys(logins[0]?.rivals ?? {}).map(
      (name) => [name, ({ rivals }: ScoredLogin) => rivals[name] ?? 0] as const,
    ),
  ];
  const rows = scores.map(([name, score]) => {
    const of = (some: readonly ScoredLogin[]) => some.map(score);
    return {
      name,
      figures: [
        scoreFigures(of(logins.filter(({ kind }) => kind !== undefined)), of(benign)),
        ...kinds.map((kind) => scoreFigures(of(logins.filter((login) => login.kind === kind)), of(benign))),
      ],
    };
  });
  console.log(`  scores, ${benign.length} benign logins: AUC / TPR at 1% FPR / TPR at 5% FPR`);
  console.log(`    ${''.padEnd(24)} ${['overall', ...kinds].map((kind) => kind.slice(0, 17).padEnd(18)).join(' ')}`);
  for (const { name, figures } of rows) {
    const cells = figures.map(({ auc, tpr1, tpr5 }) =>
      `${fixed(auc, 4)}/${fixed(tpr1, 2)}/${fixed(tpr5, 2)}`.padEnd(18),
    );
    console.log(`    ${name.padEnd(24)} ${cells.join(' ')}`);
  }
  printByHistory(logins, kinds);
}
