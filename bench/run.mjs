// Bundles bench/<name>.ts and runs it with the remaining arguments: `node bench/run.mjs eval-detection --events …`.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const [name, ...args] = process.argv.slice(2);
if (!/^[a-z-]+$/.test(name ?? '')) {
  console.error('usage: node bench/run.mjs NAME [arguments]');
  process.exit(2);
}
const root = fileURLToPath(new URL('..', import.meta.url));
const outdir = `${root}node_modules/.cache/bench`;
mkdirSync(outdir, { recursive: true });
await build({
  // The simulator beside it: benches of reading start it as a process of its own.
  entryPoints: { [name]: `${root}bench/${name}.ts`, simulator: `${root}src/simulator/cli.ts` },
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  // What is loaded later must be a file of its own: in one file, modules would begin in another order than they are written for.
  splitting: true,
  // Some benches bundle programs themselves.
  external: ['esbuild'],
  platform: 'node',
  target: 'node20',
  format: 'esm',
  logLevel: 'error',
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
});
const { status } = spawnSync(process.execPath, ['--enable-source-maps', `${outdir}/${name}.mjs`, ...args], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
