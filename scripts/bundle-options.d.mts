// Types of bundle-options.mjs.
import type { BuildOptions, Plugin } from 'esbuild';

export declare function bundleOptions(
  entryPoints: Record<string, string>,
  outdir: string,
): BuildOptions & { plugins: Plugin[] };
