// How programs are bundled: one entry and lazy chunks, so that a server starts fast and installs no dependency.
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const REGISTRY = join(root, 'tools/index.ts');

const BANNER = [
  "import { createRequire as __createRequire } from 'node:module';",
  'const require = __createRequire(import.meta.url);',
].join('\n');

/** @type {import('esbuild').BuildOptions} */
const COMMON = {
  bundle: true,
  platform: 'node',
  target: 'node20.18',
  format: 'esm',
  // What its "main" names is built in a way that no bundler can follow.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  // Names stay, so that a stack in a report can be read; the rest is only read by Node, and less is read faster.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'linked',
  logLevel: 'warning',
  // Some bundled packages are CommonJS and call require() for Node's own modules.
  banner: { js: BANNER },
};

/** What a list of tools says of each, asked of the tools themselves. */
async function describeTools() {
  const outfile = join(root, `node_modules/.cache/tools-${process.pid}.mjs`);
  try {
    await build({ ...COMMON, entryPoints: [REGISTRY], outfile, legalComments: 'none' });
    const { TOOLS } = await import(pathToFileURL(outfile).href);
    return TOOLS.map((tool) => ({
      name: tool.name,
      title: tool.title,
      description: tool.description,
      hints: tool.hints,
      argumentNames: tool.argumentNames,
      input: tool.inputSchema(),
      output: tool.outputSchema(),
    }));
  } finally {
    await rm(outfile, { force: true });
  }
}

/** The module that stands in for the one of a tool: it says the same, and loads the tool when it is called. */
function standIn({ input, output, ...words }, path, exported) {
  return `
    const words = ${JSON.stringify(words)};
    const input = ${JSON.stringify(input)};
    const output = ${JSON.stringify(output)};
    export const ${exported} = {
      ...words,
      inputSchema: () => input,
      outputSchema: () => output,
      call: async (raw, context) => (await import(${JSON.stringify(path)})).${exported}.call(raw, context),
    };`;
}

/**
 * Lists of tools are made when the program is built, and a tool with all that it judges and reads with is loaded when it is
 * called first: schemas and rules are most of a start, and most starts of a client only ask for the list.
 *
 * @returns {import('esbuild').Plugin}
 */
function lazyTools() {
  return {
    name: 'lazy-tools',
    setup(pluginBuild) {
      let described;
      pluginBuild.onLoad({ filter: /\.ts$/, namespace: 'lazy-tool' }, async ({ path }) => {
        described ??= describeTools();
        const file = path.split(/[\\/]/).at(-1).replace('.ts', '');
        const tool = (await described).find(({ name }) => name === file.replaceAll('-', '_'));
        if (tool === undefined) throw new Error(`no tool in ${path}`);
        const exported = file.replaceAll(/-(\w)/g, (_match, letter) => letter.toUpperCase());
        return { contents: standIn(tool, path, exported), resolveDir: root };
      });
      pluginBuild.onResolve({ filter: /^\.\/[\w-]+\.ts$/ }, ({ importer, path }) =>
        importer === REGISTRY ? { path: join(root, 'tools', path), namespace: 'lazy-tool' } : undefined,
      );
    },
  };
}

/**
 * @param {Record<string, string>} entryPoints by the name of their bundle
 * @param {string} outdir
 * @returns {import('esbuild').BuildOptions}
 */
export const bundleOptions = (entryPoints, outdir) => ({
  ...COMMON,
  entryPoints,
  outdir,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  plugins: [lazyTools()],
});
