// Owns what a command is given: the terminal, the parts, and the way to run a tool without a client.
import type { Config } from '../config.ts';
import { redact, type Log } from '../log.ts';
import { safeAnswer } from '../mcp/result.ts';
import type { Tool, ToolAnswer, ToolParts } from '../mcp/tool.ts';
import type { Terminal } from './terminal.ts';

export interface CommandRun {
  readonly config: Config;
  readonly parts: ToolParts;
  readonly tools: readonly Tool[];
  readonly terminal: Terminal;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly version: string;
  /** What must never be shown. */
  secrets(): readonly string[];
}

/** Ends with an exit code; failures are thrown and become codes at the edge. */
export type Command = (run: CommandRun) => Promise<number>;

/** Calls the tool `name` as a client would, but without a deadline: a command runs until it is done. */
export async function callTool(
  { parts, tools, terminal, signal, secrets }: CommandRun,
  name: string,
  input: Readonly<Record<string, unknown>>,
): Promise<ToolAnswer> {
  const tool = tools.find((one) => one.name === name);
  if (tool === undefined) throw new Error(`no tool ${name}`);
  const bar = terminal.progressBar();
  try {
    const answer = await tool.call(input, {
      ...parts,
      nowMs: parts.clock.now(),
      deadlineAt: Number.POSITIVE_INFINITY,
      signal,
      progress: (done, total, message) => bar.update(done / total, message),
    });
    return { ...answer, structured: safeAnswer(answer, (text) => redact(text, secrets())).structured };
  } finally {
    bar.stop();
  }
}
