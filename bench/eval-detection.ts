// Owns the measurement of detection quality: `npm run eval:detection -- --events FILE --labels FILE [--scores OUT]`, or
// without files on the simulator's companies, `--seeds 1,2,3`.
import { parseArgs } from 'node:util';
import { companiesOf, companyStream, DEVELOPMENT_SEEDS } from './detection/companies.ts';
import { judge, readLabelled, writeScores, type Judged, type Labelled } from './detection/labelled.ts';
import { printRules, printScores, printSummary } from './detection/print.ts';
import { rulesOf, type RuleResult } from './detection/report.ts';

const USAGE = `usage: npm run eval:detection -- --events FILE.ndjson[.gz] --labels FILE.json [--scores OUT.json]
       npm run eval:detection -- [--seeds 1,11,21] [--verbose]`;

function measure(data: Labelled): { judged: Judged; rules: RuleResult } {
  const judged = judge(data);
  const rules = rulesOf(data, judged);
  console.log(
    `\n# ${data.name}: ${data.events.length} events, ${data.labels.length} incidents, ${judged.actors} actors, ` +
      `${judged.logins.length} logins after 30 days of warm-up`,
  );
  printRules(rules);
  printScores(judged.logins);
  return { judged, rules };
}

function printAlerts(results: readonly RuleResult[]): void {
  for (const { falseAlerts } of results) for (const alert of falseAlerts) console.log(JSON.stringify(alert));
}

const { values } = parseArgs({
  options: {
    events: { type: 'string' },
    labels: { type: 'string' },
    scores: { type: 'string' },
    seeds: { type: 'string', default: DEVELOPMENT_SEEDS.join(',') },
    /** Names every alert on benign events. */
    verbose: { type: 'boolean', default: false },
  },
});
if (values.events !== undefined && values.labels !== undefined) {
  const { judged, rules } = measure(await readLabelled(values.events, values.labels, console.error));
  if (values.scores !== undefined) writeScores(values.scores, judged.logins);
  if (values.verbose) printAlerts([rules]);
} else if (values.events !== undefined || values.labels !== undefined || values.scores !== undefined) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  const seeds = values.seeds.split(',').map(Number);
  const results = seeds.flatMap((seed) =>
    companiesOf(seed).map(({ name, options }) => ({ name, ...measure(companyStream(name, options)) })),
  );
  printSummary(results.map(({ name, rules }) => ({ name, rules })));
  if (values.verbose) printAlerts(results.map(({ rules }) => rules));
}
