// Owns the store on disk as the program shows it: where it lies, what it holds of the token's log, and the log in front of which it stands.
import type { NameShelf } from '../audit/kept-names.ts';
import { createDisk } from './disk.ts';
import { describeStore } from './folder.ts';
import type { StoredLog } from './stored-log.ts';

export interface HeldLog {
  /** Days with something of them, whatever keys. */
  readonly coveredDays: number;
  readonly bytes: number;
}

export interface LocalStore {
  readonly dir: string;
  readonly log: StoredLog;
  /** What is held of the log that the token opens; undefined where it is not known whose that is, or it cannot be read. */
  held(): Promise<HeldLog | undefined>;
}

export function createLocalStore(dir: string, log: StoredLog): LocalStore {
  return {
    dir,
    log,
    async held() {
      try {
        const segments = await log.segments();
        if (segments === undefined) return undefined;
        const scope = (await describeStore(dir, createDisk())).find(({ folder }) => folder === segments.folder);
        return { coveredDays: scope?.coveredDays ?? 0, bytes: scope?.bytes ?? 0 };
      } catch {
        // What is wrong with the folder is said by the reads that meet it.
        return undefined;
      }
    },
  };
}

/** The names that lie beside the segments. A store that cannot be used has none: names only adorn an answer. */
export function createNameShelf({ segments }: Pick<StoredLog, 'segments'>): NameShelf {
  return {
    async load() {
      try {
        return await (await segments())?.loadNames();
      } catch {
        return undefined;
      }
    },
    async save(list) {
      try {
        const store = await segments();
        await store?.keepNames(list);
        return store !== undefined;
      } catch {
        return false;
      }
    },
  };
}
