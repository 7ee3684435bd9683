// Owns the command without a name: the MCP server on stdio.
import { EXIT } from './exit-codes.ts';
import { redact } from '../log.ts';
import { createServerFactory } from '../mcp/server.ts';
import { INSTRUCTIONS } from '../mcp/instructions.ts';
import { serveOverStdio } from '../mcp/stdio.ts';
import { cleanText } from '../text/clean.ts';
import type { Command } from './command.ts';

/** A line that is no message is complained about at great length. */
const PROBLEM_MAX = 300;

export const serveCommand: Command = async ({ config, parts, tools, signal, log, version, secrets }) => {
  const factory = createServerFactory({
    version,
    instructions: INSTRUCTIONS,
    tools,
    parts,
    deadlineMs: config.deadlineMs,
    redact: (text) => redact(text, secrets()),
  });
  const streams = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr };
  const outcome = await serveOverStdio(factory, streams, signal, (error) =>
    log.warn('protocol', { problem: cleanText(error.message, PROBLEM_MAX) }),
  );
  return outcome === 'interrupted' ? EXIT.interrupted : EXIT.done;
};
