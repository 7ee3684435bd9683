// Owns what of the list of people is kept from one process to the next, and how long it is good for.
import type { Clock } from '../clock.ts';
import type { Person } from './person.ts';

/** No role and no suspension: old ones would mislead whoever acts on them. */
export type KeptName = Pick<Person, 'name' | 'bot'>;

/** The names of everybody, by id, as the API listed them at `atMs`. */
export interface NameList {
  readonly atMs: number;
  readonly names: ReadonlyMap<string, KeptName>;
}

/** Where the list lies. */
export interface NameShelf {
  /** Undefined where there is none. Never throws. */
  load(): Promise<NameList | undefined>;
  /** Whether it is kept now. Never throws. */
  save(list: NameList): Promise<boolean>;
}

export interface KeptNames {
  /** The list, where it is young enough to name people by. */
  list(): Promise<NameList | undefined>;
  save(people: readonly Person[], atMs: number): Promise<boolean>;
}

const HOUR_MS = 3_600_000;
/** A nightly job may be late. */
const GOOD_FOR_MS = 36 * HOUR_MS;
/** Another process may have written a newer one. */
const LOOK_AGAIN_AFTER_MS = HOUR_MS / 6;

export function createKeptNames(shelf: NameShelf, clock: Pick<Clock, 'now'>): KeptNames {
  let loaded: { readonly list: NameList | undefined; readonly untilMs: number } | undefined;
  return {
    async list() {
      if (loaded === undefined || clock.now() >= loaded.untilMs)
        loaded = { list: await shelf.load(), untilMs: clock.now() + LOOK_AGAIN_AFTER_MS };
      const { list } = loaded;
      const ageMs = list === undefined ? -1 : clock.now() - list.atMs;
      return ageMs >= 0 && ageMs < GOOD_FOR_MS ? list : undefined;
    },
    async save(people, atMs) {
      const names = new Map(people.map(({ id, name, bot }) => [id, { name, ...(bot === true ? { bot } : {}) }]));
      const list = { atMs, names };
      const isKept = await shelf.save(list);
      if (isKept) loaded = { list, untilMs: clock.now() + LOOK_AGAIN_AFTER_MS };
      return isKept;
    },
  };
}
