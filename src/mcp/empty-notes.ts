// Owns what is said where no event matches: why there may be none, and where else to look.
import type { Coverage } from '../audit/audit-log.ts';
import { KNOWN_TYPES } from '../audit/event.ts';
import { RETENTION_DAYS } from '../audit/readable.ts';
import type { AuditQuery } from '../audit/query.ts';
import type { ToolContext } from './tool.ts';
import type { Lang } from '../text/lang.ts';

const HOUR_MS = 3_600_000;

interface Words {
  readonly partial: string;
  /** `filters` is empty where there are none. */
  noMatch(span: string, filters: string): string;
  minutes(count: number): string;
  hours(count: number): string;
  days(count: number): string;
  readonly wider: string;
  readonly actor: string;
  unknownType(type: string, known: string): string;
  readonly retention: string;
  /** Of these keys, absence proves less than it seems. */
  readonly keys: Readonly<Record<'user_2fa_fail' | 'dlp_violation_detected', string>>;
}

const WORDS: Readonly<Record<Lang, Words>> = {
  en: {
    partial: 'No event was seen in what was read; the rest of the window is unknown.',
    noMatch: (span, filters) =>
      `No event matches: the whole window (${span}${filters === '' ? '' : `, narrowed by ${filters}`}) was read.`,
    minutes: (count) => `${count} minutes`,
    hours: (count) => `${count} hours`,
    days: (count) => `${count} days`,
    wider: 'Without one of these filters, or with a wider window, more may match.',
    actor: 'actor finds what a person did; what was done to them has their id as entity_id (entity_type User).',
    unknownType: (type, known) => `"${type}" is none of the known types (${known}).`,
    retention: `The log goes back ${RETENTION_DAYS} days; start_time decides how far this question does.`,
    keys: {
      user_2fa_fail: 'Only second factors fail in this log: a wrong password leaves no event.',
      dlp_violation_detected: 'Only DLP rules whose action logs leave an event: a rule that only blocks does not.',
    },
  },
  ru: {
    partial: 'В прочитанном событий нет; остальная часть периода неизвестна.',
    noMatch: (span, filters) =>
      `Подходящих событий нет: прочитан весь период (${span}${filters === '' ? '' : `; фильтры: ${filters}`}).`,
    minutes: (count) => `${commaNumber(count)} мин`,
    hours: (count) => `${commaNumber(count)} ч`,
    days: (count) => `${commaNumber(count)} сут`,
    wider: 'Без одного из этих фильтров или за более длинный период может найтись больше.',
    actor:
      'Фильтр actor находит то, что человек сделал сам; у того, что сделали с ним, его id стоит в entity_id (entity_type User).',
    unknownType: (type, known) => `«${type}» нет среди известных типов (${known}).`,
    retention: `Журнал хранит ${RETENTION_DAYS} дней; начало вопроса задаёт start_time.`,
    keys: {
      user_2fa_fail: 'В журнале видны только неудачи второго фактора: неверный пароль события не оставляет.',
      dlp_violation_detected:
        'Событие оставляют только правила DLP, которые пишут в журнал: правило, которое лишь блокирует, его не оставляет.',
    },
  },
};

function commaNumber(count: number): string {
  return String(count).replace('.', ',');
}

function filterNames(query: AuditQuery): string[] {
  const filters: readonly (readonly [string, unknown])[] = [
    ['event_keys', query.eventKeys],
    ['actor', query.actorId],
    ['actor_type', query.actorType],
    ['entity_id', query.entityId],
    ['entity_type', query.entityType],
    ['chat_id', query.chatId],
    ['ip_address', query.ipAddress],
    ['time_of_day', query.timeOfDay],
  ];
  return filters.filter(([, value]) => value !== undefined).map(([name]) => name);
}

function unknownTypeNotes({ entityType, actorType }: AuditQuery, words: Words): string[] {
  const types = [entityType, actorType].filter((type) => type !== undefined);
  const unknown = types.filter((type) => !KNOWN_TYPES.includes(type));
  return unknown.map((type) => words.unknownType(type, KNOWN_TYPES.join(', ')));
}

function spanWords({ window }: AuditQuery, words: Words): string {
  const spanMs = window.endMs - window.startMs;
  if (spanMs < HOUR_MS) return words.minutes(Math.round(spanMs / 6000) / 10);
  const hours = Math.round((spanMs / HOUR_MS) * 10) / 10;
  return hours <= 48 ? words.hours(hours) : words.days(Math.round(hours / 2.4) / 10);
}

/** Facts that tell why nothing was found, and where else it may be. */
export function emptyNotes(
  query: AuditQuery,
  coverage: Coverage,
  { settings }: Pick<ToolContext, 'settings'>,
): string[] {
  const words = WORDS[settings.lang];
  if (!coverage.complete) return [words.partial];
  const filters = filterNames(query);
  return [
    words.noMatch(spanWords(query, words), filters.join(', ')),
    ...(filters.length === 0 ? [] : [words.wider]),
    ...(query.actorId === undefined ? [] : [words.actor]),
    ...unknownTypeNotes(query, words),
    ...Object.entries(words.keys)
      .filter(([key]) => query.eventKeys?.includes(key))
      .map(([, note]) => note),
    ...(settings.file === undefined ? [words.retention] : []),
  ];
}
