#!/usr/bin/env node
// The composition root: argv → config → parts → command, and the one place where failures become exit codes.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import packageJson from '../package.json' with { type: 'json' };
import { servedTools, TOOLS } from '../tools/index.ts';
import { COMMAND_RUNS } from './commands/index.ts';
import { EXIT, exitCodeOf } from './commands/exit-codes.ts';
import { createTerminal, type Terminal } from './commands/terminal.ts';
import { readConfig, type Config } from './config.ts';
import { settleHome, thisMachine } from './config/machine.ts';
import { toAuditError } from './errors.ts';
import type { Journal } from './journal.ts';
import { lateJournal } from './journal/late.ts';
import { createLog, type Log } from './log.ts';
import { redact } from './text/redact.ts';
import { errorAnswer, errorText } from './mcp/result.ts';
import type { Parts } from './parts.ts';
import { systemClock } from './system-clock.ts';

/** Aborted by SIGINT and SIGTERM: work ends in good order, state is kept. A second signal, of either name, ends at once. */
function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort(new Error('interrupted'));
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, onSignal);
  return controller.signal;
}

/** Loaded for --demo alone: the simulator is a third of the program. */
async function startDemo() {
  const { startSimulator } = await import('./simulator/server.ts');
  const { buildCompany } = await import('./simulator/dataset.ts');
  return startSimulator({ company: buildCompany({ seed: 1, now: systemClock.now() }) });
}

/** `open` at the first call, once; a failure is forgotten, so that the next call tries anew. */
function openedOnce(open: () => Promise<Parts>) {
  let opened: Promise<Parts> | undefined;
  return {
    open: (): Promise<Parts> =>
      (opened ??= open().catch((error: unknown) => {
        opened = undefined;
        throw error;
      })),
    close: async (): Promise<void> => {
      const parts = await opened?.catch(() => undefined);
      await parts?.close();
    },
  };
}

/** The journal of this process, in the data folder. */
async function openOwnJournal({ command, from, demo }: Config, log: Log): Promise<Journal> {
  const [{ openJournal }, { defaultDataDir }] = await Promise.all([
    import('./journal.ts'),
    import('./installation.ts'),
  ]);
  return openJournal({
    dir: join(defaultDataDir(), 'journal'),
    clock: systemClock,
    // On a terminal a person sees what was asked for; a server says on stderr what was asked of it.
    log: command.name === 'serve' ? log : { info: () => undefined, error: log.error },
    pid: process.pid,
    source: from === undefined ? (demo ? 'demo' : 'api') : 'file',
  });
}

async function run(config: Config, terminal: Terminal, log: Log, secrets: Set<string>): Promise<number> {
  const signal = interruptSignal();
  if (config.token !== undefined) secrets.add(config.token);
  // A list that is wrong stops every command; what is served is narrowed, what commands need is not.
  const served = servedTools({ ...config, alertTo: config.from === undefined ? config.alertTo : [] });
  const tools = config.command.name === 'serve' ? served : TOOLS;
  const { version } = packageJson;
  const parts = openedOnce(async () => {
    // Loaded when they are asked for: a server's list of tools needs nothing of them, and its start counts.
    const { openParts } = await import('./open-parts.ts');
    return openParts({ config, version, toolNames: tools.map(({ name }) => name), log, startDemo });
  });
  try {
    const journal = lateJournal(() => openOwnJournal(config, log), log);
    const command = await COMMAND_RUNS[config.command.name]();
    try {
      return await command({
        config,
        openParts: parts.open,
        tools,
        terminal,
        signal,
        log,
        journal,
        clock: systemClock,
        version,
        programPath: fileURLToPath(import.meta.url),
        secrets: () => [...secrets],
      });
    } catch (error) {
      const { inFlags } = await import('./commands/in-flags.ts');
      throw inFlags(error, config.command.name);
    } finally {
      await journal.close();
    }
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    await parts.close();
  }
}

/** Whoever reads may stop reading (`| head`): the command still ends with its own exit code. What could not be written is another matter. */
function onOutputFailure(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return;
  process.stderr.write(
    `pachca-audit-mcp: The output is not whole: it could not be written (${error.code ?? 'error'}).\n`,
  );
  process.once('exit', () => (process.exitCode = EXIT.unexpected));
}

async function main(): Promise<number> {
  const secrets = new Set<string>();
  // The variables are secrets even where the configuration is wrong and is never finished.
  for (const name of ['PACHCA_TOKEN', 'PACHCA_AUDIT_HTTP_TOKEN']) {
    // A line of the second may have a name before its token.
    const tokens = process.env[name]?.split('\n').map((line) => line.trim().split(/\s+/u).at(-1) ?? '') ?? [];
    for (const token of tokens) if (token !== '') secrets.add(token);
  }
  const hide = (text: string): string => redact(text, [...secrets]);
  const log = createLog({
    write: (line) => void process.stderr.write(line),
    secrets: () => [...secrets],
    clock: systemClock,
    level: 'info',
  });
  const isPlain = Boolean(process.env['NO_COLOR']) || Boolean(process.env['CI']);
  const terminal = createTerminal({ stdout: process.stdout, stderr: process.stderr, isPlain });
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  process.stdout.once('error', onOutputFailure);
  process.on('uncaughtException', (error) => {
    log.error('uncaught', { error });
    process.exit(EXIT.unexpected);
  });
  try {
    settleHome();
    const invocation = await readConfig(process.argv.slice(2), process.env, thisMachine(packageJson.version));
    if (invocation.kind === 'print') {
      process.stdout.write(invocation.text);
      return EXIT.done;
    }
    return await run(invocation.config, terminal, log, secrets);
  } catch (error) {
    const answer = errorAnswer(error, hide);
    if (answer.code === 'internal') log.error('failed', { error });
    terminal.err(`pachca-audit-mcp: ${errorText(answer)}`);
    return exitCodeOf(toAuditError(error).code);
  }
}

// Not awaited at the top: what is loaded later imports this file, and would wait for it to end.
void main().then((code) => {
  process.exitCode = code;
});
