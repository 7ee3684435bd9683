// Tests the journal when things go wrong: lines cut short, folders that cannot be written, locks of killed processes.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Clock } from '../src/clock.ts';
import type { Journal } from '../src/journal.ts';
import { lateJournal } from '../src/journal/late.ts';
import { verifyJournal } from '../src/journal/verify.ts';
import { createInstantClock } from './support/instant-clock.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { call, log, logged, openJournalIn } from './support/journal.ts';

let dir = '';
beforeEach(async () => {
  dir = join(await temporaryFolder(), 'journal');
  logged.length = 0;
});

const open = (clock?: Clock): Journal => openJournalIn(dir, clock);

describe('when things go wrong', () => {
  test('the chain goes on after a line that was cut short', async () => {
    await open().record(call);
    const path = join(dir, 'journal-2026-03.ndjson');
    await writeFile(path, `${await readFile(path, 'utf8')}{"at":"2026`);
    await open().record(call);
    expect((await verifyJournal(dir)).problems).toEqual([
      { file: 'journal-2026-03.ndjson', line: 2, problem: 'not_readable' },
    ]);
  });

  test('a journal that can not be written fails no call, is said on stderr, and catches up later', async () => {
    // A file where the folder should be: root, too, can not write into it.
    await writeFile(dir, '');
    const journal = open();
    await journal.record(call);
    await journal.record(call);
    expect(logged.filter(({ level }) => level === 'error')).toMatchObject([
      { message: 'journal_not_written', fields: { waiting: 1 } },
      { message: 'journal_not_written', fields: { waiting: 2 } },
    ]);
    await rm(dir);
    await journal.close();
    expect(await verifyJournal(dir)).toMatchObject({ isWhole: true, lines: 2 });
  });

  test('one that can not be opened fails no call either, and each call is said on stderr', async () => {
    const journal = lateJournal(() => Promise.reject(new Error('EMFILE: too many open files')), log);
    await journal.record(call);
    await journal.record(call);
    const fields = { tool: 'list_audit_events', transport: 'stdio', client: 'claude-code 2.1' };
    expect(logged).toMatchObject([
      { level: 'error', message: 'call_not_in_journal', fields },
      { level: 'error', message: 'call_not_in_journal', fields },
    ]);
    await expect(journal.close()).resolves.toBeUndefined();
  });

  test('a lock that a killed process left is broken after two seconds', async () => {
    await mkdir(dir);
    await writeFile(join(dir, '.turn'), '');
    const clock = createInstantClock();
    await open(clock).record(call);
    expect(clock.sleeps.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(2000);
    expect(await verifyJournal(dir)).toMatchObject({ isWhole: true, lines: 1 });
    expect(await readdir(dir)).toEqual(['journal-2026-03.ndjson']);
  });
});
