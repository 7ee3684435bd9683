// Owns the list of commands; each is loaded when it is called, since the server's start counts.
import type { CommandName } from '../config/commands.ts';
import type { Command } from './command.ts';

export const COMMAND_RUNS = {
  serve: async () => (await import('./serve.ts')).serveCommand,
  export: async () => (await import('./export.ts')).exportCommand,
  suspicious: async () => (await import('./suspicious.ts')).suspiciousCommand,
  verify: async () => (await import('./verify.ts')).verifyCommand,
  'store status': async () => (await import('./store-status.ts')).storeStatusCommand,
  'store fill': async () => (await import('./store-fill.ts')).storeFillCommand,
  'store purge': async () => (await import('./store-purge.ts')).storePurgeCommand,
  install: async () => (await import('./install.ts')).installCommand,
  check: async () => (await import('./check.ts')).checkCommand,
} as const satisfies Record<CommandName, () => Promise<Command>>;
