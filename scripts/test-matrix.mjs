// Runs the suite on every line of Node that is promised, with the installed packages: node scripts/test-matrix.mjs [MAJOR …]
import { spawnSync } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LINES = ['20', '22', '24', '26'];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const asked = process.argv.slice(2);
const results = [];

/** The Node of a line; npx keeps it, so that it is fetched once. */
function nodeOf(line) {
  if (process.versions.node.split('.')[0] === line) return process.execPath;
  const args = ['-y', '-p', `node@${line}`, 'node', '-p', 'process.execPath'];
  // Away from this folder: npx must not take a local package for it.
  const { status, stdout, stderr } = spawnSync('npx', args, { cwd: dirname(root), encoding: 'utf8' });
  if (status !== 0) throw new Error(`Node ${line} could not be had: ${stderr}`);
  return stdout.trim();
}

for (const line of asked.length > 0 ? asked : LINES) {
  const node = nodeOf(line);
  const version = spawnSync(node, ['-v'], { encoding: 'utf8' }).stdout.trim();
  console.log(`\nNode ${version}`);
  const { status } = spawnSync(node, [join(root, 'node_modules/vitest/vitest.mjs'), 'run'], {
    cwd: root,
    stdio: 'inherit',
    // Tests start the program as a child, and the programs they call start node.
    env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` },
  });
  results.push({ version, isGood: status === 0 });
}
for (const { version, isGood } of results) console.log(`${isGood ? 'ok    ' : 'FAILED'} Node ${version}`);
process.exit(results.every(({ isGood }) => isGood) ? 0 : 1);
