// Owns where an export may be written: one folder, and plain names in it.
import { lstat, mkdir, realpath } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { AuditError } from '../errors.ts';
import { errnoOf, writeFailure } from './file-errors.ts';
import { fileExists } from './to-file.ts';

/** Leaves room for the manifest's ending within the 255 bytes that file systems allow. */
const MAX_NAME_BYTES = 200;
export const MANIFEST_ENDING = '.manifest.json';
const RESERVED_ON_WINDOWS = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;

export interface Target {
  readonly name: string;
  readonly path: string;
  readonly manifestPath: string;
}

export function manifestPathOf(filePath: string): string {
  return `${filePath}${MANIFEST_ENDING}`;
}

/** Makes the folder where it is not, for its owner alone, and gives its real path. Throws `not_configured`. */
export async function openExportDir(exportDir: string): Promise<string> {
  try {
    await mkdir(exportDir, { recursive: true, mode: 0o700 });
    return await realpath(exportDir);
  } catch (error) {
    throw writeFailure(error, `The export folder ${exportDir}`);
  }
}

function outside(name: string): AuditError {
  return new AuditError('outside_export_dir', `file_name ${JSON.stringify(name)} leads out of the export folder.`, {
    hint: 'Give a plain file name without a path, or none.',
    fields: [{ field: 'file_name', message: 'must be a plain file name', value: name }],
  });
}

function unusable(name: string, message: string): AuditError {
  return new AuditError('invalid_input', `file_name ${JSON.stringify(name)} cannot be used: ${message}.`, {
    hint: 'Give a plain file name of letters, digits, dots, dashes and underscores, or none.',
    fields: [{ field: 'file_name', message, value: name }],
  });
}

/** Throws unless `name`, which an agent may have written, is a plain file name on every system. */
export function checkFileName(name: string): void {
  if (name === '.' || name === '..' || /[/\\]/.test(name) || isAbsolute(name) || /^[a-z]:/i.test(name)) {
    throw outside(name);
  }
  if (name === '') throw unusable(name, 'it is empty');
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(name)) throw unusable(name, 'it holds characters that cannot be seen');
  if (/[<>:"|?*]/.test(name)) throw unusable(name, 'it holds one of < > : " | ? *');
  if (/^[.\s~-]|[.\s]$/.test(name)) throw unusable(name, 'it begins or ends with a dot, a space, a tilde or a dash');
  if (RESERVED_ON_WINDOWS.test(name)) throw unusable(name, 'it is the name of a device on Windows');
  if (name.toLowerCase().endsWith(MANIFEST_ENDING)) throw unusable(name, `${MANIFEST_ENDING} is kept for manifests`);
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) throw unusable(name, `it is longer than ${MAX_NAME_BYTES} bytes`);
}

/** Whether an export may have this name. */
export function isFileName(name: string): boolean {
  try {
    checkFileName(name);
    return true;
  } catch {
    return false;
  }
}

export function targetIn(folder: string, name: string): Target {
  checkFileName(name);
  const path = join(folder, name);
  return { name, path, manifestPath: manifestPathOf(path) };
}

async function kindOf(path: string): Promise<'absent' | 'file' | 'symlink' | 'other'> {
  try {
    const found = await lstat(path);
    return found.isSymbolicLink() ? 'symlink' : found.isFile() ? 'file' : 'other';
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return 'absent';
    throw writeFailure(error, path);
  }
}

/** Throws where the file or its manifest must not be written: a symlink, no plain file, or taken without `overwrite`. */
export async function checkFree(target: Target, overwrite: boolean): Promise<void> {
  for (const path of [target.path, target.manifestPath]) {
    const kind = await kindOf(path);
    if (kind === 'symlink') throw outside(target.name);
    if (kind === 'other') throw unusable(target.name, 'something that is not a file has this name');
    if (kind === 'file' && !overwrite) throw fileExists(path);
  }
}
