// Owns child processes that run a TypeScript file of the tests: Node 20 needs it bundled first.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';
import { bundleOptions } from '../../scripts/bundle-options.mjs';

/** Bundles `entry` into `folder`; the path of the program. */
export async function bundleProgram(entry: string, folder: string): Promise<string> {
  await build(bundleOptions({ program: entry }, folder));
  return join(folder, 'program.mjs');
}

export interface ChildProgram {
  readonly process: ChildProcess;
  /** Resolves with the next line that the child prints; undefined once it is gone. */
  nextLine(): Promise<string | undefined>;
  /** Resolves when the child has ended. */
  ended(): Promise<{ code: number | null; signal: NodeJS.Signals | null; output: string; errors: string }>;
}

export function startProgram(program: string, args: readonly string[], nodeArgs: readonly string[] = []): ChildProgram {
  const child = spawn(process.execPath, [...nodeArgs, program, ...args], { stdio: 'pipe' });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let output = '';
  let errors = '';
  let taken = 0;
  const closed = once(child, 'close');
  let isClosed = false;
  void closed.then(() => {
    isClosed = true;
  });
  child.stdout.on('data', (chunk) => {
    output += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    errors += String(chunk);
  });
  return {
    process: child,
    async nextLine() {
      for (;;) {
        const end = output.indexOf('\n', taken);
        if (end >= 0) {
          const line = output.slice(taken, end);
          taken = end + 1;
          return line;
        }
        if (isClosed) return undefined;
        await Promise.race([once(child.stdout, 'data'), closed]);
      }
    },
    async ended() {
      await closed;
      return { code: child.exitCode, signal: child.signalCode, output, errors };
    },
  };
}
