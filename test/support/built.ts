// Owns the built program in tests: they start what a user starts.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..');
export const BUILT = join(ROOT, 'dist', 'main.js');

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  env?: Record<string, string>;
  cwd?: string;
  input?: string;
  /** Closes our end of the program's stdout at once, as `| head` does. */
  stopsReading?: boolean;
  /** Gets a way to send a signal to the program while it runs. */
  onStart?: (kill: (signal: NodeJS.Signals) => void) => void;
}

/** An environment without the user's own settings. */
export function cleanEnv(extra: Record<string, string> = {}): Record<string, string> {
  const kept = ['PATH', 'HOME', 'XDG_DATA_HOME', 'TMPDIR', 'SystemRoot', 'APPDATA', 'LOCALAPPDATA'];
  // What npx needs to reach its registry behind a company's proxy; without it, it tries for minutes.
  kept.push('NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY');
  const own = Object.entries(process.env).filter(([name, value]) => value !== undefined && kept.includes(name));
  return { ...Object.fromEntries(own.map(([name, value]) => [name, value ?? ''])), LANG: 'en_US.UTF-8', ...extra };
}

/** Runs the built program with `args` until it ends. */
export function runBuilt(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BUILT, ...args], { env: cleanEnv(options.env), cwd: options.cwd ?? ROOT });
    const finished: Finished = { code: null, stdout: '', stderr: '' };
    const collect = (name: 'stdout' | 'stderr') => (chunk: Buffer) => {
      finished[name] += chunk.toString('utf8');
    };
    child.stdout.on('data', collect('stdout'));
    child.stderr.on('data', collect('stderr'));
    if (options.stopsReading === true) child.stdout.destroy();
    options.onStart?.((signal) => void child.kill(signal));
    child.on('error', reject);
    child.on('close', (code) => resolve({ ...finished, code }));
    child.stdin.end(options.input ?? '');
  });
}
