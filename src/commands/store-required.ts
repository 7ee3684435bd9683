// Owns the refusals of the store's commands: where nothing is kept on disk, and where its folder cannot be used.
import { AuditError } from '../errors.ts';
import type { LocalStore } from '../store/local-store.ts';
import { errorCode } from '../store/segments.ts';
import type { CommandRun } from './command.ts';

export async function requireStore({ openParts, config }: CommandRun): Promise<LocalStore> {
  const { store } = await openParts();
  if (store !== undefined) return store;
  const why = config.demo
    ? '--demo makes its company anew at every start'
    : `${config.from === undefined ? '--no-store' : '--from'} keeps nothing`;
  throw new AuditError('not_configured', `There is no local store: ${why}.`, {
    hint: 'Leave out --demo, --from and --no-store.',
  });
}

/** Does `work` in the store's folder; what the system says of the folder is a matter of configuration. */
export async function inStore<T>({ dir }: LocalStore, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AuditError || !(error instanceof Error) || !('syscall' in error)) throw error;
    throw new AuditError(
      'not_configured',
      `The folder of the local store, ${dir}, cannot be used (${errorCode(error)}).`,
      {
        hint: 'Give another one with --store-dir or PACHCA_AUDIT_STORE_DIR.',
        cause: error,
      },
    );
  }
}
