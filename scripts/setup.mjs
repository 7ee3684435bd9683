// Makes a clone ready to run: installs when the lock file changed, builds when a source did. Only Node's own modules.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modifiedAt = (path) => statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;

function newestIn(path) {
  if (!existsSync(join(root, path))) return 0;
  return readdirSync(join(root, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((newest, entry) => Math.max(newest, statSync(join(entry.parentPath, entry.name)).mtimeMs), 0);
}

function npm(args, what) {
  process.stderr.write(`${what} …\n`);
  // One string through the shell: on Windows npm is a .cmd file, and Node warns about argument arrays with a shell.
  const { status } = spawnSync(`npm ${args}`, { cwd: root, shell: true, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
}

if (modifiedAt('node_modules/.package-lock.json') < modifiedAt('package-lock.json')) {
  npm('ci --no-audit --no-fund', 'Installing dependencies (once)');
}
const newestSource = Math.max(newestIn('src'), newestIn('tools'), modifiedAt('package.json'), newestIn('scripts'));
if (modifiedAt('dist/main.js') < newestSource) npm('run --silent build', 'Building');
