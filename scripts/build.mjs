// Bundles the program into dist/: esbuild makes one file of what each part needs alone and one of what parts share, and rollup puts
// what every start needs into main.js, since each file that is read costs a start its time.
import { chmod, rm } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { build } from 'esbuild';
import { rollup } from 'rollup';
import { bundleOptions } from './bundle-options.mjs';
import { fastStart } from './fast-start.mjs';

const parts = `node_modules/.cache/parts-${process.pid}`;
const options = bundleOptions({ main: 'src/main.ts' }, parts);
await build({ ...options, plugins: [...options.plugins, fastStart] });
await rm('dist', { recursive: true, force: true });
const bundle = await rollup({ input: `${parts}/main.mjs`, external: isBuiltin, treeshake: false });
await bundle.write({
  dir: 'dist',
  format: 'esm',
  compact: true,
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name].js',
});
await rm(parts, { recursive: true });
// npx of a clone links to this file.
await chmod('dist/main.js', 0o755);
