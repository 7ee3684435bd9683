#!/usr/bin/env node
// The composition root: argv → config → parts → command, and the one place where failures become exit codes.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import packageJson from '../package.json' with { type: 'json' };
import { servedTools, TOOLS } from '../tools/index.ts';
import { COMMAND_RUNS } from './commands/index.ts';
import { EXIT, exitCodeOf } from './commands/exit-codes.ts';
import { createTerminal, type Terminal } from './commands/terminal.ts';
import { inFlags } from './commands/in-flags.ts';
import { readConfig, requireToken, type Config } from './config.ts';
import { COMMANDS_WITHOUT_LOG } from './config/commands.ts';
import { thisMachine } from './config/machine.ts';
import { toAuditError } from './errors.ts';
import { keepMemoryFlat } from './flat-memory.ts';
import { defaultDataDir, openInstallation } from './installation.ts';
import { openJournal } from './journal.ts';
import { createLog, redact, type Log } from './log.ts';
import type { Tool } from './mcp/tool.ts';
import { errorAnswer, errorText } from './mcp/result.ts';
import { createParts, type Parts, type PartsOptions, type StoreSettings } from './parts.ts';
import { systemClock } from './system-clock.ts';

interface Source {
  readonly options: PartsOptions['source'];
  close(): Promise<void>;
}

/** The API, or the embedded simulator: no token, no network. */
async function openSource(config: Config, secrets: Set<string>): Promise<Source> {
  if (config.demo) {
    // Loaded for --demo alone: the simulator is a third of the program.
    const { startSimulator } = await import('./simulator/server.ts');
    const { buildCompany } = await import('./simulator/dataset.ts');
    const simulator = await startSimulator({ company: buildCompany({ seed: 1, now: systemClock.now() }) });
    return {
      options: { kind: 'demo', baseUrl: simulator.url, token: () => simulator.token },
      close: () => simulator.close(),
    };
  }
  if (config.token !== undefined) secrets.add(config.token);
  return {
    // Asked at the first request: a server without a token starts, and says what is missing where an agent can read it.
    options: { kind: 'api', baseUrl: config.apiUrl, token: () => requireToken(config) },
    close: () => Promise.resolve(),
  };
}

/** Aborted by SIGINT and SIGTERM: work ends in good order, state is kept. A second signal ends at once. */
function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      controller.abort(new Error('interrupted'));
      process.once(name, () => process.exit(EXIT.interrupted));
    });
  }
  return controller.signal;
}

/** The demo's company is made anew at every start, so nothing of it is worth a file; memory serves both. */
function storeOf(config: Config, log: Log): StoreSettings {
  if (config.demo || config.isWithoutStore) return {};
  return {
    dir: config.storeDir ?? join(defaultDataDir(), 'store'),
    keepDays: config.storeDays,
    sealAfterMs: config.storeLateHours * 3_600_000,
    onNotice: ({ code, message }) => log.warn('store', { code, notice: message }),
  };
}

/** For a command that reads no log: nothing is opened that it would only close again. */
function withoutSource({ from: _from, ...config }: Config): Config {
  return { ...config, demo: false, isWithoutStore: true };
}

/** The parts for the source that the configuration names; closing them closes it. */
async function openParts(given: Config, tools: readonly Tool[], secrets: Set<string>, log: Log): Promise<Parts> {
  const config = COMMANDS_WITHOUT_LOG.has(given.command.name) ? withoutSource(given) : given;
  const { timeZone, lang, maxRequests, exportDir, from } = config;
  const options = {
    settings: { timeZone, lang, maxRequests },
    exportDir,
    version: packageJson.version,
    installationId: (await openInstallation(defaultDataDir())).id,
    clock: systemClock,
    toolNames: tools.map(({ name }) => name),
  };
  if (from !== undefined) {
    const { createFileParts } = await import('./file-parts.ts');
    return createFileParts({ ...options, path: from });
  }
  const source = await openSource(config, secrets);
  const store = storeOf(config, log);
  const parts = createParts({ ...options, source: source.options, rate: config.rate, alertTo: config.alertTo, store });
  const close = async (): Promise<void> => {
    await parts.close();
    await source.close();
  };
  return { ...parts, close };
}

async function run(config: Config, terminal: Terminal, log: Log, secrets: Set<string>): Promise<number> {
  const signal = interruptSignal();
  // A list that is wrong stops every command; what is served is narrowed, what commands need is not.
  const served = servedTools({ ...config, alertTo: config.from === undefined ? config.alertTo : [] });
  const tools = config.command.name === 'serve' ? served : TOOLS;
  const parts = await openParts(config, tools, secrets, log);
  try {
    const { version } = packageJson;
    const journal = openJournal({
      dir: join(defaultDataDir(), 'journal'),
      clock: systemClock,
      // On a terminal a person sees what was asked for; a server says on stderr what was asked of it.
      log: config.command.name === 'serve' ? log : { info: () => undefined, error: log.error },
      pid: process.pid,
      source: parts.settings.source,
    });
    const command = await COMMAND_RUNS[config.command.name]();
    try {
      return await command({
        config,
        parts,
        tools,
        terminal,
        signal,
        log,
        journal,
        version,
        programPath: fileURLToPath(import.meta.url),
        secrets: () => [...secrets],
      });
    } catch (error) {
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
  // Whoever reads may stop reading (`| head`): the command still ends with its own exit code.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  process.on('uncaughtException', (error) => {
    log.error('uncaught', { error });
    process.exit(EXIT.unexpected);
  });
  try {
    const invocation = readConfig(process.argv.slice(2), process.env, thisMachine(packageJson.version));
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

keepMemoryFlat();
process.exitCode = await main();
