// Owns the steps on disk: whole files that appear at once or not at all, readable by their owner only.
import { randomUUID } from 'node:crypto';
import { chmod, mkdir, open, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { openScratch, type Scratch } from './scratch.ts';

export type DiskStep = 'read' | 'list' | 'folder' | 'create' | 'write' | 'sync' | 'rename' | 'sync_folder' | 'remove';

export interface Disk {
  /** Undefined where there is no such file. */
  read(path: string): Promise<Buffer | undefined>;
  /** Names in `folder`; none where there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
  /** Undefined where there is no such file. */
  stat(path: string): Promise<{ bytes: number; changedAtMs: number } | undefined>;
  /** Makes or replaces `path`: written aside, synced, renamed. Folders 0700, file 0600. */
  put(path: string, chunks: readonly Buffer[]): Promise<void>;
  /** A file that lies beside `path` at first, if it has a name at all. */
  openScratch(path: string): Promise<Scratch>;
  /** Gives a file another name; nothing where it is gone. */
  move(from: string, to: string): Promise<void>;
  /** Nothing where it is gone. */
  remove(path: string): Promise<void>;
  /** Nothing where it is gone or holds something. */
  removeEmptyFolder(folder: string): Promise<void>;
  /** Makes `folder` where needed, and closes it to others. */
  makePrivate(folder: string): Promise<void>;
}

export const PART_SUFFIX = '.part';

/** The real disk. `beforeStep` is called before each step and may throw: that is how tests pull the plug. */
export function createDisk(beforeStep: (step: DiskStep, path: string) => void = () => undefined): Disk {
  return {
    async read(path) {
      beforeStep('read', path);
      return unlessGone(() => readFile(path));
    },
    async list(folder) {
      beforeStep('list', folder);
      return (await unlessGone(() => readdir(folder))) ?? [];
    },
    async stat(path) {
      const found = await unlessGone(() => stat(path));
      return found === undefined ? undefined : { bytes: found.size, changedAtMs: found.mtimeMs };
    },
    put: (path, chunks) => put(path, chunks, beforeStep),
    async openScratch(path) {
      const aside = await prepareAside(path, beforeStep);
      return openScratch(aside, () => beforeStep('write', aside));
    },
    async move(from, to) {
      beforeStep('rename', from);
      await unlessGone(() => rename(from, to));
    },
    async remove(path) {
      beforeStep('remove', path);
      await unlessGone(() => rm(path));
    },
    async removeEmptyFolder(folder) {
      beforeStep('remove', folder);
      await rmdir(folder).catch(() => undefined);
    },
    async makePrivate(folder) {
      beforeStep('folder', folder);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await chmod(folder, 0o700);
    },
  };
}

/** A free name beside `path`, in a folder that is there. */
async function prepareAside(path: string, beforeStep: (step: DiskStep, path: string) => void): Promise<string> {
  const folder = dirname(path);
  beforeStep('folder', folder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Starts with a dot: DuckDB's globs, Spark and Trino pass it by.
  const aside = join(folder, `.${basename(path)}.${randomUUID()}${PART_SUFFIX}`);
  beforeStep('create', aside);
  return aside;
}

async function put(
  path: string,
  chunks: readonly Buffer[],
  beforeStep: (step: DiskStep, path: string) => void,
): Promise<void> {
  const folder = dirname(path);
  const aside = await prepareAside(path, beforeStep);
  const file = await open(aside, 'wx', 0o600);
  try {
    for (const chunk of chunks) {
      beforeStep('write', aside);
      await file.writeFile(chunk);
    }
    beforeStep('sync', aside);
    await file.sync();
    await file.close();
    beforeStep('rename', aside);
    await rename(aside, path);
  } catch (error) {
    await file.close().catch(() => undefined);
    beforeStep('remove', aside);
    await rm(aside, { force: true });
    throw error;
  }
  beforeStep('sync_folder', folder);
  await syncFolder(folder);
}

/** Makes the rename itself survive a power cut. Windows cannot open folders, and keeps names safe without it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function unlessGone<T>(step: () => Promise<T>): Promise<T | undefined> {
  try {
    return await step();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Whether `error` is one of the system's with this code. */
export function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
