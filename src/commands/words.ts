// Owns the words of reports on the terminal, in English and Russian.
import type { DayRange } from '../store/utc-days.ts';

function millions(bytes: number): string {
  return bytes > 0 && bytes < 50_000 ? '< 0.1' : (bytes / 1e6).toFixed(1);
}

/** The newest `most` runs of days; a gap must not look like days that are there. */
export function rangesText(ranges: readonly DayRange[], most = ranges.length): string {
  const shown = ranges.slice(-most).map(({ first, last }) => (first === last ? first : `${first}…${last}`));
  return [...(shown.length < ranges.length ? ['…'] : []), ...shown].join(', ');
}

export const WORDS = {
  en: {
    yes: 'yes',
    no: 'no',
    source: 'Source',
    events: 'Events',
    token: 'Token',
    user: 'user',
    scopes: 'Scopes',
    surplus: 'Scopes to take away, not needed here',
    answeredIn: (ms: number) => `Answered in: ${ms} ms`,
    megabytes: (bytes: number) => `${millions(bytes)} MB`,
    canRead: 'Reads the audit log',
    canResolve: 'Knows names',
    store: 'Local store',
    storeEmpty: 'It is empty.',
    days: (count: number) => (count === 1 ? '1 day' : `${count} days`),
    wholeDays: 'Read whole, every key',
    none: 'none',
    damagedFiles: (count: number) => `Damaged files set aside: ${count}`,
    purged: (segments: number, size: string) => `Deleted: ${segments} segments, ${size}.`,
    filled: (days: number, events: number, requests: number) =>
      `Days read and kept: ${days}. Events: ${events}, requests: ${requests}.`,
    keptBefore: 'Kept before',
    rechecked: 'Read again for late events',
    notClosed: 'Not over for long enough',
    forgotten: 'Forgotten by the log',
    olderThanKept: 'Older than the store keeps',
    namesKept: (count: number) => `Names of people kept: ${count}`,
    namesNotKept: (reason: string) => `Names of people are not kept (${reason}).`,
    fillStopped: (reason: string, why: string) =>
      `NOT COMPLETE (${reason}). ${why} The same command goes on from here.`,
    grantNames: ' (the scope users:read gives them)',
    problem: 'Problem',
    window: 'Window',
    totals: (logins: number, failed: number, actors: number, addresses: number) =>
      `${logins} logins, ${failed} failed second factors, ${actors} people, ${addresses} addresses`,
    findings: (shown: number, omitted: number) =>
      omitted === 0
        ? `${shown} ${shown === 1 ? 'finding' : 'findings'}`
        : `${shown} findings shown, ${omitted} more below the limits`,
    who: 'who',
    from: 'from',
    when: 'when',
    why: 'why',
    harmless: 'harmless if',
    evidence: 'evidence',
    notObservable: 'This log cannot show (not_observable)',
    complete: 'Everything in the window was read.',
    partial: (reason: string) => `PARTIAL (${reason}): not everything in the window was read.`,
    intact: (events: number) => `The file is what was exported: ${events} events, digest and counts agree.`,
    broken: 'The file is NOT what was exported:',
    exported: (events: number, bytes: number) => `${events} events, ${bytes} bytes`,
    manifest: 'manifest',
    noFile: 'No file was written.',
    goesOn: (times: string) => `What was read is kept; the same command goes on from there with ${times}`,
    interrupted: 'Interrupted.',
    wholeJournal: (lines: number) => `The journal is whole: ${lines} lines, each with the digest of the one before.`,
    journalFrom: (lines: number, digest: string) =>
      `From its first line on the journal is whole: ${lines} lines, each with the digest of the one before. The first follows one that is not here (${digest}): whether lines are missing before it, the file of the month before shows.`,
    brokenJournal: 'The journal is NOT what was written:',
    installed: (client: string, path: string) => `${client}: the server is in ${path}`,
    installedAlready: (client: string, path: string) => `${client}: the server is in ${path} already`,
    wouldInstall: (client: string, path: string) =>
      `Nothing was written. For ${client} this goes into ${path}; what else is there stays:`,
    oldFile: 'The file as it was',
    asLink: 'The same as a link',
    tokenFile: (path: string) => `It reads the token from ${path}`,
    noTokenFile: (path: string) =>
      `It reads the token from ${path}, which is not there yet. Paste the token after: mkdir -p "$(dirname "${path}")" && (umask 077; cat > "${path}")   and end with Ctrl-D.`,
    clientAsks: (client: string) => `${client} asks for the token at the first start, and keeps it encrypted.`,
    tokenNotWritten: 'PACHCA_TOKEN is set here, and was not written into the file: others could read it there.',
    fromCache: (path: string) =>
      `${path} lies in the cache of npm, which npm may clear. Install from a clone, or first: npm install -g FILE.tgz`,
    journalProblems: {
      not_readable: 'not a line of the journal',
      chain_broken: 'does not follow the line before it: one was changed, moved or taken away',
      cut_short: 'cut short',
    },
    line: 'line',
    lastDigest:
      'Digest of the last line. Kept elsewhere, it shows later whether the last lines were changed or cut off',
  },
  ru: {
    yes: 'да',
    no: 'нет',
    source: 'Источник',
    events: 'Событий',
    token: 'Токен',
    user: 'пользователь',
    scopes: 'Скоупы',
    surplus: 'Лишние скоупы, здесь не нужны',
    answeredIn: (ms: number) => `Ответ за: ${ms} мс`,
    megabytes: (bytes: number) => `${millions(bytes).replace('.', ',')} МБ`,
    canRead: 'Журнал аудита читается',
    canResolve: 'Имена известны',
    store: 'Локальное хранилище',
    storeEmpty: 'Пусто.',
    days: (count: number) => `дней: ${count}`,
    wholeDays: 'Прочитаны целиком, все события',
    none: 'нет',
    damagedFiles: (count: number) => `Повреждённых файлов отложено: ${count}`,
    purged: (segments: number, size: string) => `Удалено сегментов: ${segments}, ${size}.`,
    filled: (days: number, events: number, requests: number) =>
      `Дней прочитано и сохранено: ${days}. Событий: ${events}, запросов: ${requests}.`,
    keptBefore: 'Сохранены раньше',
    rechecked: 'Перечитан из-за опоздавших событий',
    notClosed: 'Закончились слишком недавно',
    forgotten: 'Журнал их уже забыл',
    olderThanKept: 'Старше, чем хранилище держит',
    namesKept: (count: number) => `Имён сохранено: ${count}`,
    namesNotKept: (reason: string) => `Имена не сохранены (${reason}).`,
    fillStopped: (reason: string, why: string) => `НЕ ПОЛНОСТЬЮ (${reason}). ${why} Та же команда продолжит отсюда.`,
    grantNames: ' (их даёт скоуп users:read)',
    problem: 'Проблема',
    window: 'Период',
    totals: (logins: number, failed: number, actors: number, addresses: number) =>
      `входов: ${logins}, неудач второго фактора: ${failed}, людей: ${actors}, адресов: ${addresses}`,
    findings: (shown: number, omitted: number) =>
      omitted === 0 ? `Находок: ${shown}` : `Находок показано: ${shown}, ещё ${omitted} за пределами ограничений`,
    who: 'кто',
    from: 'откуда',
    when: 'когда',
    why: 'почему',
    harmless: 'безобидно, если',
    evidence: 'события',
    notObservable: 'Этот журнал не показывает (not_observable)',
    complete: 'Прочитан весь период.',
    partial: (reason: string) => `ЧАСТИЧНО (${reason}): прочитан не весь период.`,
    intact: (events: number) => `Файл совпадает с выгрузкой: событий ${events}, контрольная сумма и счётчики верны.`,
    broken: 'Файл НЕ совпадает с выгрузкой:',
    exported: (events: number, bytes: number) => `Событий: ${events}, байт: ${bytes}`,
    manifest: 'манифест',
    goesOn: (times: string) => `Прочитанное сохранено; та же команда продолжит с этого места: ${times}`,
    noFile: 'Файл не записан.',
    interrupted: 'Прервано.',
    wholeJournal: (lines: number) => `Журнал вызовов цел: строк ${lines}, каждая содержит дайджест предыдущей.`,
    journalFrom: (lines: number, digest: string) =>
      `С первой строки журнал вызовов цел: строк ${lines}, каждая содержит дайджест предыдущей. Первая следует за строкой, которой здесь нет (${digest}): не пропали ли строки перед ней, покажет файл предыдущего месяца.`,
    brokenJournal: 'Журнал вызовов НЕ тот, что был записан:',
    installed: (client: string, path: string) => `${client}: сервер записан в ${path}`,
    installedAlready: (client: string, path: string) => `${client}: сервер уже записан в ${path}`,
    wouldInstall: (client: string, path: string) =>
      `Ничего не записано. Для ${client} это место в ${path}; остальное в файле не изменится:`,
    oldFile: 'Прежний файл',
    asLink: 'То же ссылкой',
    tokenFile: (path: string) => `Токен читается из ${path}`,
    noTokenFile: (path: string) =>
      `Токен читается из ${path}, но этого файла ещё нет. Вставьте токен после команды: mkdir -p "$(dirname "${path}")" && (umask 077; cat > "${path}")   и нажмите Ctrl-D.`,
    clientAsks: (client: string) => `${client} спросит токен при первом запуске и сохранит его зашифрованным.`,
    tokenNotWritten: 'PACHCA_TOKEN здесь задан, но в файл не записан: там его могли бы прочитать другие.',
    fromCache: (path: string) =>
      `${path} лежит в кэше npm, который npm может очистить. Установите из клона или сначала выполните: npm install -g ФАЙЛ.tgz`,
    journalProblems: {
      not_readable: 'не строка журнала',
      chain_broken: 'не следует за предыдущей строкой: строку изменили, переставили или убрали',
      cut_short: 'обрезана',
    },
    line: 'строка',
    lastDigest:
      'Дайджест последней строки. Если хранить его отдельно, он покажет, не изменили ли последние строки и не отрезали ли их',
  },
} as const;
