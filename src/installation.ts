// Owns the random id of this installation, and the User-Agent by which our own reads of the log are told from all others.
import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import envPaths from 'env-paths';

const PROGRAM = 'pachca-audit-mcp';
const FILE_NAME = 'installation-id';
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface Installation {
  readonly id: string;
  /** False where the folder cannot be written: after a restart, reads of this run look like somebody else's. */
  readonly isPersisted: boolean;
}

/** The platform's folder for data of this program; it may not exist yet. */
export function defaultDataDir(): string {
  return envPaths(PROGRAM, { suffix: '' }).data;
}

/** The id kept in `dataDir`, made at the first start. Processes that start together agree on one. Never throws. */
export async function openInstallation(dataDir = defaultDataDir()): Promise<Installation> {
  const path = join(dataDir, FILE_NAME);
  const known = await readId(path);
  if (known !== undefined) return { id: known, isPersisted: true };
  const id = randomUUID();
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    await writeOnce(path, id);
  } catch {
    return { id: (await readId(path)) ?? id, isPersisted: false };
  }
  // Whoever came first has won: both read what stands there.
  const kept = await readId(path);
  return kept === undefined ? { id, isPersisted: false } : { id: kept, isPersisted: true };
}

/** What every request of ours is signed with. */
export function userAgent(version: string, installationId: string): string {
  return `${PROGRAM}/${version} (${installationId})`;
}

/** Whether a User-Agent of the log is this installation's, in any of its versions. Another installation's is not. */
export function isOwnUserAgent(text: string | null | undefined, installationId: string): boolean {
  const signed = /^pachca-audit-mcp\/[0-9A-Za-z.+-]{1,64} \((?<id>[^()]+)\)$/.exec(text ?? '');
  return signed?.groups?.['id'] === installationId;
}

async function readId(path: string): Promise<string | undefined> {
  try {
    const text = (await readFile(path, 'utf8')).trim();
    return ID.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Puts `id` at `path` whole, unless another process was faster. What stands there and is no id is replaced. */
async function writeOnce(path: string, id: string): Promise<void> {
  const draft = `${path}.${id}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(`${id}\n`);
    await file.close();
    await link(draft, path);
  } catch {
    await file.close();
    // Taken, or a file system without links: a valid id of another process stays, anything else gives way.
    if ((await readId(path)) === undefined) await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}
