// Owns names: the table of people in an answer, the search for a person, and from what a caller writes to an id.
import { AuditError, type ErrorCode } from '../errors.ts';
import type { CallOptions } from '../http/http-client.ts';
import { cleanText } from '../text/clean.ts';
import { nearest } from '../text/nearest.ts';
import { createDirectory, type Directory, type DirectoryParts } from './directory.ts';
import { foldName, meant, searched, type Person } from './person.ts';
import { SCOPES } from './token.ts';

export type { Person } from './person.ts';

/** `offline`: an exported file holds no names; `late`: no time was left. */
export type NamesGap = 'offline' | 'late' | ErrorCode;

/** People of an answer by id. */
export type PeopleTable = Record<string, Omit<Person, 'id' | 'nickname' | 'email'>>;

export interface Names {
  /** Absent where nothing is known. */
  readonly table?: PeopleTable;
  /** Why the table lacks names that it might have had. */
  readonly gap?: NamesGap;
  /** When the list was read from which some have no more than their name; absent where there are none. */
  readonly listedAtMs?: number;
  /** How many of the ids were not asked about; absent where all were. */
  readonly unasked?: number;
}

export interface NameOptions extends CallOptions {
  /** Milliseconds after which the answer leaves with the names that are known. */
  readonly withinMs?: number | undefined;
}

export interface People {
  /**
   * Names of `ids`; ids that nobody has are left out. Names only adorn an answer, so that a failure throws nothing but
   * the reason of an aborted signal.
   */
  names(ids: Iterable<string>, options?: NameOptions): Promise<Names>;
  /** At most `limit` people whose name, nickname, e-mail or id holds every word of `query`, best first. Throws AuditError. */
  find(query: string, limit: number, options?: CallOptions): Promise<Person[]>;
  /** Keeps the names of everybody for the next process: how many there are. Undefined: they are not kept. Throws AuditError. */
  keepNames(options?: CallOptions): Promise<number | undefined>;
  /**
   * The id that `text` means: a number as it is; an e-mail, @nickname, full name in either order, or a part of a name
   * that one person alone has. Throws `ambiguous_actor` with the candidates, `not_found` with the nearest names,
   * `missing_scope` where names cannot be read.
   */
  resolveActor(text: string, options?: CallOptions): Promise<string>;
}

const CANDIDATES_MAX = 10;
const NEAREST_MAX = 5;
/** Who is not in a list older than this is looked for in a new one; whoever mistypes twice does not read it twice. */
const MISS_AGE_MS = 60_000;

export interface PeopleParts extends DirectoryParts {
  /** A signal that is aborted after `ms`. Default: by the system's clock. */
  readonly timeLimit?: (ms: number) => AbortSignal;
}

export function createPeople(parts: PeopleParts): People {
  const directory = createDirectory(parts);
  const { timeLimit = (ms: number) => AbortSignal.timeout(ms) } = parts;

  const limited = (options: CallOptions, withinMs: number | undefined): CallOptions => {
    if (withinMs === undefined) return options;
    const late = timeLimit(withinMs);
    return { ...options, signal: options.signal === undefined ? late : AbortSignal.any([options.signal, late]) };
  };

  return {
    async names(ids, { withinMs, ...options } = {}) {
      const wanted = [...ids];
      // Most of the time: signals for what is not asked would cost more than the names.
      if (directory.knowsAll(wanted)) return { table: tableOf(directory.known(wanted)) };
      try {
        const { people, failure, ...rest } = await directory.byIds(wanted, limited(options, withinMs));
        options.signal?.throwIfAborted();
        return { table: tableOf(people), ...rest, ...(failure === undefined ? {} : { gap: gapOf(failure) }) };
      } catch (error) {
        options.signal?.throwIfAborted();
        const known = directory.known(wanted);
        return { gap: gapOf(error), ...(known.size === 0 ? {} : { table: tableOf(known) }) };
      }
    },
    keepNames: (options) => directory.keepNames(options),
    async find(query, limit, options) {
      const { found } = await searchEverybody(directory, (people) => searched(query, people), options);
      return found.slice(0, limit);
    },
    async resolveActor(text, options) {
      const written = text.trim();
      // Ids in the log have no zeros before them.
      if (/^\d{1,18}$/.test(written)) return written.replace(/^0+(?=\d)/u, '');
      const { found, people } = await searchEverybody(directory, (all) => meant(written, all), options);
      const [first, ...others] = found;
      if (first === undefined) throw nobody(written, people);
      if (others.length > 0) throw severalPeople(written, [first, ...others]);
      return first.id;
    },
  };
}

/** What `search` finds among everybody; where that is nobody, among those of now: an account may be minutes old. */
async function searchEverybody(
  directory: Directory,
  search: (people: readonly Person[]) => readonly Person[],
  options: CallOptions | undefined,
): Promise<{ found: readonly Person[]; people: readonly Person[] }> {
  try {
    let people = await directory.everybody(options);
    if (search(people).length === 0) people = await directory.everybody({ ...options, maxAgeMs: MISS_AGE_MS });
    return { found: search(people), people };
  } catch (error) {
    throw isMissingScope(error) ? namesUnreadable(error) : error;
  }
}

function tableOf(people: ReadonlyMap<string, Person>): PeopleTable {
  return Object.fromEntries(
    [...people].map(([id, { id: _id, nickname: _nickname, email: _email, ...shown }]) => [id, shown]),
  );
}

function isMissingScope(error: unknown): error is AuditError {
  return error instanceof AuditError && error.code === 'missing_scope';
}

function gapOf(error: unknown): NamesGap {
  if (error instanceof AuditError) return error.code;
  return error instanceof Error && error.name === 'TimeoutError' ? 'late' : 'internal';
}

function namesUnreadable(cause: AuditError): AuditError {
  return new AuditError('missing_scope', `Names cannot be looked up: the token lacks the scope ${SCOPES.users}`, {
    hint: `Give the numeric id of the person, or grant ${SCOPES.users} to the token in Pachca (Automations → API).`,
    fields: [{ field: 'actor', message: 'only numeric ids work without that scope' }],
    cause,
    ...(cause.status === undefined ? {} : { status: cause.status }),
    ...(cause.requestId === undefined ? {} : { requestId: cause.requestId }),
  });
}

function severalPeople(text: string, people: readonly Person[]): AuditError {
  const value = cleanText(text, 100);
  const allowed = people.slice(0, CANDIDATES_MAX).map(describe);
  const more = people.length > allowed.length ? `, and ${people.length - allowed.length} more` : '';
  return new AuditError('ambiguous_actor', `"${value}" may be any of ${people.length} people`, {
    hint: `Give the id of one of them: ${allowed.join('; ')}${more}.`,
    fields: [{ field: 'actor', message: 'several people match', value, allowed }],
  });
}

function nobody(text: string, people: readonly Person[]): AuditError {
  const value = cleanText(text, 100);
  const near = namesNear(text, people).map(describe);
  return new AuditError('not_found', `Nobody in the directory is called "${value}"`, {
    hint:
      near.length === 0
        ? 'Search with find_people, or give the numeric id: people who were deleted are known to the log by id alone, and user_deleted events tell these.'
        : `Did you mean ${near.join('; ')}? Give the id.`,
    fields: [{ field: 'actor', message: 'nobody matches', value, ...(near.length === 0 ? {} : { allowed: near }) }],
  });
}

/** People of whom a name, nickname or e-mail comes near to `text`. */
function namesNear(text: string, people: readonly Person[]): Person[] {
  const wanted = foldName(text).replace(/^@/, '');
  const byName = new Map<string, Person>();
  for (const person of people) {
    const names = [person.name, person.name.split(' ').reverse().join(' '), ...person.name.split(' ')];
    for (const name of [...names, person.nickname, person.email]) if (name) byName.set(foldName(name), person);
  }
  const found = nearest(wanted, [...byName.keys()], NEAREST_MAX * 2).flatMap((name) => byName.get(name) ?? []);
  return [...new Set(found)].slice(0, NEAREST_MAX);
}

/** `101 "Анна Петрова" (@anna, admin, suspended)`, clean. */
function describe({ id, name, nickname, role, bot, suspended }: Person): string {
  const handle = nickname === undefined ? undefined : `@${inOneWord(nickname)}`;
  const marks = [handle, role && inOneWord(role), bot && 'bot', suspended && 'suspended'];
  const shown = marks.filter((mark) => mark !== undefined).join(', ');
  return `${id} ${quoted(name)}${shown === '' ? '' : ` (${shown})`}`;
}

/** People choose their names: one that looks like the end of its entry and the beginning of another must not be taken for it. */
function quoted(text: string): string {
  return JSON.stringify(cleanText(text, 80));
}

function inOneWord(text: string): string {
  return /^[\p{L}\p{N}._-]{1,80}$/u.test(text) ? text : quoted(text);
}
