// Owns a journal of tests: a call to write into it, and what it says on stderr.
import type { Clock } from '../../src/clock.ts';
import { openJournal, type Journal } from '../../src/journal.ts';
import type { LogFields } from '../../src/log.ts';
import type { ToolCallRecord } from '../../src/mcp/server.ts';
import { createInstantClock } from './instant-clock.ts';

/** What was logged; a test that looks at it empties it first. */
export const logged: { level: string; message: string; fields: LogFields | undefined }[] = [];

export const log = {
  info: (message: string, fields?: LogFields) => void logged.push({ level: 'info', message, fields }),
  error: (message: string, fields?: LogFields) => void logged.push({ level: 'error', message, fields }),
};

export function openJournalIn(dir: string, clock: Clock = createInstantClock(), pid = 7): Journal {
  return openJournal({ dir, clock, log, pid, source: 'api' });
}

export const startedAt = Date.parse('2026-03-20T12:00:00Z');
export const call: ToolCallRecord = {
  tool: 'list_audit_events',
  caller: { transport: 'stdio', client: 'claude-code 2.1' },
  arguments: { limit: 5, actor: 'anna' },
  startedAt,
  finishedAt: startedAt + 250,
  answer: { coverage: { complete: true, requests: 3, events_scanned: 120 }, rows: [[], []] },
};
