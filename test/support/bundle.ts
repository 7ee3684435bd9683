// Owns programs of tests that must be processes of their own, run by the same Node.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { bundleProgram } from './child-program.ts';

/** Bundles the TypeScript file `entry`; gives the path of a program that lives as long as the running test. */
export async function bundle(entry: string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'program-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return bundleProgram(entry, dir);
}

export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

export interface Started {
  readonly process: ReturnType<typeof spawn>;
  /** Resolves with the first line on stdout. */
  readonly firstLine: Promise<string>;
  readonly ended: Promise<Outcome>;
}

/** Starts a program; killed when the test ends before it does. */
export function start(program: string, args: readonly string[] = []): Started {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Outcome>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, stderr }));
  });
  let stdout = '';
  const firstLine = new Promise<string>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (stdout.includes('\n')) resolve(stdout.slice(0, stdout.indexOf('\n')));
    });
  });
  return { process: child, firstLine, ended };
}

export const run = (program: string, args: readonly string[]): Promise<Outcome> => start(program, args).ended;
