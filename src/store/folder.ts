// Owns the store's folder as a whole, whoever's logs lie in it: what is there and how big it is, and removing it.
import { join } from 'node:path';
import { z } from 'zod';
import { PART_SUFFIX, type Disk } from './disk.ts';
import { fileKind, isScopeId, keyOfFolder, NAMES_FILE, SCOPE_FILE, SHEET_FOLDER, type StoreScope } from './layout.ts';

export interface StoredKey {
  readonly eventKey: string;
  /** Oldest first. */
  readonly days: readonly string[];
  readonly bytes: number;
}

export interface StoredScope {
  /** Name of its folder. */
  readonly id: string;
  readonly folder: string;
  /** What its folder says of itself, for people; absent where it says nothing. */
  readonly owner?: StoreScope;
  /** By event key, in the order of the alphabet. */
  readonly keys: readonly StoredKey[];
  /** Days with a segment of some key. */
  readonly coveredDays: number;
  /** Days that were read whole, every key of them, oldest first. */
  readonly wholeDays: readonly string[];
  readonly bytes: number;
  /** Files that were set aside. */
  readonly damaged: number;
}

interface StoreFile {
  readonly path: string;
  readonly folder: string;
  readonly kind: 'segment' | 'sheet' | 'damaged' | 'part';
  readonly day: string;
  /** Absent: a sheet. */
  readonly eventKey?: string;
}

/** What lies in the store, scope by scope. `bytes` are those of all files, damaged ones too. */
export async function describeStore(dir: string, disk: Disk): Promise<StoredScope[]> {
  const ids = (await disk.list(dir)).filter(isScopeId).sort();
  return Promise.all(ids.map((id) => describeScope(join(dir, id), id, disk)));
}

async function describeScope(folder: string, id: string, disk: Disk): Promise<StoredScope> {
  const files = await Promise.all(
    (await filesOf(folder, disk)).map(async (file) => ({ ...file, bytes: (await disk.stat(file.path))?.bytes ?? 0 })),
  );
  const segments = files.filter(({ kind }) => kind === 'segment');
  const names = [...new Set(segments.flatMap(({ eventKey }) => eventKey ?? []))].sort();
  const keys = names.map((eventKey): StoredKey => {
    const ofKey = segments.filter((file) => file.eventKey === eventKey);
    return { eventKey, days: ofKey.map(({ day }) => day).sort(), bytes: sumBytes(ofKey) };
  });
  return {
    id,
    folder,
    ...(await readOwner(folder, disk)),
    keys,
    coveredDays: new Set(files.filter(({ kind }) => kind !== 'damaged' && kind !== 'part').map(({ day }) => day)).size,
    wholeDays: files.flatMap(({ kind, day }) => (kind === 'sheet' ? [day] : [])).sort(),
    bytes: sumBytes(files),
    damaged: files.filter(({ kind }) => kind === 'damaged').length,
  };
}

const ownerSchema = z.object({ api_url: z.string(), owner_id: z.string() });

async function readOwner(folder: string, disk: Disk): Promise<{ owner?: StoreScope }> {
  try {
    const text = (await disk.read(join(folder, SCOPE_FILE)))?.toString('utf8');
    const { api_url: apiUrl, owner_id: ownerId } = ownerSchema.parse(JSON.parse(text ?? ''));
    return { owner: { apiUrl, ownerId } };
  } catch {
    return {};
  }
}

function sumBytes(files: readonly { bytes: number }[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

export interface Removal {
  readonly dir: string;
  readonly disk: Disk;
  /** Days before this one go; absent: everything goes. */
  readonly before?: string;
  /** The folder of one scope, which alone is looked at; absent: every scope. */
  readonly folder?: string;
}

/**
 * Removes segments, and nothing that is not the store's. Sheets go first: a day without its sheet is asked
 * for again, a sheet without its segments would have to be noticed.
 */
export async function removeDays({
  dir,
  disk,
  before,
  folder: only,
}: Removal): Promise<{ segments: number; bytes: number }> {
  const all = async () => (await disk.list(dir)).filter(isScopeId).map((id) => join(dir, id));
  const folders = only === undefined ? await all() : [only];
  const removed = { segments: 0, bytes: 0 };
  for (const folder of folders) {
    const files = (await filesOf(folder, disk)).filter(({ day }) => before === undefined || day < before);
    for (const file of files.sort((a, b) => rank(a) - rank(b))) {
      removed.bytes += (await disk.stat(file.path))?.bytes ?? 0;
      removed.segments += file.kind === 'segment' ? 1 : 0;
      await disk.remove(file.path);
    }
    for (const emptied of new Set(files.map((file) => file.folder))) await disk.removeEmptyFolder(emptied);
    if (before === undefined) await removeScope(folder, disk);
  }
  return removed;
}

function rank({ kind }: StoreFile): number {
  return kind === 'sheet' ? 0 : 1;
}

async function removeScope(folder: string, disk: Disk): Promise<void> {
  for (const name of await disk.list(folder)) {
    const isOurs = [NAMES_FILE, SCOPE_FILE].some((file) => name === file || isPartOf(name, file));
    if (isOurs) await disk.remove(join(folder, name));
    else if (name === SHEET_FOLDER || keyOfFolder(name) !== undefined) await disk.removeEmptyFolder(join(folder, name));
  }
  await disk.removeEmptyFolder(folder);
}

function isPartOf(name: string, file: string): boolean {
  return name.startsWith(`.${file}.`) && name.endsWith(PART_SUFFIX);
}

/** Removes what writers left half done that were killed more than an hour before `nowMs`. */
export async function removeParts(dir: string, disk: Disk, nowMs: number): Promise<void> {
  for (const id of (await disk.list(dir)).filter(isScopeId)) {
    const folder = join(dir, id);
    const ofNames = (await disk.list(folder)).filter((name) => isPartOf(name, NAMES_FILE));
    const ofDays = (await filesOf(folder, disk)).filter(({ kind }) => kind === 'part');
    for (const path of [...ofDays.map((file) => file.path), ...ofNames.map((name) => join(folder, name))]) {
      const found = await disk.stat(path);
      if (found !== undefined && nowMs - found.changedAtMs > 3_600_000) await disk.remove(path);
    }
  }
}

async function filesOf(scopeFolder: string, disk: Disk): Promise<StoreFile[]> {
  const names = await disk.list(scopeFolder);
  const folders = names.flatMap((name) => {
    const eventKey = keyOfFolder(name);
    if (eventKey !== undefined) return [{ folder: join(scopeFolder, name), eventKey }];
    return name === SHEET_FOLDER ? [{ folder: join(scopeFolder, name) }] : [];
  });
  const files = await Promise.all(
    folders.map(async (place) =>
      (await disk.list(place.folder)).flatMap((name): StoreFile[] => {
        const kind = fileKind(name);
        return kind === undefined ? [] : [{ ...place, ...kind, path: join(place.folder, name) }];
      }),
    ),
  );
  return files.flat();
}
