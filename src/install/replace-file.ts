// Owns the change of a user's file on disk: whole or not at all, with a copy of what was there.
import { randomBytes } from 'node:crypto';
import { copyFile, constants, lstat, mkdir, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AuditError } from '../errors.ts';
import { errnoOf } from '../export/file-errors.ts';

export interface Replaced {
  /** The file that was written: where `path` is a link, what it points to. */
  readonly path: string;
  readonly isChanged: boolean;
  /** What was there before; absent for a new file. */
  readonly backupPath?: string;
}

function notChanged(path: string, what: string): AuditError {
  return new AuditError('not_configured', `${path} is left as it is: ${what}.`, {
    hint: 'Add by hand what the same command prints with --dry-run.',
  });
}

/** Undefined where there is no such file. Other bytes than UTF-8 would not come back as they were. */
async function textOf(path: string): Promise<string | undefined> {
  try {
    if (!(await stat(path)).isFile()) throw notChanged(path, 'it is no file');
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    if (error instanceof TypeError) throw notChanged(path, 'it is not UTF-8');
    throw error;
  }
}

/** The file behind links, so that a link to a folder of dotfiles stays one. */
async function targetOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    const isLink = (await lstat(path).catch(() => undefined))?.isSymbolicLink() === true;
    if (isLink) throw notChanged(path, 'it is a link to a file that is not there');
    return path;
  }
}

/** A copy beside the file, never over an older one. */
async function backUp(path: string, nowMs: number): Promise<string> {
  const stamp = new Date(nowMs).toISOString().replaceAll(/[:.]/gu, '-');
  const backupPath = `${path}.${stamp}.bak`;
  await copyFile(path, backupPath, constants.COPYFILE_EXCL);
  return backupPath;
}

export interface ReplaceOptions {
  /** Dates the copy. */
  readonly nowMs: number;
  /** Only tries the change, and writes nothing. */
  readonly isDry: boolean;
}

/**
 * Replaces the text of the file at `path` by what `change` makes of it (undefined: there is no file). Readers see the old text or the new
 * one. Throws AuditError `not_configured` where the file changed meanwhile, or can not be read or written.
 */
export async function replaceFile(
  path: string,
  change: (text: string | undefined) => string,
  { nowMs, isDry }: ReplaceOptions,
): Promise<Replaced> {
  try {
    const target = await targetOf(path);
    const old = await textOf(target);
    const text = change(old);
    if (text === old || isDry) return { path: target, isChanged: false };
    await mkdir(dirname(target), { recursive: true });
    const draft = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}`);
    try {
      const mode = old === undefined ? 0o600 : (await stat(target)).mode & 0o777;
      const file = await open(draft, 'wx', mode);
      try {
        await file.chmod(mode);
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      const backup = old === undefined ? {} : { backupPath: await backUp(target, nowMs) };
      // The client may have written its file since it was read.
      if ((await textOf(target)) !== old) {
        throw new AuditError('not_configured', `${target} was changed by another program meanwhile.`, {
          hint: 'Close the client and try again.',
        });
      }
      await rename(draft, target);
      return { path: target, isChanged: true, ...backup };
    } finally {
      await rm(draft, { force: true });
    }
  } catch (error) {
    if (error instanceof AuditError) throw error;
    throw new AuditError('not_configured', `${path} can not be changed (${errnoOf(error) ?? 'error'}).`, {
      hint: 'Check the folder and who may write it, or add by hand what the same command prints with --dry-run.',
      cause: error,
    });
  }
}
