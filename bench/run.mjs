// Bundles bench/<name>.ts and runs it with the remaining arguments: `node bench/run.mjs eval-detection --events …`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundleOptions } from '../scripts/bundle-options.mjs';

const [name, ...args] = process.argv.slice(2);
if (!/^[a-z-]+$/.test(name ?? '')) {
  console.error('usage: node bench/run.mjs NAME [arguments]');
  process.exit(2);
}
const root = fileURLToPath(new URL('..', import.meta.url));
const outdir = `${root}node_modules/.cache/bench`;
await build({
  // The simulator beside it: benches of reading start it as a process of its own.
  ...bundleOptions({ [name]: `${root}bench/${name}.ts`, simulator: `${root}src/simulator/cli.ts` }, outdir),
  // Some benches bundle programs themselves.
  external: ['esbuild'],
});
const { status } = spawnSync(process.execPath, [`${outdir}/${name}.mjs`, ...args], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
