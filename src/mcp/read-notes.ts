// Owns what is said about a reading: why it ended, what is still unread, and what was scanned here.
import type { Coverage } from '../audit/audit-log.ts';
import { RETENTION_DAYS } from '../audit/readable.ts';
import type { AuditQuery } from '../audit/query.ts';
import { formatTime } from '../audit/time-input.ts';
import { NOTE_WORDS, STOP_WORDS } from './note-wording.ts';
import { clockNote } from './clock-note.ts';
import { holesIn, lostIn, lostNotes, spansOf } from './read-extent.ts';
import type { ToolContext } from './tool.ts';

const DAY_MS = 86_400_000;

/** Why the reading ended where it did, where that was not the end of the window. */
function stopNote({ stoppedBy }: Coverage, { timeZone }: AuditQuery, { settings }: ToolContext): string | undefined {
  const words = NOTE_WORDS[settings.lang];
  if (stoppedBy !== 'retention' || settings.file === undefined) return STOP_WORDS[settings.lang][stoppedBy];
  const { span } = settings.file;
  if (span === undefined) return words.emptyFile;
  return words.fileSpan(formatTime(span.startMs, timeZone), formatTime(span.endMs, timeZone));
}

/** Which part is still unknown, so that it can be asked for; a list goes on by its cursor instead. */
function unreadNote(query: AuditQuery, coverage: Coverage, { settings }: ToolContext): string | undefined {
  const isCut = ['deadline', 'budget', 'rate_limit', 'error'].includes(coverage.stoppedBy);
  // Hours of the day cut the window into as many parts as it has days.
  if (!isCut || query.timeOfDay !== undefined) return undefined;
  const unread = lostIn(query.window, coverage);
  if (unread.length === 0) return undefined;
  return NOTE_WORDS[settings.lang].unread(...spansOf(unread, query.timeZone, settings.lang));
}

/** What the local store had to do with it. */
function storeNotes({ window }: AuditQuery, coverage: Coverage, { store, nowMs, settings }: ToolContext): string[] {
  const notes = (coverage.notes ?? []).map((note) => note[settings.lang]);
  if (store === undefined) return notes;
  const words = NOTE_WORDS[settings.lang];
  const isCut = coverage.stoppedBy === 'budget' || coverage.stoppedBy === 'deadline';
  const forgottenMs = nowMs - RETENTION_DAYS * DAY_MS;
  const hasOlder = window.startMs < forgottenMs && coverage.covered.some(({ startMs }) => startMs < forgottenMs);
  return [...(isCut ? [words.daysKept] : []), ...(hasOlder ? [words.olderThanLog] : []), ...notes];
}

/** Facts about the reading that a reader of the answer must know. `marksOwn`: own reads that were kept can be told from others there. */
export function readNotes(query: AuditQuery, coverage: Coverage, context: ToolContext, marksOwn = false): string[] {
  const words = NOTE_WORDS[context.settings.lang];
  const scanned = [
    query.chatId === undefined ? undefined : 'chat_id',
    query.ipAddress === undefined ? undefined : 'ip_address',
  ].filter((name) => name !== undefined);
  const keptWords = marksOwn ? words.ownMarked : words.ownKept;
  const ownWords = query.ownReads === 'exclude' ? words.ownLeftOut : keptWords;
  const notes: (string | undefined)[] = [
    stopNote(coverage, query, context),
    unreadNote(query, coverage, context),
    ...(coverage.stoppedBy === 'retention' ? lostNotes(holesIn(coverage), query.timeZone, context.settings) : []),
    ...storeNotes(query, coverage, context),
    coverage.failure?.message,
    clockNote(query.window.endMs, context),
    scanned.length === 0 ? undefined : words.scanned(scanned.join(words.or), coverage.eventsScanned),
    query.chatId === undefined ? undefined : words.chatless,
    coverage.ownReads === 0 ? undefined : ownWords(coverage.ownReads),
    ...(context.settings.file?.notes ?? []).map((note) => note[context.settings.lang]),
  ];
  return notes.filter((note) => note !== undefined);
}
