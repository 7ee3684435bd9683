// Owns the built server as a bare process: raw lines in, raw lines out, for tests of what no client would send.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { BUILT, cleanEnv, ROOT, type Finished } from './built.ts';

export interface StdioServer {
  send(lines: readonly string[]): void;
  signal(name: NodeJS.Signals): void;
  /** Resolves when a message with each of `ids` has come; rejects when the server is gone before. */
  answers(ids: readonly number[]): Promise<void>;
  /** Resolves when `text` was written to stderr. */
  said(text: string): Promise<void>;
  /** Ends stdin, and resolves when the server has ended. */
  end(): Promise<Finished>;
}

const messageSchema = z.looseObject({ id: z.number().optional() });

function idsIn(stdout: string): (number | undefined)[] {
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => messageSchema.safeParse(JSON.parse(line)).data?.id);
}

export function startStdioServer(args: readonly string[], env: Record<string, string>): StdioServer {
  const child = spawn(process.execPath, [BUILT, ...args], { env: cleanEnv(env), cwd: ROOT });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  // What was sent to a server that has ended is lost.
  child.stdin.on('error', () => undefined);
  const closed = once(child, 'close');
  const seen = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (seen.stdout += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (seen.stderr += chunk.toString('utf8')));
  const until = async (isThere: () => boolean): Promise<void> => {
    while (!isThere()) {
      const ended = closed.then(() => {
        throw new Error(`the server is gone: ${seen.stderr}`);
      });
      await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data'), ended]);
    }
  };
  return {
    send: (lines) => void child.stdin.write(lines.map((line) => `${line}\n`).join('')),
    signal: (name) => void child.kill(name),
    answers: (ids) =>
      until(() => {
        const whole = seen.stdout.slice(0, seen.stdout.lastIndexOf('\n') + 1);
        const come = idsIn(whole);
        return ids.every((id) => come.includes(id));
      }),
    said: (text) => until(() => seen.stderr.includes(text)),
    async end() {
      child.stdin.end();
      await closed;
      return { ...seen, code: child.exitCode };
    },
  };
}
