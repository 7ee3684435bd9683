// Owns the command `serve`, also where none is named: the MCP server on stdio, or over HTTP where that is asked for.
import { AuditError } from '../errors.ts';
import { redact } from '../log.ts';
import { INSTRUCTIONS } from '../mcp/instructions.ts';
import { createServerFactory } from '../mcp/server.ts';
import { serveOverStdio } from '../mcp/stdio.ts';
import { cleanText } from '../text/clean.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-codes.ts';

/** A line that is no message is complained about at great length. */
const PROBLEM_MAX = 300;

export const serveCommand: Command = async (run) => {
  const { config, parts, tools, signal, log, version, secrets, journal } = run;
  const factory = createServerFactory({
    version,
    instructions: INSTRUCTIONS,
    tools,
    parts,
    deadlineMs: config.deadlineMs,
    redact: (text) => redact(text, secrets()),
    onCall: journal.record,
  });
  // What killed writers left behind, and what is older than the store keeps; no answer waits for it.
  void parts.store?.log.tidy();
  const { http, host, port } = config.command;
  if (http === true) {
    // Loaded when it is asked for: most servers are started on stdio, and their start counts.
    const { serveHttpCommand } = await import('./serve-http.ts');
    return serveHttpCommand(factory, run);
  }
  const flag = host === undefined ? (port === undefined ? undefined : '--port') : '--host';
  if (flag !== undefined) {
    const message = 'given without --http: on stdio nothing listens';
    throw new AuditError('invalid_input', `${flag}: ${message}.`, {
      hint: 'Add --http, or leave it out.',
      fields: [{ field: flag, message }],
    });
  }
  const streams = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr };
  const outcome = await serveOverStdio(factory, streams, signal, (error) =>
    log.warn('protocol', { problem: cleanText(error.message, PROBLEM_MAX) }),
  );
  return outcome === 'interrupted' ? EXIT.interrupted : EXIT.done;
};
