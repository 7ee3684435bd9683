// A process that writes into a journal: node journal-writer FOLDER CALLS.
import { openJournal } from '../../src/journal.ts';
import { systemClock } from '../../src/system-clock.ts';

const [dir = '', calls = '1'] = process.argv.slice(2);
const journal = openJournal({
  dir,
  clock: systemClock,
  log: {
    info: () => undefined,
    error: (message, fields) => process.stderr.write(`${message} ${String(fields?.['error'])}\n`),
  },
  pid: process.pid,
  source: 'api',
});
for (let index = 0; index < Number(calls); index += 1) {
  const now = systemClock.now();
  const caller = { transport: 'stdio', client: 'writer' } as const;
  await journal.record({ tool: 'echo', caller, arguments: { index }, startedAt: now, finishedAt: now, answer: {} });
}
await journal.close();
