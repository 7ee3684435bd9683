// Bundles src/main.ts into dist/.
import { chmod, rm } from 'node:fs/promises';
import { build } from 'esbuild';
import { bundleOptions } from './bundle-options.mjs';

await rm('dist', { recursive: true, force: true });
await build(bundleOptions({ main: 'src/main.ts' }, 'dist'));
// npx of a clone links to this file.
await chmod('dist/main.js', 0o755);
