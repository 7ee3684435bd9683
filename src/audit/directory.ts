// Owns what is known of the people of a workspace, kept for ten minutes, and whom to ask for: everybody, or single people.
import type { Clock } from '../clock.ts';
import { AuditError } from '../errors.ts';
import type { CallOptions, HttpClient } from '../http/http-client.ts';
import { createKeptNames, type KeptNames, type NameList, type NameShelf } from './kept-names.ts';
import { createPeopleReader, type PeopleReader } from './people-reader.ts';
import type { Person } from './person.ts';

export interface Directory {
  /** Everybody, as of at most `maxAgeMs` ago; without it, of ten minutes. Throws AuditError. */
  everybody(options?: CallOptions & { readonly maxAgeMs?: number }): Promise<readonly Person[]>;
  /** The people of these ids, the most wanted first; ids that nobody has are left out. Throws AuditError. */
  byIds(ids: Iterable<string>, options?: CallOptions): Promise<FoundPeople>;
  /** Keeps the names of everybody, where that was not done lately: how many there are. Undefined: not kept. Throws AuditError. */
  keepNames(options?: CallOptions): Promise<number | undefined>;
  /** Whether byIds has nobody of them to ask for. */
  knowsAll(ids: Iterable<string>): boolean;
  /** What is known of these ids without a request. */
  known(ids: Iterable<string>): ReadonlyMap<string, Person>;
}

export interface FoundPeople {
  readonly people: ReadonlyMap<string, Person>;
  /** When the list was read from which some have no more than a name; absent where there are none. */
  readonly listedAtMs?: number;
  /** Why some were asked about in vain. */
  readonly failure?: unknown;
  /** How many ids were not asked about, because that would have cost too many requests; absent where all were. */
  readonly unasked?: number;
}

export interface DirectoryParts {
  readonly http: HttpClient;
  readonly clock: Pick<Clock, 'now'>;
  /** Where names wait for the next process. */
  readonly shelf?: NameShelf | undefined;
}

const KEPT_MS = 600_000;
/** Names that were kept for less are not read again in order to be kept. */
const RENEW_NAMES_AFTER_MS = 12 * 3_600_000;
/** Where the names of all others are at hand, no more people than these are asked for. */
const ASKED_BESIDE_LIST = 8;
/** So many of them are the most wanted, of whom a name alone is too little. */
const ASKED_FIRST = 4;
/** Requests for single people that run side by side; the rate limit has the last word. */
const SIDE_BY_SIDE = 8;
/**
 * Pages come one after another, single people side by side: in the time of one page, about this many people can be asked
 * for. More pages than that are not read for their sake.
 */
const PEOPLE_PER_PAGE_TIME = 5;

/** People by id, and ids that nobody has, for as long as they are fresh. */
function createMemory(clock: Pick<Clock, 'now'>) {
  const kept = new Map<string, { person: Person | undefined; untilMs: number }>();
  const isFresh = (id: string): boolean => (kept.get(id)?.untilMs ?? Number.NEGATIVE_INFINITY) > clock.now();
  return {
    isFresh,
    keep: (id: string, person: Person | undefined) => void kept.set(id, { person, untilMs: clock.now() + KEPT_MS }),
    ids: () => kept.keys(),
    people(ids: Iterable<string>): Map<string, Person> {
      const found = [...ids].map((id) => [id, isFresh(id) ? kept.get(id)?.person : undefined] as const);
      return new Map(found.filter((entry): entry is [string, Person] => entry[1] !== undefined));
    },
    /** Of whom nothing is known. The API knows people by number alone. */
    unknown: (ids: Iterable<string>): string[] =>
      [...new Set(ids)].filter((id) => !isFresh(id) && /^\d{1,18}$/.test(id)),
  };
}

type Memory = ReturnType<typeof createMemory>;

interface ReadingParts {
  readonly reader: PeopleReader;
  readonly memory: Memory;
  readonly names: KeptNames | undefined;
  readonly clock: Pick<Clock, 'now'>;
}

/** Asks for people, and keeps whom it finds: everybody in `memory`, and the names of a whole list for the next process. */
function createReading({ reader, memory, names, clock }: ReadingParts) {
  /** When the whole list was begun to be read last: the first person in it is no younger. */
  let wholeAtMs = Number.NEGATIVE_INFINITY;
  return {
    /** How old the last whole list is. */
    wholeAgeMs: () => clock.now() - wholeAtMs,
    /** Reads at most `maxPages` pages; how many names are kept, where that was the whole list. */
    async list(maxPages: number, options?: CallOptions): Promise<number | undefined> {
      const listed: Person[] = [];
      const beganMs = clock.now();
      for await (const page of reader.pages(maxPages, options)) {
        for (const person of page.people) memory.keep(person.id, person);
        listed.push(...page.people);
        if (!page.isLast) continue;
        wholeAtMs = beganMs;
        return (await names?.save(listed, beganMs)) === true ? listed.length : undefined;
      }
      return undefined;
    },
    each: (ids: readonly string[], options?: CallOptions): Promise<void> =>
      forEachSideBySide(ids, SIDE_BY_SIDE, async (id) => memory.keep(id, await reader.one(id, options))),
  };
}

interface Asking {
  readonly memory: Memory;
  readonly readEach: (ids: readonly string[]) => Promise<void>;
}

/** The most wanted are asked for, so that their roles are known, and those whom the list lacks. */
async function besideList(
  wanted: readonly string[],
  { names: listed, atMs }: NameList,
  { memory, readEach }: Asking,
): Promise<FoundPeople> {
  const missing = memory.unknown(wanted);
  const [first, others] = [missing.slice(0, ASKED_FIRST), missing.slice(ASKED_FIRST)];
  const isListed = (id: string): boolean => listed.has(id);
  const inOrder = [...first, ...others.filter((id) => !isListed(id)), ...others.filter(isListed)];
  const asking = readEach(inOrder.slice(0, ASKED_BESIDE_LIST));
  // Who may not read people may not read the list either; for any other failure it is there.
  const failure: unknown = await asking.catch((error: unknown) => error);
  if (failure instanceof AuditError && failure.code === 'missing_scope') throw failure;
  const rest = inOrder
    .filter((id) => !memory.isFresh(id))
    .flatMap((id) => {
      const name = listed.get(id);
      return name === undefined ? [] : [[id, { id, ...name }] as const];
    });
  const unasked = inOrder.slice(ASKED_BESIDE_LIST).filter((id) => !isListed(id)).length;
  return {
    people: new Map([...memory.people(wanted), ...rest]),
    ...(rest.length === 0 ? {} : { listedAtMs: atMs }),
    ...(failure === undefined ? {} : { failure }),
    ...(unasked > 0 ? { unasked } : {}),
  };
}

/** Over GET /users and GET /users/{id}; needs the scope users:read. */
export function createDirectory({ http, clock, shelf }: DirectoryParts): Directory {
  const names = shelf && createKeptNames(shelf, clock);
  const memory = createMemory(clock);
  const { people, unknown } = memory;
  const reading = createReading({ reader: createPeopleReader(http, clock), memory, names, clock });

  return {
    knowsAll: (ids) => unknown(ids).length === 0,
    known: people,
    async everybody({ maxAgeMs = KEPT_MS, ...options } = {}) {
      if (reading.wholeAgeMs() >= maxAgeMs) await reading.list(Number.POSITIVE_INFINITY, options);
      return [...people(memory.ids()).values()];
    },
    async byIds(ids, options) {
      const wanted = [...ids];
      const count = unknown(wanted).length;
      const isListOld = reading.wholeAgeMs() >= KEPT_MS;
      const list = isListOld && count > ASKED_BESIDE_LIST ? await names?.list() : undefined;
      if (list !== undefined) {
        return besideList(wanted, list, { memory, readEach: (asked) => reading.each(asked, options) });
      }
      const maxPages = Math.floor(count / PEOPLE_PER_PAGE_TIME);
      if (isListOld && maxPages > 0) await reading.list(maxPages, options);
      // Also after the whole list: it may lack bots or people who left, whom the API still knows by id.
      await reading.each(unknown(wanted), options);
      return { people: people(wanted) };
    },
    async keepNames(options) {
      const list = await names?.list();
      if (list !== undefined && clock.now() - list.atMs < RENEW_NAMES_AFTER_MS) return list.names.size;
      return names && reading.list(Number.POSITIVE_INFINITY, options);
    },
  };
}

async function forEachSideBySide<T>(
  items: readonly T[],
  width: number,
  run: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await run(item);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
}
