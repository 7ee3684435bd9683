// How programs are bundled: one file with what a start needs and lazy chunks, so that a server starts fast and installs no dependency.
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'rolldown';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const REGISTRY = join(root, 'tools/index.ts');
const SDK_SHIMS = '@modelcontextprotocol/server/_shims';
const STAND_IN = '\0stand-in:';

/** @type {import('rolldown').InputOptions} */
const INPUT = {
  platform: 'node',
  // What its "main" names is built in a way that no bundler can follow.
  resolve: { alias: { 'jsonc-parser': join(root, 'node_modules/jsonc-parser/lib/esm/main.js') } },
};

/** @type {import('rolldown').OutputOptions} */
const OUTPUT = {
  format: 'esm',
  entryFileNames: '[name].mjs',
  chunkFileNames: 'chunks/[name]-[hash].mjs',
  // Names stay, so that a stack in a report can be read; the rest is only read by Node, and less is read faster.
  minify: { compress: true, mangle: false, codegen: true },
  comments: { legal: true, annotation: false, jsdoc: false },
};

/** What a list of tools says of each, asked of the tools themselves. */
async function describeTools() {
  const file = join(root, `node_modules/.cache/tools-${process.pid}.mjs`);
  try {
    await build({ ...INPUT, input: REGISTRY, output: { ...OUTPUT, file, codeSplitting: false } });
    const { TOOLS } = await import(pathToFileURL(file).href);
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
    await rm(file, { force: true });
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
 * What a start need not load: lists of tools are made when the program is built, and a tool with all that it judges and reads
 * with is loaded when it is called first. Schemas and rules are most of a start, and most starts of a client only ask for the list.
 *
 * @returns {import('rolldown').Plugin}
 */
function fastStart() {
  let described;
  return {
    name: 'fast-start',
    resolveId(path, importer) {
      if (path === SDK_SHIMS) return join(root, 'src/mcp/sdk-shims.ts');
      if (importer === REGISTRY && /^\.\/[\w-]+\.ts$/.test(path)) return `${STAND_IN}${join(root, 'tools', path)}`;
      return undefined;
    },
    async load(id) {
      if (!id.startsWith(STAND_IN)) return undefined;
      const path = id.slice(STAND_IN.length);
      described ??= describeTools();
      const file = path.split(/[\\/]/).at(-1).replace('.ts', '');
      const tool = (await described).find(({ name }) => name === file.replaceAll('-', '_'));
      if (tool === undefined) throw new Error(`no tool in ${path}`);
      const exported = file.replaceAll(/-(\w)/g, (_match, letter) => letter.toUpperCase());
      return standIn(tool, path, exported);
    },
  };
}

/**
 * Any program, by the name of its file in `dir`.
 *
 * @param {Record<string, string>} input
 * @param {string} dir
 * @returns {import('rolldown').BuildOptions}
 */
export const bundleOptions = (input, dir) => ({
  ...INPUT,
  input,
  output: { ...OUTPUT, dir },
});

/**
 * The program itself.
 *
 * @param {string} dir
 * @returns {import('rolldown').BuildOptions}
 */
export const programOptions = (dir) => ({
  ...bundleOptions({ main: join(root, 'src/main.ts') }, dir),
  plugins: [fastStart()],
  output: {
    ...OUTPUT,
    dir,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    cleanDir: true,
  },
});
