// Owns a finding as an answer shows it: times in the zone of the question and to the second, next steps in whole days.
import { formatTime } from '../audit/time-input.ts';
import type { Finding } from '../detect/detector.ts';
import { NOTE_WORDS } from './note-wording.ts';
import type { ToolSettings } from './tool.ts';

const SECOND_MS = 1000;
const DATE_LENGTH = 'yyyy-mm-dd'.length;

export interface Zones {
  /** Of the question. */
  readonly timeZone: string;
  /** What tools take bare dates to be in where nothing is said. */
  readonly defaultTimeZone: string;
}

export function findingOut({ also, ...one }: Finding, { timeZone, defaultTimeZone }: Zones) {
  const local = (time: string): string => formatTime(Math.floor(Date.parse(time) / SECOND_MS) * SECOND_MS, timeZone);
  // A step looks around the incident: whole days do, and cost half the tokens.
  const day = (time: unknown): string => local(String(time)).slice(0, DATE_LENGTH);
  const zone = timeZone === defaultTimeZone ? {} : { time_zone: timeZone };
  return {
    ...one,
    ...(also.length === 0 ? {} : { also }),
    first_at: local(one.first_at),
    last_at: local(one.last_at),
    next: one.next.map(({ tool, arguments: given }) => ({
      tool,
      arguments: { ...given, ...days(given, day), ...zone },
    })),
  };
}

/** The times among `given` as days. */
function days(given: Finding['next'][number]['arguments'], day: (time: unknown) => string): Record<string, string> {
  const times = ['start_time', 'end_time'].filter((name) => given[name] !== undefined);
  return Object.fromEntries(times.map((name) => [name, day(given[name])]));
}

/** What must be known of `findings` where own reads cannot be told for certain. */
export function strangerNotes(findings: readonly Finding[], { idNotKeptIn, lang }: ToolSettings): string[] {
  const isStranger = ({ rule, also }: Finding): boolean => [rule, ...also].includes('audit_log_stranger');
  return idNotKeptIn !== undefined && findings.some(isStranger) ? [NOTE_WORDS[lang].idNotKept] : [];
}
