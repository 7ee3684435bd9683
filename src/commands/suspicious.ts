// Owns the command `suspicious`: the report of suspicious logins for a person or, as JSON, for a script.
import { z } from 'zod';
import { SEVERITIES } from '../detect/detector.ts';
import { callTool, type Command } from './command.ts';
import { EXIT } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';
import { WORDS } from './words.ts';
import type { Lang } from '../text/lang.ts';

const reportSchema = z.object({
  window: z.object({ start_time: z.string(), end_time: z.string() }),
  coverage: z.object({ complete: z.boolean(), stopped_by: z.string() }),
  notes: z.array(z.string()),
  totals: z.object({ logins: z.number(), failed_2fa: z.number(), actors: z.number(), ip_addresses: z.number() }),
  findings: z.array(
    z.object({
      title: z.string(),
      severity: z.enum(SEVERITIES),
      actor_ids: z.array(z.string()),
      ip_addresses: z.array(z.string()),
      first_at: z.string(),
      last_at: z.string(),
      evidence: z.object({ event_ids: z.array(z.string()) }),
      why: z.string(),
      benign: z.array(z.string()),
    }),
  ),
  omitted_findings: z.number(),
  not_observable: z.array(z.string()),
  actors: z.record(z.string(), z.object({ name: z.string() })).optional(),
});
type Report = z.output<typeof reportSchema>;
type Words = (typeof WORDS)[Lang];

function printFinding(finding: Report['findings'][number], actors: Report['actors'], terminal: Terminal, words: Words) {
  // A name that holds a comma and a number must not read like two people.
  const people = finding.actor_ids.map((id) => (actors?.[id] ? `${id} ${JSON.stringify(actors[id].name)}` : id));
  const line = (name: string, text: string): void => {
    if (text !== '') terminal.out(`    ${terminal.paint('dim', `${name}:`)} ${text}`);
  };
  terminal.out('');
  terminal.out(
    `${terminal.paint(finding.severity, finding.severity.toUpperCase())}  ${terminal.paint('bold', finding.title)}`,
  );
  line(words.who, people.join(', '));
  line(words.from, finding.ip_addresses.join(', '));
  line(
    words.when,
    finding.first_at === finding.last_at ? finding.first_at : `${finding.first_at} – ${finding.last_at}`,
  );
  line(words.why, finding.why);
  line(words.harmless, finding.benign.join('; '));
  line(words.evidence, finding.evidence.event_ids.join(', '));
}

function printReport(report: Report, terminal: Terminal, words: Words): void {
  const { window, totals, findings, coverage, notes } = report;
  terminal.out(`${words.window}: ${window.start_time} – ${window.end_time}`);
  terminal.out(words.totals(totals.logins, totals.failed_2fa, totals.actors, totals.ip_addresses));
  terminal.out(words.findings(findings.length, report.omitted_findings));
  for (const finding of findings) printFinding(finding, report.actors, terminal, words);
  terminal.out('');
  terminal.out(coverage.complete ? words.complete : terminal.paint('high', words.partial(coverage.stopped_by)));
  for (const note of notes) terminal.out(terminal.paint('dim', note));
  terminal.out(terminal.paint('dim', `${words.notObservable}:`));
  for (const blindSpot of report.not_observable) terminal.out(terminal.paint('dim', `  · ${blindSpot}`));
}

export const suspiciousCommand: Command = async (run) => {
  const { input, json } = run.config.command;
  const { structured } = await callTool(run, 'find_suspicious_logins', input);
  const report = reportSchema.parse(structured);
  if (json === true) run.terminal.out(JSON.stringify(structured, undefined, 2));
  else printReport(report, run.terminal, WORDS[run.config.lang]);
  if (report.findings.some(({ severity }) => severity === 'high' || severity === 'critical')) return EXIT.severe;
  return report.coverage.complete ? EXIT.done : EXIT.partial;
};
