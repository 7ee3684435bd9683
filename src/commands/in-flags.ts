// Owns errors of tools as the command line says them: options by their flags instead of the tool's arguments.
import { COMMANDS, type CommandEntry, type CommandName } from '../config/commands.ts';
import { AuditError } from '../errors.ts';

/** Phrases for agents, and what to type instead. */
const PHRASES: readonly (readonly [phrase: string, typed: string])[] = [
  ['set overwrite to true', 'give --overwrite'],
  ['overwrite: true', '--overwrite'],
];

/** `--out` is handed on under another name than an option's own. */
const OUT = ['file_name', '--out'] as const;

function flagsOf(name: CommandName): readonly (readonly [argument: string, flag: string])[] {
  const { options }: CommandEntry = COMMANDS[name];
  const given = options.flatMap(({ argument, flag }) => {
    return argument === undefined ? [] : [[argument, flag.replace(/ .*$/u, '')] as const];
  });
  return [OUT, ...given];
}

/** `error` of a tool that the command `name` has called. */
export function inFlags(error: unknown, name: CommandName): unknown {
  if (!(error instanceof AuditError)) return error;
  const flags = flagsOf(name);
  const said = (text: string): string => {
    const typed = PHRASES.reduce((before, [phrase, instead]) => before.replaceAll(phrase, instead), text);
    return flags.reduce((before, [argument, flag]) => {
      // A name of one word is also a word: it is an argument where its value or what is wrong with it follows.
      const end = argument.includes('_') ? String.raw`\b` : String.raw`(?=: | ")`;
      return before.replaceAll(new RegExp(String.raw`(?<![\w-])${argument}(?:\[\d+\])?${end}`, 'gu'), flag);
    }, typed);
  };
  const fields = error.fields?.map((one) => ({ ...one, field: said(`${one.field}: `).slice(0, -2) }));
  const { code, message, hint, status, requestId, retryAfterSeconds, retryable } = error;
  return new AuditError(code, said(message), {
    cause: error,
    ...Object.fromEntries(
      Object.entries({ status, requestId, retryAfterSeconds, retryable, fields }).filter(
        ([, value]) => value !== undefined,
      ),
    ),
    ...(hint === undefined ? {} : { hint: said(hint) }),
  });
}
