// Owns settings read for tests: a made-up machine, what comes out for it, and how wrong ones are refused.
import { readConfig, type Config } from '../../src/config.ts';
import type { Machine } from '../../src/config/machine.ts';
import { AuditError } from '../../src/errors.ts';

export const CANARY = 'canary-token-9f2c';

export const machine: Machine = {
  version: '1.2.3',
  homeDir: '/home/anna',
  workDir: '/work/here',
  locale: 'en-US',
  hasFileModes: true,
};

export async function config(env: Record<string, string>, argv: string[] = [], on: Machine = machine): Promise<Config> {
  const invocation = await readConfig(argv, env, on);
  if (invocation.kind !== 'run') throw new Error('a text was printed');
  return invocation.config;
}

export async function failure(env: Record<string, string>, argv: string[] = []): Promise<AuditError> {
  try {
    await readConfig(argv, env, machine);
  } catch (error) {
    if (error instanceof AuditError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
