// Owns the journal: every tool call as one line on stderr and one in a local file, so that the owner can show who read
// the log through this server.
//
// One chain for all processes of a user, in one file a month: a chain for each process would let a whole session vanish
// unseen. They take turns by a lock file. Lines are not forced to the disk one by one: a power cut may take the last ones.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from './clock.ts';
import { appendLines } from './journal/files.ts';
import { digestOf, lineOf, type JournalLine, type LineOrigin } from './journal/line.ts';
import { withTurn } from './journal/turn.ts';
import type { Log } from './log.ts';
import type { ToolCallRecord } from './mcp/server.ts';

export interface JournalOptions extends LineOrigin {
  /** Made on the first call, 0700; its files are 0600. */
  readonly dir: string;
  readonly clock: Clock;
  readonly log: Pick<Log, 'info' | 'error'>;
}

export interface Journal {
  /** Resolves when the line is written, or could not be: then it waits for the next call. Never rejects. */
  readonly record: (call: ToolCallRecord) => Promise<void>;
  /** Writes what still waits. */
  readonly close: () => Promise<void>;
}

type Waiting = Omit<JournalLine, 'prev'>;

/** Lines that wait for a disk that is full; more would only fill the memory too. */
const MAX_WAITING = 10_000;

function chained(lines: readonly Waiting[], prev: string): string {
  let text = '';
  let last = prev;
  for (const line of lines) {
    const written = JSON.stringify({ ...line, prev: last } satisfies JournalLine);
    last = digestOf(written);
    text += `${written}\n`;
  }
  return text;
}

export function openJournal({ dir, clock, log, pid, source }: JournalOptions): Journal {
  const waiting: Waiting[] = [];
  let dropped = 0;
  let writing: Promise<void> | undefined;

  /** Writes the lines that wait now; they stay where that fails. */
  async function writeOnce(): Promise<void> {
    const lines = [...waiting];
    await appendLines(dir, clock.now(), (prev) => chained(lines, prev));
    waiting.splice(0, lines.length);
  }

  async function writeAll(): Promise<void> {
    try {
      await mkdir(dir, { recursive: true, mode: 0o700 });
      while (waiting.length > 0) await withTurn(join(dir, '.turn'), clock, writeOnce);
    } catch (error) {
      // A full disk must not fail the call that was made; the line on stderr stands in for the one in the file.
      log.error('journal_not_written', { error, waiting: waiting.length, dropped });
    }
  }

  const flush = async (): Promise<void> => {
    writing ??= writeAll().finally(() => {
      writing = undefined;
    });
    await writing;
  };

  return {
    async record(call) {
      const line = lineOf(call, { pid, source });
      log.info('tool_call', line);
      waiting.push(line);
      if (waiting.length > MAX_WAITING) dropped += waiting.splice(0, waiting.length - MAX_WAITING).length;
      await flush();
    },
    close: () => (waiting.length === 0 ? Promise.resolve() : flush()),
  };
}
