// Owns the command `serve`, also where none is named: the MCP server on stdio, or over HTTP where that is asked for.
import { AuditError } from '../errors.ts';
import { redact } from '../text/redact.ts';
import { INSTRUCTIONS } from '../mcp/instructions.ts';
import { createServerFactory } from '../mcp/server.ts';
import { serveOverStdio } from '../mcp/stdio.ts';
import { cleanText } from '../text/clean.ts';
import type { Command, CommandRun } from './command.ts';
import { EXIT } from './exit-codes.ts';

/** A line that is no message is complained about at great length. */
const PROBLEM_MAX = 300;

/** By then a client that was started together with this server has its lists. */
const OPEN_AFTER_MS = 2000;

/** Opens the parts, and removes what killed writers left behind; no answer waits for that. */
async function tidy({ openParts }: CommandRun): Promise<void> {
  const { store } = await openParts();
  void store?.log.tidy();
}

export const serveCommand: Command = async (run) => {
  const { config, tools, signal, log, version, secrets, journal, clock } = run;
  const factory = createServerFactory({
    version,
    instructions: INSTRUCTIONS,
    tools,
    openParts: run.openParts,
    clock,
    lang: config.lang,
    deadlineMs: config.deadlineMs,
    redact: (text) => redact(text, secrets()),
    onCall: journal.record,
  });
  const { http, host, port } = config.command;
  if (http === true) {
    // Loaded when it is asked for: most servers are started on stdio, and their start counts.
    const { serveHttpCommand } = await import('./serve-http.ts');
    await tidy(run);
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
  // A file that cannot be read stops the start. All else is opened once the client has its lists, or by the first call.
  if (config.from !== undefined) await run.openParts();
  const opening = setTimeout(() => void tidy(run).catch(() => undefined), OPEN_AFTER_MS);
  const streams = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr };
  const outcome = await serveOverStdio(factory, streams, signal, (error) =>
    log.warn('protocol', { problem: cleanText(error.message, PROBLEM_MAX) }),
  );
  clearTimeout(opening);
  return outcome === 'interrupted' ? EXIT.interrupted : EXIT.done;
};
