// Owns the command line: argv in; the command, its options and the flags of settings out, or a text to print.
import { Command, CommanderError, Help, InvalidArgumentError, Option } from 'commander';
import type { z } from 'zod';
import { AuditError } from '../errors.ts';
import { cleanText } from '../text/clean.ts';
import { nearest } from '../text/nearest.ts';
import {
  COMMAND_LIST,
  GROUPS,
  isCommandName,
  ownOptionsSchema,
  type CommandEntry,
  type CommandName,
  type CommandOption,
} from './commands.ts';
import type { SettingList } from './settings.ts';

export interface CommandCall extends z.output<typeof ownOptionsSchema> {
  readonly name: CommandName;
  /** Arguments for the tool behind the command, under the tool's names; not yet checked by its schema. */
  readonly input: Readonly<Record<string, unknown>>;
  /** What stands behind the command's name, where it takes something. */
  readonly operand?: string;
  /** Flags of settings to hand on, where the command does. */
  readonly passed?: readonly PassedFlag[];
}

export interface PassedFlag {
  readonly setting: string;
  /** Without its placeholder. */
  readonly flag: string;
  readonly value: string;
}

export type CommandLine =
  | { readonly kind: 'print'; readonly text: string }
  | {
      readonly kind: 'call';
      readonly call: CommandCall;
      readonly demo: boolean;
      /** An exported file to answer from, as written. */
      readonly from?: string;
      /** `--no-store` was given. */
      readonly isWithoutStore?: true;
      /** Flags of settings by the setting's name. */
      readonly flags: Readonly<Record<string, string>>;
    };

/** Reads `argv` (without node and script). Throws `invalid_input` for what it does not know, with the nearest that it does. */
export function parseCommandLine(argv: readonly string[], settings: SettingList, version: string): CommandLine {
  refuseTokenFlag(argv);
  refuseUnknownCommand(argv[0]);
  const printed: string[] = [];
  const calls: CommandLine[] = [];
  const program = programOf(settings, version, (call) => calls.push(call));
  configure(program, (text) => printed.push(text));
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.excessArguments') refuseUnknownCommand(program.args[0]);
    if (error.code === 'commander.help' && error.exitCode !== 0) throw incompleteError(argv);
    if (error.exitCode !== 0) throw usageError(error.message);
  }
  return calls[0] ?? { kind: 'print', text: printed.join('') };
}

function programOf(settings: SettingList, version: string, onCall: (line: CommandLine) => void): Command {
  const program = new Command('pachca-audit-mcp')
    .description('MCP server and command-line tools for the audit log of a Pachca workspace')
    .version(version, '--version', 'prints the version')
    .addHelpText('after', environmentHelp(settings));
  addCommonOptions(program, settings);
  for (const [name, entry] of COMMAND_LIST) {
    const [word = name, ...words] = name.split(' ').toReversed();
    const parent = words.length === 0 ? program : groupOf(program, words.join(' '), settings);
    const command = parent.command(word, { isDefault: entry.isDefault === true }).description(entry.summary);
    for (const option of entry.options) command.addOption(toOption(option));
    addCommonOptions(command, settings);
    if (entry.operand !== undefined) command.argument(entry.operand, entry.operandMeaning);
    command.action(() => onCall(callOf(name, entry, command, settings)));
  }
  return program;
}

/** The command that only holds others, such as `store`. */
function groupOf(program: Command, name: string, settings: SettingList): Command {
  const known = program.commands.find((command) => command.name() === name);
  if (known !== undefined) return known;
  const group = program.command(name).description(GROUPS[name] ?? '');
  addCommonOptions(group, settings);
  return group;
}

function addCommonOptions(command: Command, settings: SettingList): void {
  command.option('--demo', 'runs against the embedded simulator: no token, no network');
  command.option('--from <file>', 'answers from an exported NDJSON file, plain or .gz: no token, no network');
  command.option('--no-store', 'keeps nothing of the log on disk and uses nothing that was kept');
  for (const [, { flag, meaning, defaultText }] of settings) {
    if (flag === undefined) continue;
    const option = new Option(flag, plain(`${meaning} (default: ${defaultText})`)).helpGroup('Settings:');
    command.addOption(option.argParser(textOf));
  }
}

function toOption({ flag, kind, meaning }: CommandOption): Option {
  const option = new Option(flag, meaning);
  if (kind === 'list') return option.argParser<string[]>((text, before) => [...(before ?? []), ...listOf(text)]);
  if (kind === 'integer') return option.argParser<number>(integerOf);
  return option.required ? option.argParser(textOf) : option;
}

const MAX_PORT = 65_535;

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** As `--host "$UNSET"` gives it: taken for a value, an empty text would mean every address, or the current folder. */
function textOf(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It is empty.');
  return text;
}

function integerOf(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is not a whole number.');
  return Number(text);
}

function callOf(name: string, entry: CommandEntry, command: Command, settings: SettingList): CommandLine {
  if (!isCommandName(name)) throw new AuditError('internal', `Command ${name} is not in the table.`);
  const values: Record<string, unknown> = command.optsWithGlobals();
  const of = (option: CommandOption) => values[toOption(option).attributeName()];
  const given = entry.options.filter((option) => of(option) !== undefined);
  const own = given.filter(({ argument }) => argument === undefined);
  const port = values['port'];
  if (typeof port === 'number' && port > MAX_PORT) throw usageError(`error: '--port' is not 0 to ${MAX_PORT}`);
  const [operand] = command.args;
  const passed = settings.flatMap(([setting, { flag }]) => {
    const value = values[setting];
    return typeof value === 'string' ? [{ setting, flag: flag?.split(' ')[0] ?? '', value }] : [];
  });
  return {
    kind: 'call',
    demo: values['demo'] === true,
    ...(typeof values['from'] === 'string' ? { from: values['from'] } : {}),
    ...(isWithoutStore(command) ? { isWithoutStore: true } : {}),
    flags: Object.fromEntries(passed.map(({ setting, value }) => [setting, value])),
    call: {
      name,
      input: Object.fromEntries(given.flatMap((option) => (option.argument ? [[option.argument, of(option)]] : []))),
      ...(operand === undefined ? {} : { operand }),
      ...(entry.passesSettings === true ? { passed } : {}),
      ...ownOptionsSchema.parse(
        Object.fromEntries(own.map((option) => [toOption(option).attributeName(), of(option)])),
      ),
    },
  };
}

/** A parent's default would win over what the command was given, so each level is asked. */
function isWithoutStore(command: Command): boolean {
  return command.opts()['store'] === false || (command.parent !== null && isWithoutStore(command.parent));
}

/** Nothing leaves through commander: texts are collected, ends are thrown. Settings are inherited by no subcommand. */
function configure(command: Command, print: (text: string) => void): void {
  command.exitOverride().configureOutput({ writeOut: print, writeErr: () => undefined });
  for (const child of command.commands) configure(child, print);
}

/** Laid out as the options above it are. */
function environmentHelp(settings: SettingList): string {
  const items = settings.flatMap(([, { env, flag, meaning }]) =>
    env === undefined ? [] : [{ env, text: flag === undefined ? plain(meaning) : `as ${flag}` }],
  );
  const width = Math.max(...items.map(({ env }) => env.length));
  const help = new Help();
  const lines = items.map(({ env, text }) => help.formatItem(env, width, text, help));
  return ['', 'Environment:', ...lines, '', 'Flags win over the environment.'].join('\n');
}

/** Markdown of the table without its marks. */
function plain(markdown: string): string {
  return markdown.replaceAll('`', '');
}

const HELP_HINT = '--help lists the commands and options.';

function usageError(message: string): AuditError {
  // "error: unknown option '--tok=…'": what follows the equals sign may be a secret that was meant for somewhere else.
  const [first = '', suggestion = ''] = message
    .replace(/^error: /, '')
    .replaceAll(/(--?[\w-]+)=[^']*/g, '$1')
    .split('\n');
  const flag = /'(-[^ ']*)/.exec(first)?.[1];
  const near = /Did you mean (?:one of )?(.+?)\?/.exec(suggestion)?.[1]?.split(', ');
  const sentence = cleanText(first, 200).replace(/\.?$/, '.');
  return new AuditError('invalid_input', `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`, {
    hint: near === undefined ? HELP_HINT : `Did you mean ${near.join(' or ')}? ${HELP_HINT}`,
    fields: [
      { field: flag ?? 'command', message: cleanText(first, 200), ...(near === undefined ? {} : { allowed: near }) },
    ],
  });
}

/** A group was named without one of its commands. */
function incompleteError(argv: readonly string[]): AuditError {
  const group = argv.find((word) => Object.hasOwn(GROUPS, word)) ?? '';
  const allowed = COMMAND_LIST.map(([name]) => name).filter((name) => name.startsWith(`${group} `));
  const message = `"${group}" needs one more word`;
  return new AuditError('invalid_input', `${message}.`, {
    hint: `Give one of: ${allowed.join(', ')}. ${HELP_HINT}`,
    fields: [{ field: 'command', message, allowed }],
  });
}

/** Before anything else: the options behind a mistyped command are not what is wrong. */
function refuseUnknownCommand(word: string | undefined): void {
  if (word === undefined || word.startsWith('-') || word === 'help') return;
  const allowed = [...new Set(COMMAND_LIST.map(([name]) => name.split(' ')[0] ?? name))];
  if (allowed.includes(word)) return;
  const near = nearest(word, allowed);
  const value = cleanText(word, 60);
  throw new AuditError('invalid_input', `Unknown command "${value}".`, {
    hint: near.length > 0 ? `Did you mean ${near.join(' or ')}? ${HELP_HINT}` : HELP_HINT,
    fields: [{ field: 'command', message: 'unknown command', value, allowed }],
  });
}

function refuseTokenFlag(argv: readonly string[]): void {
  const flag = argv.map((word) => word.split('=')[0] ?? '').find((word) => /^--?(?:[\w-]*-)?token$/i.test(word));
  if (flag === undefined) return;
  const message = 'the token is never a flag: arguments are visible to every user of the machine';
  throw new AuditError('invalid_input', `${flag}: ${message}.`, {
    hint: 'Set PACHCA_TOKEN, or PACHCA_TOKEN_FILE to a file that only you can read.',
    fields: [{ field: flag, message }],
  });
}
