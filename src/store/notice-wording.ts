// Owns the words of the store's notices. Keys of events stand in them as in file names, percent-encoded: no text from the log.
import type { Text } from '../text/lang.ts';

/** How damage of a segment shows. */
export const DAMAGES = {
  notEvent: { en: 'a line is not an event', ru: 'строка не является событием' },
  digest: { en: 'its digest is wrong', ru: 'не сходится контрольная сумма' },
  notSegment: { en: 'it is not a segment', ru: 'это не сегмент' },
  cutShort: { en: 'it is cut short', ru: 'он обрезан' },
  head: { en: 'its head cannot be read', ru: 'не читается заголовок' },
  blockCutShort: { en: 'a block is cut short', ru: 'обрезан блок' },
  elsewhere: { en: 'it belongs elsewhere', ru: 'ему место не здесь' },
} as const satisfies Record<string, Text>;

export const NOTICE_WORDS = {
  badKey: (day: string): Text => ({
    en: `${day} is not kept on disk: it has an event key that cannot be a file name.`,
    ru: `${day} не сохраняется на диск: ключ одного из событий не годится для имени файла.`,
  }),
  changed: (key: string, day: string, before: number, now: number): Text => ({
    en: `${key} on ${day} changed after the day was kept (${before} events before, ${now} now); the segment was replaced.`,
    ru: `${key} за ${day}: после сохранения день изменился (было событий ${before}, стало ${now}); сегмент заменён.`,
  }),
  diskFull: {
    en: 'The disk of the store is full: what is read now is not kept.',
    ru: 'На диске хранилища нет места: прочитанное сейчас не сохраняется.',
  },
  notWritten: (code: string): Text => ({
    en: `What is read now is not kept: the store cannot be written (${code}).`,
    ru: `Прочитанное сейчас не сохраняется: в хранилище нельзя писать (${code}).`,
  }),
  damagedSegment: (key: string, day: string, how: Text): Text => ({
    en: `The stored segment of ${key} on ${day} was damaged (${how.en}); it is set aside, and read again where the log still has it.`,
    ru: `Сегмент ${key} за ${day} в хранилище повреждён (${how.ru}); он отложен и будет прочитан заново, если журнал его ещё хранит.`,
  }),
  damagedSheet: (day: string): Text => ({
    en: `The stored sheet of ${day} was damaged; it is set aside, and the day is read again where the log still has it.`,
    ru: `Сводка за ${day} в хранилище повреждена; она отложена, и день будет прочитан заново, если журнал его ещё хранит.`,
  }),
  notOpened: (key: string, day: string, code: string): Text => ({
    en: `The stored segment of ${key} on ${day} could not be opened (${code}).`,
    ru: `Сегмент ${key} за ${day} в хранилище не открывается (${code}).`,
  }),
  unknownOwner: (code: string): Text => ({
    en: `The store is not used: it is not known whose log this is (${code}).`,
    ru: `Хранилище не используется: неизвестно, чей это журнал (${code}).`,
  }),
  unreadable: (code: string): Text => ({
    en: `The store is not used: it cannot be read (${code}).`,
    ru: `Хранилище не используется: его нельзя прочитать (${code}).`,
  }),
  removed: (segments: number, before: string): Text => ({
    en: `${segments} stored segments of days before ${before} were removed: the store keeps no older ones.`,
    ru: `Удалено сегментов за дни до ${before}: ${segments}; более старых хранилище не держит.`,
  }),
  notRemoved: (code: string): Text => ({
    en: `Old segments could not be removed (${code}).`,
    ru: `Старые сегменты не удалось удалить (${code}).`,
  }),
} as const;
