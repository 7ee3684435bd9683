// Owns the measurement of detection quality: `npm run eval:detection -- --events FILE --labels FILE [--scores OUT]`, or
// without files on the simulator's companies, `--seeds 1,2,3`.
import { parseArgs } from 'node:util';
import { companiesOf, companyStream } from './detection/companies.ts';
import { judge, readLabelled, writeScores, type Judged, type Labelled } from './detection/labelled.ts';
import { printRules, printScores, printSummary, rulesOf, type RuleResult } from './detection/report.ts';

function measure(data: Labelled): { judged: Judged; rules: RuleResult } {
  const judged = judge(data);
  const rules = rulesOf(data, judged);
  console.log(
    `\n# ${data.name}: ${data.events.length} events, ${data.labels.length} incidents, ${judged.actors} actors`,
  );
  printRules(rules);
  printScores(judged.logins);
  return { judged, rules };
}

const { values } = parseArgs({
  options: {
    events: { type: 'string' },
    labels: { type: 'string' },
    scores: { type: 'string' },
    seeds: { type: 'string', default: '1,11,21' },
    /** Names every alert on benign events. */
    verbose: { type: 'boolean', default: false },
  },
});
if (values.events !== undefined && values.labels !== undefined) {
  const { judged } = measure(readLabelled(values.events, values.labels));
  if (values.scores !== undefined) writeScores(values.scores, judged.logins);
} else if (values.events !== undefined || values.labels !== undefined || values.scores !== undefined) {
  console.error('usage: npm run eval:detection -- --events FILE.ndjson[.gz] --labels FILE.json [--scores OUT.json]');
  process.exitCode = 2;
} else {
  const results = values.seeds
    .split(',')
    .flatMap((seed) => companiesOf(Number(seed)))
    .map(([name, options]) => measure(companyStream(name, options)));
  printSummary(results.map(({ rules }) => rules));
  if (values.verbose)
    for (const { rules } of results) for (const alert of rules.falseAlerts) console.log(JSON.stringify(alert));
}
