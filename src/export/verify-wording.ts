// Owns the words for what differs between an export and its manifest; names of fields stay as the manifest has them.
import type { Text } from '../text/lang.ts';

type Value = string | number | undefined;

export const LINE_WORDS = {
  older: { en: 'is older than the line before', ru: 'старше предыдущей' },
  notHeading: { en: 'is not the heading of the format', ru: 'не является заголовком формата' },
  notEvent: { en: 'is not an event', ru: 'не является событием' },
  repeats: (id: string): Text => ({ en: `repeats the event ${id}`, ru: `повторяет событие ${id}` }),
} as const;

export const VERIFY_WORDS = {
  line: (line: number, what: Text): Text => ({ en: `line ${line} ${what.en}.`, ru: `строка ${line} ${what.ru}.` }),
  moreLines: (count: number): Text => ({
    en: `${count} more lines are wrong.`,
    ru: `Неверных строк сверх того: ${count}.`,
  }),
  differs: (what: string, expected: Value, found: Value): Text => ({
    en: `${what}: the manifest says ${expected}, the file has ${found}.`,
    ru: `${what}: в манифесте ${expected}, в файле ${found}.`,
  }),
  missing: (path: string): Text => ({ en: `${path} is not there.`, ru: `${path}: файла нет.` }),
  unreadable: (path: string, code: string): Text => ({
    en: `${path} cannot be read (${code}).`,
    ru: `${path}: файл не читается (${code}).`,
  }),
  notWhole: (message: string): Text => ({ en: message, ru: `Файл нельзя прочитать целиком: ${message}` }),
  endsEarly: { en: 'window: it ends before it begins.', ru: 'window: конец раньше начала.' },
  outside: { en: 'window: events of the file lie outside.', ru: 'window: в файле есть события вне этого окна.' },
  partAsWhole: {
    en: 'complete: it says true beside what ended the reading early.',
    ru: 'complete: true, хотя рядом сказано, почему прочитано не всё.',
  },
  foreignKeys: (keys: readonly string[]): Text => ({
    en: `filters: the file has ${keys.join(', ')}, which event_keys does not name.`,
    ru: `filters: в файле есть ${keys.join(', ')}, чего нет в event_keys.`,
  }),
  sources: (sum: number, events: number): Text => ({
    en: `sources: they sum to ${sum} of ${events} events.`,
    ru: `sources: в сумме ${sum}, а событий ${events}.`,
  }),
  ownReads: (ownReads: number, events: number): Text => ({
    en: `own_reads: ${ownReads} of ${events} events.`,
    ru: `own_reads: ${ownReads}, а событий ${events}.`,
  }),
} as const;
