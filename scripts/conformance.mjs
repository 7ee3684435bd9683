// Runs the official conformance suite for both protocol eras against its fixtures on our own HTTP stack, and the strict
// Inspector on the real server. The suite wants Node 22, whatever runs this.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundleOptions } from './bundle-options.mjs';

const SUITE = '@modelcontextprotocol/conformance@0.2.0-alpha.12';
const INSPECTOR = '@modelcontextprotocol/inspector@2.12.0';
const NODE = 'node@22';
/** Fewer would mean that the suite did not run. */
const MIN_PASSED = 20;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const fixtures = join(root, 'test/support/conformance');
const work = mkdtempSync(join(root, 'node_modules/.conformance-'));
const summaries = [];

/** What only a server that calls its client in the middle of a call can pass: this one is stateless, and asks nothing. */
const EXPECTED_FAILURES = {
  '2026-07-28': [],
  '2025-11-25': [
    'tools-call-sampling',
    'tools-call-elicitation',
    'elicitation-sep1034-defaults',
    'elicitation-sep1330-enums',
  ],
};

function npx(packages, args) {
  const all = ['-y', ...packages.flatMap((one) => ['-p', one]), ...args];
  return spawnSync('npx', all, { cwd: work, encoding: 'utf8', timeout: 300_000 });
}

function report(name, isGood, said) {
  summaries.push(`${isGood ? 'ok    ' : 'FAILED'} ${name}`);
  if (!isGood) console.log(said);
}

/** Runs what a revision requires. A warning is no failure, so the summary is read and not the exit code. */
function runSuite(url, revision) {
  const args = ['conformance', 'server', '--url', url, '--requirements', revision];
  const { stdout, stderr } = npx([NODE, SUITE], args);
  const [, summary = ''] = stdout.split('=== SUMMARY ===');
  const [required = ''] = summary.split('Not scored');
  const passed = [...required.matchAll(/^✓ (\S+):/gmu)];
  const unscored = new Set([...summary.matchAll(/^ {2}✗ (\S+) /gmu)].map(([, name]) => name));
  const failed = [...required.matchAll(/^✗ (\S+):/gmu)].map(([, name]) => name).filter((name) => !unscored.has(name));
  const expected = EXPECTED_FAILURES[revision];
  const isExpected = failed.length === expected.length && expected.every((name) => failed.includes(name));
  const isGood = passed.length >= MIN_PASSED && isExpected;
  report(
    `conformance ${revision}: ${passed.length} scenarios passed, failed: ${failed.join(', ') || 'none'}`,
    isGood,
    `${summary}${stderr}`,
  );
}

/** The real server, as the strictest client sees it. */
function inspect(era) {
  const server = ['node', join(root, 'dist/main.js'), '--demo'];
  const args = ['mcp-inspector', '--cli', ...server, '--method', 'tools/list', '--protocol-era', era, '--strict', '-q'];
  const { status, stdout, stderr } = npx([NODE, INSPECTOR], args);
  report(`inspector --strict, ${era} era`, status === 0 && stdout.includes('list_audit_events'), `${stdout}${stderr}`);
}

async function startFixtures() {
  await build(bundleOptions({ server: join(fixtures, 'server.ts') }, work));
  const child = spawn(process.execPath, [join(work, 'server.mjs')], { stdio: ['ignore', 'pipe', 'ignore'] });
  for await (const url of createInterface({ input: child.stdout })) return { child, url };
  throw new Error('the fixtures did not start');
}

const { child, url } = await startFixtures();
try {
  for (const revision of Object.keys(EXPECTED_FAILURES)) runSuite(url, revision);
  for (const era of ['modern', 'legacy']) inspect(era);
} finally {
  child.kill();
  rmSync(work, { recursive: true, force: true });
}
for (const line of summaries) console.log(line);
process.exit(summaries.every((line) => line.startsWith('ok')) ? 0 : 1);
