// Owns the command `store purge`: deletes what the local store holds, all of it or what is older than a day.
import { AuditError } from '../errors.ts';
import { createDisk } from '../store/disk.ts';
import { removeDays } from '../store/folder.ts';
import { isDay } from '../store/utc-days.ts';
import { cleanText } from '../text/clean.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { inStore, requireStore } from './store-required.ts';
import { WORDS } from './words.ts';

export const storePurgeCommand: Command = async (run) => {
  const store = await requireStore(run);
  const { dir } = store;
  const words = WORDS[run.config.lang];
  const { before, json } = run.config.command;
  if (before !== undefined && !isDay(before)) throw notADay(before);
  const removed = await inStore(store, () =>
    removeDays({ dir, disk: createDisk(), ...(before === undefined ? {} : { before }) }),
  );
  run.terminal.out(
    json === true
      ? JSON.stringify({ dir, ...(before === undefined ? {} : { before }), ...removed }, undefined, 2)
      : words.purged(removed.segments, words.megabytes(removed.bytes)),
  );
  return EXIT.done;
};

function notADay(before: string): AuditError {
  const value = cleanText(before, 60);
  return new AuditError('invalid_input', `--before "${value}": not a day.`, {
    hint: 'Give a UTC day, such as 2026-03-01: days before it are deleted.',
    fields: [{ field: '--before', message: 'not a day', value }],
  });
}
