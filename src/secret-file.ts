// Owns reading a secret from a file: refused where other users of the machine could read it too.
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { AuditError } from './errors.ts';

export interface SecretFile {
  /** What the file holds, without the space around it; never empty. */
  readonly text: string;
  /** Differs as soon as the file does. */
  readonly version: string;
}

/** Group and others, any right. */
const FOREIGN_RIGHTS = 0o077;

function refused(path: string, problem: string, hint: string, cause?: unknown): AuditError {
  return new AuditError('not_configured', `The secret file ${path} ${problem}.`, {
    hint,
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Reads `path`. Throws AuditError `not_configured` where it is missing, empty, or open to other users (POSIX rights). */
export async function readSecretFile(path: string): Promise<SecretFile> {
  // Without waiting: a pipe to which nobody writes would hold the program for ever.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch((error: unknown) => {
    throw refused(path, 'can not be opened', 'Check the path and who may read it.', error);
  });
  try {
    // Rights and text of the one open file: a swap between the two looks would be a way around the check.
    const stat = await file.stat();
    if (!stat.isFile()) throw refused(path, 'is not a file', 'Name a plain file.');
    if (process.platform !== 'win32' && (stat.mode & FOREIGN_RIGHTS) !== 0) {
      throw refused(path, 'can be read by other users of this machine', `Run: chmod 600 ${path}`);
    }
    const text = (await file.readFile('utf8')).trim();
    if (text === '') throw refused(path, 'is empty', 'Write the secret into it.');
    return { text, version: `${stat.ino}-${stat.size}-${stat.mtimeMs}-${stat.ctimeMs}` };
  } finally {
    await file.close();
  }
}
