// Owns the command `install`: this server in the configuration of a client, without a token in it.
import { stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Config } from '../config.ts';
import { appConfigDir, thisMachine } from '../config/machine.ts';
import { AuditError } from '../errors.ts';
import { CLIENT_NAMES, CLIENTS, isClientName, type ClientInfo, type ClientName } from '../install/clients.ts';
import { withServer } from '../install/edit.ts';
import { cursorLink, installationFor, SERVER_NAME, vscodeLink, type Installation } from '../install/entry.ts';
import { replaceFile } from '../install/replace-file.ts';
import { nearest } from '../text/nearest.ts';
import { cleanText } from '../text/clean.ts';
import type { Command, CommandRun } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { WORDS } from './words.ts';

const LINKS: Partial<Record<ClientName, (installation: Installation) => string>> = {
  cursor: cursorLink,
  vscode: vscodeLink,
};

function clientOf(operand = ''): ClientName {
  if (isClientName(operand)) return operand;
  const value = cleanText(operand, 60);
  const near = nearest(operand, CLIENT_NAMES);
  throw new AuditError('invalid_input', `Unknown client "${value}".`, {
    hint: `${near.length > 0 ? `Did you mean ${near.join(' or ')}? ` : ''}The clients are: ${CLIENT_NAMES.join(', ')}.`,
    fields: [{ field: 'client', message: 'unknown client', value, allowed: CLIENT_NAMES }],
  });
}

/** The flags that were given, as they are to stand in a file: a client starts the server from a folder of its own. */
function passedArgs(config: Config): string[] {
  const values: Readonly<Record<string, unknown>> = { ...config };
  const without = config.isWithoutStore ? ['--no-store'] : [];
  const settings = (config.command.passed ?? []).flatMap(({ setting, flag, value }) => {
    const parsed = values[setting];
    return [flag, typeof parsed === 'string' ? parsed : value];
  });
  const source = config.from === undefined ? [] : ['--from', config.from];
  return [...settings, ...without, ...(config.demo ? ['--demo'] : source)];
}

function launchOf({ config, programPath }: CommandRun, homeDir: string) {
  const start = { command: process.execPath, args: [programPath, ...passedArgs(config)] };
  if (config.demo || config.from !== undefined) return start;
  const { tokenFile } = config;
  const defaultFile = join(homeDir, '.config', 'pachca-audit-mcp', 'token');
  return {
    ...start,
    env: config.passedEnv ?? {},
    token: { defaultFile, ...(tokenFile === undefined ? {} : { file: tokenFile }) },
  };
}

/** What the user does next, and where the token comes from. */
async function sayNext(run: CommandRun, client: ClientInfo, { entry, inputs }: Installation): Promise<void> {
  const { config, terminal, programPath } = run;
  const words = WORDS[config.lang];
  const file = entry.env?.['PACHCA_TOKEN_FILE'];
  if (inputs.length > 0) terminal.err(words.clientAsks(client.title));
  if (file !== undefined) {
    const isThere = (await stat(file).catch(() => undefined)) !== undefined;
    terminal.err(isThere ? words.tokenFile(file) : words.noTokenFile(file));
    if (config.token !== undefined && config.tokenFile === undefined) terminal.err(words.tokenNotWritten);
  }
  if (programPath.includes(`${sep}_npx${sep}`)) terminal.err(words.fromCache(programPath));
  terminal.err(client.next[config.lang]);
}

export const installCommand: Command = async (run) => {
  const { config, terminal, clock, version } = run;
  const words = WORDS[config.lang];
  const name = clientOf(config.command.operand);
  const client: ClientInfo = CLIENTS[name];
  const { homeDir, workDir } = thisMachine(version);
  const path = client.configPath({ homeDir, workDir, appConfigDir: appConfigDir() });
  const installation = installationFor(client, launchOf(run, homeDir));
  const change = (text = '') => withServer(text, client, installation, path);
  const isDry = config.command.dryRun === true;
  const replaced = await replaceFile(path, change, { nowMs: clock.now(), isDry });
  if (isDry) {
    terminal.err(words.wouldInstall(client.title, path));
    const { entry, inputs } = installation;
    const servers = { [client.serversKey]: { [SERVER_NAME]: entry } };
    terminal.out(JSON.stringify({ ...servers, ...(inputs.length > 0 ? { inputs } : {}) }, undefined, 2));
    const link = LINKS[name]?.(installation);
    if (link !== undefined) terminal.err(`${words.asLink}: ${link}`);
  } else {
    const said = replaced.isChanged ? words.installed : words.installedAlready;
    terminal.out(said(client.title, replaced.path));
    if (replaced.backupPath !== undefined) terminal.out(`${words.oldFile}: ${replaced.backupPath}`);
  }
  await sayNext(run, client, installation);
  return EXIT.done;
};
