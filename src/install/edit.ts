// Owns the change of a configuration's text: our entry goes in, every other character of the file stays.
import { isDeepStrictEqual } from 'node:util';
import { parse, printParseErrorCode, type ParseError } from 'jsonc-parser';
import { z } from 'zod';
import { AuditError } from '../errors.ts';
import type { ClientInfo } from './clients.ts';
import { SERVER_NAME, type Installation } from './entry.ts';
import { withValueAt } from './json-text.ts';

const BOM = '\uFEFF';
const objectSchema = z.record(z.string(), z.unknown());
const inputsSchema = z.array(z.looseObject({ id: z.unknown() }));
type Values = Readonly<Record<string, unknown>>;

/** Throws AuditError `not_configured` with what is wrong with the file at `path`. */
function refuse(path: string, problem: string): never {
  throw new AuditError('not_configured', `${path} was left as it is: ${problem}.`, {
    hint: 'Mend the file and try again, or add by hand what the same command prints with --dry-run.',
  });
}

/** The value of the file as its client reads it: of keys that stand there twice, the last. */
function read(text: string, { allowsComments }: ClientInfo, path: string): Values {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { disallowComments: !allowsComments, allowTrailingComma: allowsComments });
  const [error] = errors;
  if (error !== undefined) {
    const line = text.slice(0, error.offset).split('\n').length;
    refuse(path, `it is not JSON that the client reads (line ${line}: ${printParseErrorCode(error.error)})`);
  }
  const parsed = objectSchema.safeParse(value);
  return parsed.success ? parsed.data : refuse(path, 'it does not hold an object');
}

interface Change {
  /** Where the text changes: -1 is the end of a list. */
  readonly edits: readonly { readonly at: readonly (string | number)[]; readonly value: unknown }[];
  /** What the file must say afterwards. */
  readonly wanted: Values;
}

function changeOf(old: Values, { serversKey }: ClientInfo, { entry, inputs }: Installation, path: string): Change {
  const servers = objectSchema.safeParse(old[serversKey] ?? {});
  if (!servers.success || old[serversKey] === null) refuse(path, `"${serversKey}" is not an object`);
  const wanted = { ...old, [serversKey]: { ...servers.data, [SERVER_NAME]: entry } };
  const edits = [{ at: [serversKey, SERVER_NAME], value: entry }];
  if (inputs.length === 0) return { edits, wanted };
  const known = inputsSchema.safeParse(old['inputs'] ?? []);
  if (!known.success || old['inputs'] === null) refuse(path, '"inputs" is not a list of questions');
  const places = inputs.map((input) => known.data.findIndex(({ id }) => id === input.id));
  const kept = known.data.map((other) => inputs.find(({ id }) => id === other.id) ?? other);
  const added = inputs.filter((_input, at) => places[at] === -1);
  return {
    edits: [...edits, ...inputs.map((value, index) => ({ at: ['inputs', places[index] ?? -1], value }))],
    wanted: { ...wanted, inputs: [...kept, ...added] },
  };
}

/** `text` of the file at `path` with our entry in it; an empty text is a new file. */
export function withServer(text: string, client: ClientInfo, installation: Installation, path: string): string {
  const bom = text.startsWith(BOM) ? BOM : '';
  const isEmpty = text.slice(bom.length).trim() === '';
  const start = isEmpty ? '{}' : text.slice(bom.length);
  const old = read(start, client, path);
  const { edits, wanted } = changeOf(old, client, installation, path);
  if (isDeepStrictEqual(old, wanted)) return text;
  const changed = edits.reduce((current, { at, value }) => withValueAt(current, at, value), start);
  // Proven on the text itself: a file with a name twice could take the entry in the one that nobody reads.
  if (!isDeepStrictEqual(read(changed, client, path), wanted)) {
    refuse(path, 'the entry can not be added without touching others; is a name in it twice?');
  }
  return `${bom}${changed}${isEmpty ? '\n' : ''}`;
}
