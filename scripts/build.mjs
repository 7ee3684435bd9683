// Bundles the program into dist/.
import { chmod } from 'node:fs/promises';
import { build } from 'rolldown';
import { programOptions } from './bundle-options.mjs';

await build(programOptions('dist'));
// npx of a clone links to this file.
await chmod('dist/main.js', 0o755);
