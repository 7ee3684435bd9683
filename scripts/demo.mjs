// The main job on the embedded simulator, as a person would want to read it: a real MCP client starts the built server.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { styleText } from 'node:util';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const server = join(root, 'dist', 'main.js');
const colour = process.stdout.isTTY && !process.env.NO_COLOR && !process.env.CI;
const paint = (style, text) => (colour ? styleText(style, text) : text);
const say = (text = '') => process.stdout.write(`${text}\n`);
const heading = (question, tool) => say(`\n${paint('bold', `» ${question}`)}  ${paint('dim', `[${tool}]`)}`);
const SEVERITY_STYLE = { critical: 'red', high: 'red', medium: 'yellow', low: 'dim' };

const exportDir = await mkdtemp(join(tmpdir(), 'pachca-audit-demo-'));
const transport = new StdioClientTransport({
  command: process.execPath,
  args: [server, '--demo', '--export-dir', exportDir],
  // Its calls do not belong into the journal of the real log.
  env: { XDG_DATA_HOME: exportDir },
  stderr: 'pipe',
});
// The server's log: of interest only where the demonstration fails.
let serverLog = '';
transport.stderr.on('data', (chunk) => (serverLog += chunk));
const client = new Client({ name: 'pachca-audit-demo', version: '1.0.0' });

async function call(name, args = {}, options = {}) {
  const result = await client.callTool({ name, arguments: args }, options);
  if (result.isError) throw new Error(result.content.map((part) => part.text).join('\n'));
  return result.structuredContent;
}

const nameOf = (actors, id) => actors?.[id]?.name ?? id;
const dim = (text) => paint('dim', text);
const count = (number, noun) => `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
/** `24 Nov 21:41` */
const shortTime = (time) => {
  const [, month, day, clock] = /^\d{4}-(\d\d)-(\d\d)T(\d\d:\d\d)/.exec(time);
  return `${day} ${new Date(2000, month - 1).toLocaleString('en', { month: 'short' })} ${clock}`;
};

function showCoverage({ coverage, notes }) {
  const state = coverage.complete
    ? 'everything in the window was read'
    : coverage.stopped_by === 'limit'
      ? 'more on the next page'
      : `PARTIAL: ${coverage.stopped_by}`;
  say(
    dim(
      `  ${count(coverage.events_scanned, 'event')} read with ${count(coverage.requests, 'request')}; ${state}. Notes that came with the answer:`,
    ),
  );
  for (const note of notes) say(dim(`  · ${note}`));
}

async function showAccess() {
  heading('Can the log be read?', 'check_access');
  const access = await call('check_access');
  const yesNo = (value) => (value ? paint('green', 'yes') : paint('red', 'no'));
  say(`  Audit log: ${yesNo(access.can_read_audit_log)} · names of people: ${yesNo(access.can_resolve_users)}`);
  if (access.surplus_scopes?.length > 0) {
    say(`  Scopes that this token does not need here: ${access.surplus_scopes.join(', ')}`);
  }
  for (const { message, hint } of access.problems) say(`  ${paint('red', message)} ${hint}`);
}

async function showEvents() {
  heading('What happened last?', 'list_audit_events');
  const list = await call('list_audit_events', { limit: 6 });
  for (const row of list.rows) {
    const [, time, key, actor, entity, ip, client_] = row;
    const more = [entity === 'self' ? '' : entity, ip, client_].filter(Boolean).join(' · ');
    say(`  ${shortTime(time)}  ${key.padEnd(22)} ${nameOf(list.actors, actor).padEnd(20)} ${dim(more)}`);
  }
  showCoverage(list);
}

async function showDeletions() {
  heading('Who deleted messages in the last week?', 'aggregate_audit_events');
  const question = { start_time: 'now-7d', event_keys: ['message_deleted'], group_by: ['actor'], top: 3 };
  const {
    groups,
    actors,
    total_events: total,
    omitted_groups: others,
  } = await call('aggregate_audit_events', question);
  for (const { key, events } of groups) say(`  ${String(events).padStart(4)}  ${nameOf(actors, key.actor)}`);
  say(dim(`  ${count(total, 'deletion')} in all; ${others} more people with fewer.`));
}

function showFinding(finding, actors) {
  const { severity, title, actor_ids: ids, ip_addresses: addresses, first_at: first, last_at: last } = finding;
  const people = ids.slice(0, 3).map((id) => nameOf(actors, id));
  const more = ids.length > 3 ? ` and ${ids.length - 3} more` : '';
  const times = [...new Set([first, last].map(shortTime))].join(' – ');
  say(
    `  ${paint(SEVERITY_STYLE[severity], severity.toUpperCase().padEnd(8))} ${paint('bold', title)}: ${people.join(', ')}${more}`,
  );
  say(dim(`           ${times} · ${addresses.slice(0, 3).join(', ')} · evidence ${finding.evidence.event_ids[0]}`));
  say(`           ${finding.why}`);
  say(dim(`           Harmless if: ${finding.benign.join('; ')}`));
}

async function showSuspicious() {
  heading('Were there suspicious logins in the last week?', 'find_suspicious_logins');
  const report = await call('find_suspicious_logins', { start_time: 'now-7d' });
  const { totals, findings, actors, not_observable: hidden } = report;
  say(
    `  ${count(totals.logins, 'login')} and ${count(totals.failed_2fa, 'failed second factor')} of ${totals.actors} people, judged against the ${report.baseline.logins.toLocaleString('en')} logins before them`,
  );
  const [told, minor] = [
    findings.filter(({ severity }) => severity !== 'low'),
    findings.filter(({ severity }) => severity === 'low'),
  ];
  for (const finding of told) showFinding(finding, actors);
  if (minor.length > 0) {
    const names = minor.map(({ title, actor_ids: [id] }) => `${title} (${nameOf(actors, id)})`);
    say(`  ${dim(`LOW      ${[...new Set(names)].join(' · ')}`)}`);
  }
  if (findings.length === 0) say('  none');
  showCoverage(report);
  say(dim(`  · What this log cannot show: ${hidden.map((text) => text.split(':')[0].replace(/\.$/, '')).join('; ')}.`));
  return findings.length;
}

/** On a terminal a bar that moves; in a file, every quarter. */
function progressOf(stream) {
  let quarter = 0;
  return ({ progress, total }) => {
    const share = progress / total;
    if (stream.isTTY && colour) {
      const done = Math.floor(share * 40);
      stream.write(`\r  ${'█'.repeat(done)}${'░'.repeat(40 - done)} ${Math.floor(share * 100)} % `);
    } else if (Math.floor(share * 4) > quarter) {
      quarter = Math.floor(share * 4);
      say(dim(`  ${quarter * 25} %`));
    }
  };
}

async function showExport() {
  heading('Save the last seven days to a file.', 'export_audit_window');
  const onprogress = progressOf(process.stdout);
  let exported = await call('export_audit_window', { start_time: 'now-7d' }, { onprogress });
  while (exported.status === 'running') {
    say(`  still running: ${Math.floor(100 * exported.progress.fraction)} %`);
    exported = await call('export_audit_window', exported.resume_with, { onprogress });
  }
  if (process.stdout.isTTY && colour) process.stdout.write('\r\u001B[K');
  const { file, manifest_path: manifestPath } = exported;
  say(`  ${count(file.events, 'event')}, ${count(file.bytes, 'byte')}, oldest first: ${file.path}`);
  say(dim(`  sha256 ${file.sha256}; counts by kind and by day are in the manifest beside it`));
  return { filePath: file.path, manifestPath };
}

async function showVerified({ filePath, manifestPath }) {
  heading('Is the file what was read?', 'pachca-audit-mcp verify');
  const verify = () => {
    const { status, stdout } = spawnSync(process.execPath, [server, 'verify', manifestPath], { encoding: 'utf8' });
    return { status, lines: stdout.trim().split('\n').slice(2) };
  };
  const intact = verify();
  say(`  ${paint(intact.status === 0 ? 'green' : 'red', intact.lines.join(' '))}`);
  const original = await readFile(filePath);
  const forged = Buffer.from(original);
  forged[1000] ^= 1;
  await writeFile(filePath, forged);
  const broken = verify();
  await writeFile(filePath, original);
  say(`  With one bit of it changed: ${broken.lines.join(' ').replaceAll(/\s+/g, ' ')} (exit code ${broken.status})`);
  if (intact.status !== 0 || broken.status === 0) throw new Error('verify does not tell a good file from a bad one');
}

try {
  const startedAt = performance.now();
  say(paint('bold', 'The audit log of a made-up company, asked as an AI agent asks it: no token, no network.'));
  await client.connect(transport);
  const { tools } = await client.listTools();
  say(dim(`The server runs; over MCP it offers ${tools.map(({ name }) => name).join(', ')}.`));
  await showAccess();
  await showEvents();
  await showDeletions();
  const found = await showSuspicious();
  await showVerified(await showExport());
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  say(
    `\n${paint('green', 'Done')} in ${seconds} seconds. Your own log: "Set-up with a token" in README.md. The files of this demonstration: ${exportDir}`,
  );
  if (found === 0) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`${serverLog}The demonstration failed: ${error.message}\n`);
  process.exitCode = 1;
} finally {
  await client.close();
}
