import type { BuildOptions } from 'esbuild';

export declare function bundleOptions(entryPoints: Record<string, string>, outdir: string): BuildOptions;
