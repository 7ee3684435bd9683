// Owns the command `store status`: what the local store covers and how big it is; it asks nobody.
import { createDisk } from '../store/disk.ts';
import { describeStore, type StoredScope } from '../store/folder.ts';
import { encodeKey } from '../store/layout.ts';
import { joinDays } from '../store/utc-days.ts';
import { cleanText } from '../text/clean.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { inStore, requireStore } from './store-required.ts';
import { megabytes, WORDS } from './words.ts';

/** Text of the log does not reach the terminal: keys stand here as in the folder. */
function scopeOut({ owner, folder, keys, coveredDays, wholeDays, bytes, damaged }: StoredScope) {
  return {
    ...(owner === undefined ? {} : { api_url: cleanText(owner.apiUrl, 200), owner_id: cleanText(owner.ownerId, 40) }),
    folder,
    covered_days: coveredDays,
    whole_days: joinDays(wholeDays),
    keys: keys.map(({ eventKey, days, oldest, newest, bytes: ofKey }) => ({
      event_key: encodeKey(eventKey) ?? '',
      days,
      oldest,
      newest,
      bytes: ofKey,
    })),
    bytes,
    damaged_files: damaged,
  };
}

export const storeStatusCommand: Command = async (run) => {
  const store = await requireStore(run);
  const { dir } = store;
  const words = WORDS[run.config.lang];
  const { terminal } = run;
  const logs = (await inStore(store, () => describeStore(dir, createDisk()))).map(scopeOut);
  if (run.config.command.json === true) {
    terminal.out(JSON.stringify({ dir, keeps_days: run.config.storeDays, logs }, undefined, 2));
    return EXIT.done;
  }
  terminal.out(`${words.store}: ${dir}`);
  if (logs.length === 0) terminal.out(words.storeEmpty);
  for (const log of logs) {
    terminal.out('');
    terminal.out(terminal.paint('bold', `${log.api_url ?? log.folder}, ${words.user} ${log.owner_id ?? '?'}`));
    terminal.out(`  ${words.days(log.covered_days)}, ${megabytes(log.bytes)}`);
    terminal.out(`  ${words.wholeDays}: ${log.whole_days.map(rangeText).join(', ') || words.none}`);
    const width = Math.max(...log.keys.map((key) => key.event_key.length), 0);
    for (const key of log.keys) {
      const span = rangeText({ first: key.oldest, last: key.newest });
      terminal.out(`  ${key.event_key.padEnd(width)}  ${words.days(key.days)}, ${span}, ${megabytes(key.bytes)}`);
    }
    if (log.damaged_files > 0) terminal.out(`  ${words.damagedFiles(log.damaged_files)}`);
  }
  return EXIT.done;
};

function rangeText({ first, last }: { first: string; last: string }): string {
  return first === last ? first : `${first}…${last}`;
}
