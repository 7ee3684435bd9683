// Owns the check of the query string of GET /audit_events: what is wrong with it, in the API's words.
import { type ApiErrorItem, type Answer, errorsAnswer } from './answer.ts';
import type { LogFilter } from './log-columns.ts';

export interface AuditQuery {
  filter: LogFilter;
  limit: number;
  cursor: string | undefined;
  /** The same text for the same filters; a cursor belongs to it. */
  identity: string;
}

export interface AuditQueryRules {
  knownKeys: ReadonlySet<string>;
  endTimeInclusive: boolean;
  /** Longest window; longer ones are refused. */
  maxRangeDays: number | null;
  /** What is older is gone; asking for it is no error. */
  retentionDays: number | null;
  nowMs: number;
}

const DAY_MS = 86_400_000;
const ISO_TIME = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Milliseconds, or undefined. A time without an offset is UTC. */
function parseTime(text: string): number | undefined {
  const match = ISO_TIME.exec(text);
  if (match === null) return undefined;
  const zoned = match[1] === undefined && text.length > 10 ? `${text}Z` : text;
  const time = Date.parse(zoned.replace(' ', 'T'));
  return Number.isNaN(time) ? undefined : time;
}

const invalid = (key: string, value: string, message: string, code = 'invalid'): ApiErrorItem => ({
  key,
  value,
  message,
  code,
});

function readLimit(text: string | null, errors: ApiErrorItem[]): number {
  if (text === null || text === '') return 50;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 50) return limit;
  errors.push(invalid('limit', text, 'Значение должно быть от 1 до 50'));
  return 50;
}

function readTime(key: string, text: string | null, errors: ApiErrorItem[]): number | undefined {
  if (text === null || text === '') return undefined;
  const time = parseTime(text);
  if (time === undefined) errors.push(invalid(key, text, 'Неверный формат даты и времени (ISO-8601)'));
  return time;
}

/** `start`–`end` as inclusive bounds; pushes an error where the range is longer than allowed. */
function bounds(start: number | undefined, end: number | undefined, rules: AuditQueryRules, errors: ApiErrorItem[]) {
  const oldest = rules.retentionDays === null ? -Infinity : rules.nowMs - rules.retentionDays * DAY_MS;
  const from = Math.max(start ?? oldest, oldest);
  const to = end === undefined ? Number.MAX_SAFE_INTEGER - 1 : rules.endTimeInclusive ? end : end - 1;
  const range = (end ?? rules.nowMs) - (start ?? from);
  if (rules.maxRangeDays !== null && range > rules.maxRangeDays * DAY_MS) {
    errors.push(invalid('end_time', '', 'Выбран слишком большой диапазон дат', 'invalid_date_range'));
  }
  return { fromMs: from, toMs: to };
}

/** The query, or the 422 that it deserves. Parameters that the API does not know are passed over, as it does. */
export function readAuditQuery(params: URLSearchParams, rules: AuditQueryRules): AuditQuery | Answer {
  const errors: ApiErrorItem[] = [];
  const limit = readLimit(params.get('limit'), errors);
  const start = readTime('start_time', params.get('start_time'), errors);
  const end = readTime('end_time', params.get('end_time'), errors);
  const eventKey = params.get('event_key') || undefined;
  if (eventKey !== undefined && !rules.knownKeys.has(eventKey)) {
    errors.push(invalid('event_key', eventKey, 'Поле имеет непредусмотренное значение', 'inclusion'));
  }
  const range = bounds(start, end, rules, errors);
  if (errors.length > 0) return errorsAnswer(422, ...errors);
  const actorId = params.get('actor_id') || undefined;
  const actorType = params.get('actor_type') || undefined;
  const entityId = params.get('entity_id') || undefined;
  const entityType = params.get('entity_type') || undefined;
  return {
    filter: {
      ...range,
      ...(eventKey !== undefined && { eventKey }),
      ...(actorId !== undefined && { actorId }),
      ...(actorType !== undefined && { actorType }),
      ...(entityId !== undefined && { entityId }),
      ...(entityType !== undefined && { entityType }),
    },
    limit,
    cursor: params.get('cursor') || undefined,
    // The bounds as asked for: those of the retention move with the clock.
    identity: JSON.stringify([start, end, eventKey, actorId, actorType, entityId, entityType]),
  };
}
