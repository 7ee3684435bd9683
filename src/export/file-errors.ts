// Owns what a failure of the file system means to the caller.
import { AuditError } from '../errors.ts';

/** The errno code of a system error (`ENOSPC`), else undefined. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

const NO_SPACE = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const NOT_WRITABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENOENT', 'ELOOP', 'EEXIST', 'ENAMETOOLONG']);

/** `error` as an AuditError where it says that `path` cannot be written; others come back as they are. */
export function writeFailure(error: unknown, path: string): unknown {
  const errno = errnoOf(error);
  if (errno === undefined) return error;
  if (NO_SPACE.has(errno)) {
    return new AuditError('no_space', `No room to write ${path} (${errno}).`, {
      hint: 'Free some space and make the same call: it goes on from what is already on disk.',
      cause: error,
    });
  }
  if (!NOT_WRITABLE.has(errno)) return error;
  return new AuditError('not_configured', `${path} cannot be written (${errno}).`, {
    hint: 'Choose a folder that this user may write to: PACHCA_AUDIT_EXPORT_DIR or --export-dir.',
    cause: error,
  });
}
