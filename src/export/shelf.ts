// Owns the shelf of finished exports: which manifests lie in the export folder, and one of them by its file's name.
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AuditError } from '../errors.ts';
import { errnoOf } from './file-errors.ts';
import { readManifest, type Manifest } from './manifest.ts';
import { isFileName, MANIFEST_ENDING, targetIn } from './target.ts';

/** A folder may have been filled over years; nobody reads further back in a list. */
const LISTED_MAX = 100;

export interface ExportShelf {
  /** Names of the exported files that have a manifest, newest manifest first, at most 100. */
  names(): Promise<string[]>;
  /** The manifest of the export `fileName`. Throws `not_found`, or `outside_export_dir` for what is no plain name. */
  manifest(fileName: string): Promise<Manifest>;
}

export function createExportShelf(exportDir: string): ExportShelf {
  return {
    async names() {
      const found = await Promise.all((await entriesOf(exportDir)).map((name) => writtenAt(exportDir, name)));
      return found
        .flatMap((one) => one ?? [])
        .toSorted((a, b) => b.timeMs - a.timeMs || (a.name < b.name ? -1 : 1))
        .slice(0, LISTED_MAX)
        .map(({ name }) => name);
    },
    async manifest(fileName) {
      const { manifestPath } = targetIn(exportDir, fileName);
      // A link could lead anywhere; an export never makes one.
      if (!(await isPlainFile(manifestPath))) throw noSuchExport(fileName);
      return await readManifest(manifestPath);
    },
  };
}

async function entriesOf(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder);
    return names.filter((name) => name.endsWith(MANIFEST_ENDING)).map((name) => name.slice(0, -MANIFEST_ENDING.length));
  } catch (error) {
    // Made by the first export.
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

async function writtenAt(folder: string, name: string): Promise<{ name: string; timeMs: number } | undefined> {
  if (!isFileName(name)) return undefined;
  try {
    const found = await lstat(join(folder, name + MANIFEST_ENDING));
    return found.isFile() ? { name, timeMs: found.mtimeMs } : undefined;
  } catch {
    // Gone since the folder was read.
    return undefined;
  }
}

async function isPlainFile(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isFile();
  } catch {
    return false;
  }
}

function noSuchExport(name: string): AuditError {
  return new AuditError(
    'not_found',
    `There is no export ${JSON.stringify(name)} with a manifest in the export folder.`,
    {
      hint: 'The list of resources names those that are there.',
    },
  );
}
