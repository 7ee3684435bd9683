// Owns a journal that is opened by the first call: a list of tools needs nothing of it.
import type { Journal } from '../journal.ts';
import type { Log } from '../log.ts';

/** Never rejects: where `open` fails, which it then does for good, each call is said on stderr alone. */
export function lateJournal(open: () => Promise<Journal>, log: Pick<Log, 'error'>): Journal {
  let opened: Promise<Journal> | undefined;
  return {
    async record(call) {
      try {
        const journal = await (opened ??= open());
        await journal.record(call);
      } catch (error) {
        log.error('call_not_in_journal', { error, tool: call.tool, ...call.caller });
      }
    },
    async close() {
      const journal = await opened?.catch(() => undefined);
      await journal?.close();
    },
  };
}
