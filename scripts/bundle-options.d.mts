import type { BuildOptions } from 'rolldown';

export declare function bundleOptions(input: Record<string, string>, dir: string): BuildOptions;
export declare function programOptions(dir: string): BuildOptions;
