// Owns the refusal of the store's commands where nothing is kept on disk.
import { AuditError } from '../errors.ts';
import type { LocalStore } from '../store/local-store.ts';
import type { CommandRun } from './command.ts';

export function requireStore({ parts, config }: CommandRun): LocalStore {
  if (parts.store !== undefined) return parts.store;
  const why = config.demo
    ? '--demo makes its company anew at every start'
    : `${config.from === undefined ? '--no-store' : '--from'} keeps nothing`;
  throw new AuditError('not_configured', `There is no local store: ${why}.`, {
    hint: 'Leave out --demo, --from and --no-store.',
  });
}
