// Owns the configuration: argv and the environment in, one frozen Config out. The only reader of the environment.
import { AuditError } from './errors.ts';
import type { CommandCall, CommandLine } from './config/command-line.ts';
import type { Machine } from './config/machine.ts';
import { settingsOf, type Environment, type SettingInfo, type SettingList, type Settings } from './config/settings.ts';
import { readTokenFile } from './config/token-file.ts';
import { localPath, tokenText } from './config/values.ts';
import { cleanText } from './text/clean.ts';

/** Everything that the program was told, fixed at its start. */
export interface Config extends Readonly<Settings> {
  readonly command: CommandCall;
  /** Against the embedded simulator: `token` and `apiUrl` are not used, and no token is read. */
  readonly demo: boolean;
  /** Absolute path of an exported file to answer from: like `demo`, without token and network. */
  readonly from?: string;
  /** Nothing of the log is kept on disk, and nothing that was kept is used. */
  readonly isWithoutStore: boolean;
  /** For `install`: variables that were set and have no flag, no secret among them. */
  readonly passedEnv?: Readonly<Record<string, string>>;
}

/** A program to run, or a text that was asked for (help, version) and goes to stdout. */
export type Invocation =
  | { readonly kind: 'print'; readonly text: string }
  | { readonly kind: 'run'; readonly config: Config };

/**
 * Reads `argv` (without node and script) and `env`; flags win, empty values count as unset. Throws `invalid_input` for a
 * wrong command or flag and `not_configured` for a wrong setting of the environment, each named; the token is in neither.
 * A missing token is no error here: some commands need none, and the server says it where a user can read it.
 */
export async function readConfig(argv: readonly string[], env: Environment, machine: Machine): Promise<Invocation> {
  const { schema, list } = settingsOf(machine, env);
  const line = await readCommandLine(argv, list, machine.version);
  if (line.kind === 'print') return line;
  const sources = new Map(list.map(([name, info]) => [name, sourceOf(info, line.flags[name], env)]));
  const from = fileSource(line, machine);
  if (line.demo || from !== undefined) for (const name of OF_API) sources.delete(name);
  const raw = [...sources].flatMap(([name, source]) => (source === undefined ? [] : [[name, source.value] as const]));
  const fallbacks = list.map(([name, { fallback, demoFallback }]) => {
    return [name, line.demo ? (demoFallback ?? fallback) : fallback] as const;
  });
  const parsed = await schema.safeParseAsync(Object.fromEntries([...fallbacks, ...raw]));
  if (!parsed.success) throw settingError(parsed.error.issues, sources);
  const { token: written, ...settings } = parsed.data;
  if (settings.httpToken !== undefined && settings.httpTokenFile !== undefined) {
    throw setTwice('PACHCA_AUDIT_HTTP_TOKEN', 'PACHCA_AUDIT_HTTP_TOKEN_FILE');
  }
  const token = tokenFrom(written, settings.tokenFile, machine);
  // A program that is started by another needs them in its environment again: they have no flag, and are no secrets.
  const passedEnv = list.flatMap(([name, { env: variable, flag }]) => {
    const isPassed = variable !== undefined && flag === undefined && !variable.endsWith('_FILE');
    const source = isPassed ? sources.get(name) : undefined;
    return source === undefined || variable === undefined || mustHide(source)
      ? []
      : [[variable, source.value] as const];
  });
  const source = {
    demo: line.demo,
    ...(line.call.name === 'install' ? { passedEnv: Object.fromEntries(passedEnv) } : {}),
    isWithoutStore: line.isWithoutStore === true,
    ...(from === undefined ? {} : { from }),
    ...(token === undefined ? {} : { token }),
  };
  return freeze({ kind: 'run', config: { ...settings, ...source, command: line.call } });
}

/** What neither the simulator nor a file is asked with. */
const OF_API = [
  'token',
  'tokenFile',
  'apiUrl',
  'proxy',
  'noProxy',
  'extraCaCerts',
] as const satisfies (keyof Settings)[];

const NO_ARGUMENTS: CommandLine = { kind: 'call', demo: false, flags: {}, call: { name: 'serve', input: {} } };

/** Clients start the server without arguments, and wait for it: what reads them is loaded where there are any. */
async function readCommandLine(argv: readonly string[], list: SettingList, version: string): Promise<CommandLine> {
  if (argv.length === 0) return NO_ARGUMENTS;
  const { parseCommandLine } = await import('./config/command-line.ts');
  return parseCommandLine(argv, list, version);
}

function fileSource(line: { demo: boolean; from?: string }, machine: Machine): string | undefined {
  const { from } = line;
  if (from === undefined) return undefined;
  if (!line.demo && from.trim() !== '') return localPath(machine.homeDir, machine.workDir).parse(from);
  const message = line.demo ? 'given beside --demo: one source is answered from' : 'names no file';
  throw new AuditError('invalid_input', `--from: ${message}.`, {
    hint: 'Give --from FILE alone, or --demo alone.',
    fields: [{ field: '--from', message }],
  });
}

const NO_TOKEN = {
  en: {
    message: 'There is no token.',
    hint: "Set PACHCA_TOKEN to the workspace owner's token, or PACHCA_TOKEN_FILE to a file that holds it; --demo needs none.",
  },
  ru: {
    message: 'Токена нет.',
    hint: 'Задайте PACHCA_TOKEN (токен владельца пространства) или PACHCA_TOKEN_FILE (файл с ним); для --demo токен не нужен.',
  },
} as const satisfies Record<Config['lang'], { message: string; hint: string }>;

/** The token, or the error that says how to set it. */
export function requireToken({ token, lang }: Pick<Config, 'token' | 'lang'>): string {
  if (token !== undefined) return token;
  const { message, hint } = NO_TOKEN[lang];
  throw new AuditError('not_configured', message, {
    hint,
    fields: [{ field: 'PACHCA_TOKEN', message: 'not set' }],
  });
}

interface Source {
  readonly kind: 'flag' | 'env';
  /** The flag or variable, as in errors. */
  readonly name: string;
  readonly value: string;
  readonly secret: boolean;
}

function sourceOf(info: SettingInfo, flag: string | undefined, env: Environment): Source | undefined {
  const secret = info.secret === true;
  if (flag !== undefined) return { kind: 'flag', name: info.flag?.split(' ')[0] ?? 'a flag', value: flag, secret };
  if (info.env === undefined) return undefined;
  const names = [info.env, ...(info.isEnvInAnyCase === true ? [info.env.toLowerCase()] : [])];
  const value = names.map((name) => env[name]?.trim() ?? '').find((text) => text !== '') ?? '';
  return value === '' ? undefined : { kind: 'env', name: info.env, value, secret };
}

function settingError(
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
  sources: ReadonlyMap<string, Source | undefined>,
): AuditError {
  const wrong = issues.map(({ path, message }) => ({ source: sources.get(String(path[0])), path, message }));
  const fields = wrong.map(({ source, path, message }) => ({
    field: source?.name ?? String(path[0]),
    message,
    ...(source === undefined || mustHide(source) ? {} : { value: cleanText(source.value, 100) }),
  }));
  const said = fields.map(
    ({ field, message, value }) => `${field}${value === undefined ? '' : ` "${value}"`}: ${message}`,
  );
  const isFlag = wrong.some(({ source }) => source?.kind === 'flag');
  return new AuditError(isFlag ? 'invalid_input' : 'not_configured', `${said.join('; ')}.`, {
    hint: 'Correct the named settings, or leave them out.',
    fields,
  });
}

/** A URL may hold a password before the at sign. */
function mustHide({ secret, value }: Source): boolean {
  return secret || value.includes('@');
}

function tokenFrom(written: string | undefined, file: string | undefined, machine: Machine): string | undefined {
  if (file === undefined) return written;
  if (written !== undefined) throw setTwice('PACHCA_TOKEN', 'PACHCA_TOKEN_FILE');
  const parsed = tokenText.safeParse(readTokenFile(file, machine.hasFileModes));
  if (parsed.success) return parsed.data;
  const message = parsed.error.issues[0]?.message ?? 'holds no token';
  throw new AuditError('not_configured', `PACHCA_TOKEN_FILE ${file}: ${message}.`, {
    hint: 'Put the token alone into the file.',
    fields: [{ field: 'PACHCA_TOKEN_FILE', message, value: file }],
  });
}

function setTwice(name: string, fileName: string): AuditError {
  return new AuditError('not_configured', `${name} and ${fileName} are both set.`, {
    hint: 'Unset one of them: two tokens leave it open which is used.',
    fields: [{ field: fileName, message: `set beside ${name}` }],
  });
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) freeze(part);
  }
  return value;
}
