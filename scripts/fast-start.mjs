// What the program's bundle does for a fast start: what a list of tools does not need is left out, or loaded later.
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { bundleOptions } from './bundle-options.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const REGISTRY = join(root, 'tools/index.ts');

/** What a list of tools says of each, asked of the tools themselves. */
async function describeTools() {
  const dir = join(root, `node_modules/.cache/tools-${process.pid}`);
  try {
    await build(bundleOptions({ tools: REGISTRY }, dir));
    const { TOOLS } = await import(pathToFileURL(join(dir, 'tools.mjs')).href);
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
    await rm(dir, { recursive: true, force: true });
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
      load: () => import(${JSON.stringify(path)}),
      call: async (raw, context) => (await import(${JSON.stringify(path)})).${exported}.call(raw, context),
    };`;
}

/**
 * Lists of tools are made when the program is built, and a tool with all that it judges and reads with is loaded when it is
 * called first: schemas and rules are most of a start, and most starts of a client only ask for the list.
 *
 * @type {import('esbuild').Plugin}
 */
export const fastStart = {
  name: 'fast-start',
  setup(pluginBuild) {
    let described;
    pluginBuild.onResolve({ filter: /^@modelcontextprotocol\/server\/_shims$/ }, () => ({
      path: join(root, 'src/mcp/sdk-shims.ts'),
    }));
    pluginBuild.onResolve({ filter: /^\.\/[\w-]+\.ts$/ }, ({ importer, path }) =>
      importer === REGISTRY ? { path: join(root, 'tools', path), namespace: 'lazy-tool' } : undefined,
    );
    pluginBuild.onLoad({ filter: /\.ts$/, namespace: 'lazy-tool' }, async ({ path }) => {
      described ??= describeTools();
      const file = path.split(/[\\/]/).at(-1).replace('.ts', '');
      const tool = (await described).find(({ name }) => name === file.replaceAll('-', '_'));
      if (tool === undefined) throw new Error(`no tool in ${path}`);
      const exported = file.replaceAll(/-(\w)/g, (_match, letter) => letter.toUpperCase());
      return { contents: standIn(tool, path, exported), resolveDir: root };
    });
  },
};
