// Owns what a command is given: the terminal, the parts, and the way to run a tool without a client.
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Journal } from '../journal.ts';
import type { Log } from '../log.ts';
import { redact } from '../text/redact.ts';
import type { ToolCallRecord } from '../mcp/server.ts';
import { safeAnswer } from '../mcp/result.ts';
import type { Tool, ToolAnswer, ToolParts } from '../mcp/tool.ts';
import type { Terminal } from './terminal.ts';
import { momentOf } from '../mcp/moment.ts';

export interface CommandRun {
  readonly config: Config;
  /** Opened at the first call, once. */
  readonly openParts: () => Promise<ToolParts>;
  readonly tools: readonly Tool[];
  readonly terminal: Terminal;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly version: string;
  /** The file that was started. */
  readonly programPath: string;
  /** What must never be shown. */
  secrets(): readonly string[];
}

/** Ends with an exit code; failures are thrown and become codes at the edge. */
export type Command = (run: CommandRun) => Promise<number>;

/** Calls the tool `name` as a client would, but without a deadline: a command runs until it is done. */
export async function callTool(
  { openParts, tools, terminal, signal, secrets, journal, clock }: CommandRun,
  name: string,
  input: Readonly<Record<string, unknown>>,
): Promise<ToolAnswer> {
  const tool = tools.find((one) => one.name === name);
  if (tool === undefined) throw new Error(`no tool ${name}`);
  const parts = await openParts();
  const bar = terminal.progressBar();
  const startedAt = clock.now();
  const record = async (outcome: Pick<ToolCallRecord, 'answer' | 'error' | 'isCancelled'>) => {
    const call = { tool: name, caller: { transport: 'cli' }, arguments: input, startedAt } as const;
    await journal.record({ ...call, finishedAt: clock.now(), ...outcome });
  };
  try {
    const answer = await tool.call(input, {
      ...parts,
      nowMs: await momentOf(parts),
      deadlineAt: Number.POSITIVE_INFINITY,
      signal,
      progress: (done, total, message) => bar.update(done / total, message),
    });
    await record({ answer: answer.structured });
    return { ...answer, structured: safeAnswer(answer, (text) => redact(text, secrets())).structured };
  } catch (error) {
    await record({ error, isCancelled: signal.aborted });
    throw error;
  } finally {
    bar.stop();
  }
}
