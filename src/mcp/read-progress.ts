// Owns what the client is told while a log is being read.
import type { ReadOptions } from '../audit/audit-log.ts';
import { NOTE_WORDS } from './note-wording.ts';
import type { ToolContext } from './tool.ts';

export function readProgress(
  context: Pick<ToolContext, 'progress' | 'settings'>,
): NonNullable<ReadOptions['onProgress']> {
  const { eventsRead } = NOTE_WORDS[context.settings.lang];
  return ({ coveredMs, totalMs, events }) => context.progress(coveredMs, totalMs, eventsRead(events));
}
