// Owns a journal that is opened by the first call: a list of tools needs nothing of it.
import type { Journal } from '../journal.ts';
import type { Log } from '../log.ts';
import type { ToolCallRecord } from '../mcp/server.ts';

/** Calls that wait for a journal that cannot be opened; more would only fill the memory too. */
const MAX_WAITING = 1000;

/** Where `open` fails, calls wait for the next one: what cannot be written must not fail what was asked. Never rejects. */
export function lateJournal(open: () => Promise<Journal>, log: Pick<Log, 'error'>): Journal {
  const waiting: ToolCallRecord[] = [];
  let dropped = 0;
  let opened: Promise<Journal> | undefined;

  async function handOver(): Promise<Journal | undefined> {
    try {
      const journal = await (opened ??= open());
      for (let call = waiting.shift(); call !== undefined; call = waiting.shift()) await journal.record(call);
      return journal;
    } catch (error) {
      opened = undefined;
      log.error('journal_not_opened', { error, waiting: waiting.length, dropped });
      return undefined;
    }
  }

  return {
    async record(call) {
      waiting.push(call);
      if (waiting.length > MAX_WAITING) dropped += waiting.splice(0, waiting.length - MAX_WAITING).length;
      await handOver();
    },
    async close() {
      if (opened === undefined && waiting.length === 0) return;
      await (await handOver())?.close();
    },
  };
}
