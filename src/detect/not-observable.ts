// Owns what the audit log cannot show and what was left out on purpose, in words: an answer must not suggest otherwise.
import type { DetectionResult } from './engine.ts';
import { LEFT_OUT_REASONS, type LeftOutReason } from './detector.ts';
import type { Lang, Text } from '../text/lang.ts';

const NOT_OBSERVABLE: readonly Text[] = [
  {
    en: 'Wrong passwords: the log holds failed second factors only.',
    ru: 'Неверные пароли: в журнале есть только неудачи второго фактора.',
  },
  {
    en: 'Use of a stolen session or API token: events carry no session or token id, and ordinary API calls are not logged.',
    ru: 'Использование украденной сессии или API-токена: в событиях нет их id, а обычные вызовы API не пишутся.',
  },
  {
    en: 'Switching a second factor on or off: only its use is logged.',
    ru: 'Включение и отключение второго фактора: пишется только его применение.',
  },
  {
    en: 'Reading of messages and files, and exports of chats; with own encryption keys, kms_decrypt tells some of it.',
    ru: 'Чтение сообщений и файлов, выгрузка чатов; при собственных ключах шифрования часть этого видна в kms_decrypt.',
  },
  {
    en: 'Where an address is: there is no geography here, networks are told apart by their prefixes.',
    ru: 'Где находится адрес: географии здесь нет, сети различаются по префиксам.',
  },
  {
    en: 'Anything older than 90 days, unless the local store holds it.',
    ru: 'Всё старше 90 дней, если этого нет в локальном хранилище.',
  },
];

const LEFT_OUT: Readonly<Record<LeftOutReason, Text>> = {
  learned_bot: { en: 'program known for this account', ru: 'программа, известная для этой учётной записи' },
  shared_address: { en: 'address shared by many people', ru: 'общий адрес многих сотрудников' },
  known_source: { en: 'network and client known for the person', ru: 'сеть и клиент известны для человека' },
  short_history: { en: 'too few earlier logins to judge by', ru: 'прежних входов слишком мало, чтобы судить' },
  usual_amount: {
    en: 'no more than usual for the actor or the company',
    ru: 'не больше обычного для учётной записи или компании',
  },
  routine: {
    en: 'repeats what was there before, which had a finding of its own where it was strange',
    ru: 'повторяет то, что уже было; если то было необычным, о нём была своя находка',
  },
  self_cleaning: {
    en: 'deleted what the same actor had just written',
    ru: 'удалено то, что та же учётная запись только что написала',
  },
  out_of_order: { en: 'event came out of order and was not judged', ru: 'событие пришло не по порядку и не оценено' },
};

/** What this log cannot show, for `not_observable`. */
export function notObservable(lang: Lang): string[] {
  return NOT_OBSERVABLE.map((text) => text[lang]);
}

/** One note for each reason for which rules held their tongue, with the count. */
export function leftOutNotes(leftOut: DetectionResult['leftOut'], lang: Lang): string[] {
  const intro = lang === 'ru' ? 'Без находки' : 'Raised no finding';
  return LEFT_OUT_REASONS.flatMap((reason) => {
    const count = leftOut[reason] ?? 0;
    return count === 0 ? [] : [`${intro}: ${count} (${LEFT_OUT[reason][lang]}).`];
  });
}
