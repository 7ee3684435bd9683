// How programs are bundled: by esbuild, each with all that it needs.
import { join } from 'node:path';

const BANNER = [
  "import { createRequire as __createRequire } from 'node:module';",
  'const require = __createRequire(import.meta.url);',
].join('\n');

/**
 * `entryPoints` by the names of their files in `outdir`. What is loaded later is a file of its own: in one file, modules would
 * begin in another order than they are written for.
 *
 * @param {Record<string, string>} entryPoints
 * @param {string} outdir
 * @returns {import('esbuild').BuildOptions & { plugins: import('esbuild').Plugin[] }}
 */
export const bundleOptions = (entryPoints, outdir) => ({
  entryPoints,
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  platform: 'node',
  target: 'node20.18',
  format: 'esm',
  // What its "main" names is built in a way that no bundler can follow.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  // Names stay, so that a stack in a report can be read; the rest is only read by Node, and less is read faster.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'inline',
  logLevel: 'warning',
  plugins: [englishZod],
  // Some bundled packages are CommonJS and call require() for Node's own modules.
  banner: { js: BANNER },
});

/** The messages of zod in every other language, which nothing here shows, would be a fifth of what a start reads. */
const englishZod = {
  name: 'english-zod',
  /** @param {import('esbuild').PluginBuild} pluginBuild */
  setup(pluginBuild) {
    const namespace = 'english-zod';
    pluginBuild.onResolve({ filter: /\/locales\/index\.js$/ }, ({ resolveDir, path }) => ({
      path: join(resolveDir, path, '../en.js'),
      namespace,
    }));
    pluginBuild.onLoad({ filter: /./, namespace }, ({ path }) => ({
      contents: `export { default as en } from ${JSON.stringify(path)};`,
      resolveDir: '.',
    }));
  },
};
