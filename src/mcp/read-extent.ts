// Owns how far a reading came, and what of that nobody has: the log forgot it, and neither store nor file holds it.
import type { Coverage } from '../audit/audit-log.ts';
import { joinWindows, subtractWindows } from '../audit/intervals.ts';
import type { TimeWindow } from '../audit/query.ts';
import { formatTime } from '../audit/time-input.ts';
import { NOTE_WORDS } from './note-wording.ts';
import type { ToolSettings } from './tool.ts';
import type { Lang } from '../text/lang.ts';

/** From when on everything up to `untilMs` was read. */
export function readSinceMs({ covered }: Coverage, untilMs: number): number {
  const last = covered.at(-1);
  return last !== undefined && last.endMs >= untilMs ? last.startMs : untilMs;
}

/** Whether all of `window` was read that can be: whole, or but for a beginning that the log has forgotten. A hole further up is a hole. */
export function isReadToLogStart(coverage: Coverage, { endMs }: TimeWindow): boolean {
  const { complete, stoppedBy, covered } = coverage;
  return complete || (stoppedBy === 'retention' && covered.length <= 1 && (covered[0]?.endMs ?? endMs) >= endMs);
}

/** The parts of `part`, which a reading has behind it, that it could not read. */
export function lostIn(part: TimeWindow, { covered }: Pick<Coverage, 'covered'>): TimeWindow[] {
  return subtractWindows([part], covered);
}

/** Holes of a reading: something was read before and after them. */
export function holesIn({ covered }: Pick<Coverage, 'covered'>): TimeWindow[] {
  const [first, last] = [covered[0], covered.at(-1)];
  return first === undefined || last === undefined ? [] : lostIn({ ...first, endMs: last.endMs }, { covered });
}

/** At most `max` windows that hold all of `windows`: the oldest are made one. */
export function atMostWindows(windows: readonly TimeWindow[], max: number): TimeWindow[] {
  const joined = joinWindows(windows);
  const oldest = joined.slice(0, Math.max(0, joined.length - max) + 1);
  const [first, last] = [oldest[0], oldest.at(-1)];
  if (first === undefined || last === undefined) return [];
  return [{ startMs: first.startMs, endMs: last.endMs }, ...joined.slice(oldest.length)];
}

const SPANS_SHOWN = 3;

/** The newest of `windows` in words, and how many more there are. */
export function spansOf(windows: readonly TimeWindow[], timeZone: string, lang: Lang): [spans: string, more: number] {
  const shown = windows
    .slice(-SPANS_SHOWN)
    .map(({ startMs, endMs }) => [startMs, endMs].map((ms) => formatTime(ms, timeZone)).join(NOTE_WORDS[lang].to));
  return [shown.join(', '), windows.length - shown.length];
}

/** What is said of lost parts; nothing where there are none. */
export function lostNotes(lost: readonly TimeWindow[], timeZone: string, { lang, file }: ToolSettings): string[] {
  if (lost.length === 0) return [];
  const words = NOTE_WORDS[lang];
  const say = file === undefined ? words.lost : words.notInFile;
  return [say(...spansOf(lost, timeZone, lang))];
}
