// The main job on the embedded simulator, as a person would want to read it: a real MCP client starts the built server.
import { mkdtemp } from 'node:fs/promises';
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
const heading = (question, tool) => say(`\n${paint('bold', `» ${question}`)}  ${paint('dim', tool)}`);
const SEVERITY_STYLE = { critical: 'red', high: 'red', medium: 'yellow', low: 'dim' };

const exportDir = await mkdtemp(join(tmpdir(), 'pachca-audit-demo-'));
const transport = new StdioClientTransport({
  command: process.execPath,
  args: [server, '--demo', '--export-dir', exportDir],
  stderr: 'inherit',
});
const client = new Client({ name: 'pachca-audit-demo', version: '1.0.0' });

async function call(name, args = {}, options = {}) {
  const result = await client.callTool({ name, arguments: args }, options);
  if (result.isError) throw new Error(result.content.map((part) => part.text).join('\n'));
  return result.structuredContent;
}

const nameOf = (actors, id) => actors?.[id]?.name ?? id;

function showCoverage({ coverage, notes }) {
  const state = coverage.complete
    ? 'everything in the window was read'
    : coverage.stopped_by === 'limit'
      ? 'more on the next page'
      : `PARTIAL: ${coverage.stopped_by}`;
  say(paint('dim', `  ${coverage.events_scanned} events, ${coverage.requests} requests; ${state}`));
  for (const note of notes) say(paint('dim', `  note: ${note}`));
}

async function showAccess() {
  heading('Can the log be read?', 'check_access');
  const access = await call('check_access');
  say(
    `  Log: ${access.can_read_audit_log ? 'yes' : 'no'}   names: ${access.can_resolve_users ? 'yes' : 'no'}   source: ${access.source} (${access.api_url})`,
  );
}

async function showEvents() {
  heading('What happened in the last 24 hours?', 'list_audit_events');
  const list = await call('list_audit_events', { limit: 8 });
  for (const row of list.rows) {
    const [, time, key, actor, entity, ip, client_] = row;
    say(
      `  ${time}  ${key.padEnd(24)} ${nameOf(list.actors, actor)} ${paint('dim', [entity === 'self' ? '' : entity, ip, client_].filter(Boolean).join(' · '))}`,
    );
  }
  showCoverage(list);
}

async function showSuspicious() {
  heading('Were there suspicious logins in the last week?', 'find_suspicious_logins');
  const report = await call('find_suspicious_logins', { start_time: 'now-7d' });
  const { totals, findings } = report;
  say(
    `  ${totals.logins} logins, ${totals.failed_2fa} failed second factors, ${totals.actors} people, ${totals.ip_addresses} addresses`,
  );
  for (const finding of findings) {
    say(
      `  ${paint(SEVERITY_STYLE[finding.severity], finding.severity.toUpperCase().padEnd(8))} ${finding.title}: ${finding.actor_ids
        .slice(0, 3)
        .map((id) => nameOf(report.actors, id))
        .join(', ')}`,
    );
    say(`           ${finding.why}`);
  }
  if (findings.length === 0) say('  none');
  showCoverage(report);
  return findings.length;
}

async function showExport() {
  heading('Save the last seven days to a file.', 'export_audit_window');
  const onprogress = ({ progress, total }) => {
    if (process.stderr.isTTY) process.stderr.write(`\r  ${Math.floor((100 * progress) / total)} % `);
  };
  let exported = await call('export_audit_window', { start_time: 'now-7d', compression: 'gzip' }, { onprogress });
  while (exported.status === 'running') {
    say(`  still running: ${Math.floor(100 * exported.progress.fraction)} %`);
    exported = await call('export_audit_window', exported.resume_with, { onprogress });
  }
  if (process.stderr.isTTY) process.stderr.write('\r');
  say(`  ${exported.file.events} events, ${exported.file.bytes} bytes: ${exported.file.path}`);
  say(`  sha256 ${exported.file.sha256}`);
  return exported.manifest_path;
}

function showVerified(manifestPath) {
  heading('Is the file what was read?', 'pachca-audit-mcp verify');
  const verified = spawnSync(process.execPath, [server, 'verify', manifestPath], { encoding: 'utf8' });
  for (const line of verified.stdout.trim().split('\n')) say(`  ${line}`);
  if (verified.status !== 0) throw new Error(verified.stderr);
}

try {
  say(paint('bold', 'pachca-audit-mcp: a demonstration on a made-up company (no token, no network)'));
  await client.connect(transport);
  const { tools } = await client.listTools();
  say(`  server started over stdio; tools: ${tools.map(({ name }) => name).join(', ')}`);
  await showAccess();
  await showEvents();
  const found = await showSuspicious();
  showVerified(await showExport());
  say(
    `\n${paint('green', 'Done.')} The same server in your client: see "Set-up with a token" in README.md. Files: ${exportDir}`,
  );
  if (found === 0) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`The demonstration failed: ${error.message}\n`);
  process.exitCode = 1;
} finally {
  await client.close();
}
