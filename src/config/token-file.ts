// Owns reading the token from a file that nobody else may read.
import { readFileSync, statSync } from 'node:fs';
import { AuditError } from '../errors.ts';

const OTHERS = 0o077;
/** A token is short; a larger file is some other file. */
const MAX_BYTES = 4096;

/** The text of the token file, trimmed. Throws `not_configured` when it is missing, too large or open to others. */
export function readTokenFile(path: string, hasFileModes: boolean): string {
  const refuse = (message: string, hint: string, cause?: unknown) =>
    new AuditError('not_configured', `PACHCA_TOKEN_FILE ${path}: ${message}.`, {
      hint,
      fields: [{ field: 'PACHCA_TOKEN_FILE', message, value: path }],
      ...(cause === undefined ? {} : { cause }),
    });
  try {
    const { mode, size } = statSync(path);
    if (hasFileModes && (mode & OTHERS) !== 0) {
      throw refuse('other users of this machine can read it', `Run: chmod 600 ${path}`);
    }
    if (size > MAX_BYTES) throw refuse('too large for a token', 'Put the token alone into the file.');
    const text = readFileSync(path, 'utf8').trim();
    if (text === '') throw refuse('it is empty', 'Put the token alone into the file.');
    return text;
  } catch (error) {
    if (error instanceof AuditError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    throw refuse(`it cannot be read (${code})`, 'Give the path of a file that you can read.', error);
  }
}
