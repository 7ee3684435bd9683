// Owns every write to disk: whole files, synced before they get their name, readable by their owner alone.
import { link, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { AuditError } from '../errors.ts';
import { errnoOf, writeFailure } from './file-errors.ts';

/** The one call through which bytes get to disk; a test puts a full disk in its place. */
export type OpenFile = typeof open;

type FileHandle = Awaited<ReturnType<OpenFile>>;

export type Compression = 'none' | 'gzip';

export interface WriteOptions {
  openFile: OpenFile;
  compression?: Compression;
  signal?: AbortSignal;
  /** Sees the bytes that go to disk. */
  onBytes?: (chunk: Uint8Array) => void;
}

/** A large file goes to the disk while it is written: the sync at its end has little left to wait for. */
const SYNC_BYTES = 16 * 1024 * 1024;

/** Streams `chunks` into a new file at `path`, replacing what was there, and syncs it. Leaves nothing behind when it fails. */
export async function writeFileWhole(
  path: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  { openFile, compression = 'none', signal, onBytes }: WriteOptions,
): Promise<void> {
  try {
    const file = await openNew(path, openFile);
    try {
      const write = (source: AsyncIterable<Uint8Array>) => writeChunks(file, source, onBytes);
      const options = signal === undefined ? {} : { signal };
      if (compression === 'gzip') await pipeline(chunks, createGzip(), write, options);
      else await pipeline(chunks, write, options);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await rm(path, { force: true });
    throw writeFailure(error, path);
  }
}

/** A new inode, so that a name that was linked to the old one keeps its content; `wx` follows no symlink. */
export async function openNew(path: string, openFile: OpenFile): Promise<FileHandle> {
  try {
    return await openFile(path, 'wx', 0o600);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
    await rm(path, { force: true });
    return await openFile(path, 'wx', 0o600);
  }
}

async function writeChunks(
  file: FileHandle,
  chunks: AsyncIterable<Uint8Array>,
  onBytes: WriteOptions['onBytes'],
): Promise<void> {
  let unsynced = 0;
  let syncing = Promise.resolve();
  try {
    for await (const chunk of chunks) {
      const written = writeAll(file, chunk);
      // The caller's work with the bytes, a digest, is done while the system writes them.
      onBytes?.(chunk);
      await written;
      unsynced += chunk.byteLength;
      if (unsynced < SYNC_BYTES) continue;
      await syncing;
      syncing = file.datasync();
      // A failure is seen by whoever waits for it.
      syncing.catch(() => undefined);
      unsynced = 0;
    }
  } finally {
    await syncing;
  }
}

export async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let offset = 0; offset < chunk.byteLength;) {
    const { bytesWritten } = await file.write(chunk, offset);
    offset += bytesWritten;
  }
}

/** Makes the names in `folder` survive a power failure. Windows cannot sync a folder, and need not. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!['EPERM', 'EISDIR', 'EACCES', 'EINVAL', 'ENOTSUP'].includes(errnoOf(error) ?? '')) throw error;
  }
}

const NO_HARD_LINKS = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK']);

/**
 * Gives the whole file at `temporary` its name. With `overwrite: false` a name that is taken is `file_exists`, decided by the
 * file system in one step; `temporary` then stays as a second name, by which a later run knows the file for its own.
 */
export async function publish(temporary: string, target: string, overwrite: boolean): Promise<void> {
  try {
    if (overwrite) await rename(temporary, target);
    else await linkOrRename(temporary, target);
    await syncFolder(dirname(target));
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') throw fileExists(target, error);
    throw writeFailure(error, target);
  }
}

async function linkOrRename(temporary: string, target: string): Promise<void> {
  try {
    await link(temporary, target);
  } catch (error) {
    if (!NO_HARD_LINKS.has(errnoOf(error) ?? '')) throw error;
    // No hard links on this file system: the name is reserved empty, then replaced.
    await (await open(target, 'wx', 0o600)).close();
    await rename(temporary, target);
  }
}

export function fileExists(target: string, cause?: unknown): AuditError {
  return new AuditError('file_exists', `${target} exists already.`, {
    hint: 'Choose another file_name, or set overwrite to true to replace it.',
    cause,
  });
}
