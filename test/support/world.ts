// Owns a small world for tests: a simulator on a real socket, the program's parts over it, and a way to call its tools.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TOOLS } from '../../tools/index.ts';
import { AuditError } from '../../src/errors.ts';
import type { ToolAnswer, ToolContext, ToolParts } from '../../src/mcp/tool.ts';
import { createParts, type Parts, type PartsOptions } from '../../src/parts.ts';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/server.ts';
import { systemClock } from '../../src/system-clock.ts';

export const INSTALLATION_ID = '0123456789abcdef';

/** Calls of tools over some parts. */
export interface ToolCalls {
  /** What a tool answers, as a plain object. */
  call(tool: string, input?: Record<string, unknown>, context?: Partial<ToolContext>): Promise<Answer>;
  /** The whole answer, links included. */
  answer(tool: string, input?: Record<string, unknown>, context?: Partial<ToolContext>): Promise<ToolAnswer>;
  /** The error that a call ends with; fails where it does not. */
  failure(tool: string, input?: Record<string, unknown>, context?: Partial<ToolContext>): Promise<AuditError>;
}

export interface World extends ToolCalls {
  readonly simulator: Simulator;
  readonly parts: Parts;
  readonly exportDir: string;
  close(): Promise<void>;
}

/** An answer of any tool: tests say what they expect of it. */
export type Answer = ToolAnswer['structured'];

export interface WorldOptions extends Partial<Omit<PartsOptions, 'settings'>> {
  simulator?: SimulatorOptions;
  settings?: Partial<PartsOptions['settings']>;
  token?: string;
}

function findTool(name: string) {
  const tool = TOOLS.find((one) => one.name === name);
  if (tool === undefined) throw new Error(`no tool ${name}`);
  return tool;
}

/** The calls of every tool over `parts`, without a server around them. */
export function toolCalls(parts: ToolParts): ToolCalls {
  const answer: ToolCalls['answer'] = async (tool, input, context) => {
    const nowMs = parts.clock.now();
    return findTool(tool).call(input, {
      ...parts,
      nowMs,
      deadlineAt: nowMs + 45_000,
      signal: new AbortController().signal,
      progress: () => undefined,
      ...context,
    });
  };
  return {
    answer,
    call: async (tool, input, context) => (await answer(tool, input, context)).structured,
    async failure(tool, input, context) {
      const outcome = await answer(tool, input, context).catch((error: unknown) => error);
      if (outcome instanceof AuditError) return outcome;
      throw new Error(`${tool} did not fail as expected: ${String(outcome)}`);
    },
  };
}

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const { simulator: simulatorOptions, settings, token, ...rest } = options;
  const simulator = await startSimulator({ rateLimit: null, ...simulatorOptions });
  const exportDir = await mkdtemp(join(tmpdir(), 'pachca-audit-test-'));
  const parts = createParts({
    source: { kind: 'api', baseUrl: simulator.url, token: () => token ?? simulator.token },
    settings: { timeZone: 'UTC', lang: 'en', maxRequests: 1000, ...settings },
    rate: 100_000,
    exportDir,
    version: '0.0.0-test',
    installationId: INSTALLATION_ID,
    clock: systemClock,
    toolNames: TOOLS.map(({ name }) => name),
    ...rest,
  });
  return {
    simulator,
    parts,
    exportDir,
    ...toolCalls(parts),
    async close() {
      await parts.close();
      await simulator.close();
      await rm(exportDir, { recursive: true, force: true });
    },
  };
}
