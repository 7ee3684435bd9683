// Owns the command `store status`: what the local store covers and how big it is; it asks nobody.
import { createDisk } from '../store/disk.ts';
import { describeStore, type StoredScope } from '../store/folder.ts';
import { encodeKey } from '../store/layout.ts';
import { joinDays } from '../store/utc-days.ts';
import { cleanText } from '../text/clean.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { inStore, requireStore } from './store-required.ts';
import { rangesText, WORDS } from './words.ts';

/** Rare keys have events on a day here and there. */
const RANGES_MAX = 4;

/** Text of the log does not reach the terminal: keys stand here as in the folder. */
function scopeOut({ owner, folder, keys, coveredDays, wholeDays, bytes, damaged }: StoredScope) {
  return {
    ...(owner === undefined ? {} : { api_url: cleanText(owner.apiUrl, 200), owner_id: cleanText(owner.ownerId, 40) }),
    folder,
    covered_days: coveredDays,
    whole_days: joinDays(wholeDays),
    keys: keys.map(({ eventKey, days, bytes: ofKey }) => ({
      event_key: encodeKey(eventKey) ?? '',
      days: days.length,
      oldest: days[0] ?? '',
      newest: days.at(-1) ?? '',
      ranges: joinDays(days),
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
    terminal.out(`  ${words.days(log.covered_days)}, ${words.megabytes(log.bytes)}`);
    terminal.out(`  ${words.wholeDays}: ${rangesText(log.whole_days) || words.none}`);
    const width = Math.max(...log.keys.map((key) => key.event_key.length), 0);
    for (const key of log.keys) {
      const days = `${words.days(key.days)} (${rangesText(key.ranges, RANGES_MAX)})`;
      terminal.out(`  ${key.event_key.padEnd(width)}  ${days}, ${words.megabytes(key.bytes)}`);
    }
    if (log.damaged_files > 0) terminal.out(`  ${words.damagedFiles(log.damaged_files)}`);
  }
  return EXIT.done;
};
