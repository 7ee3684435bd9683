// Owns what an export's manifest says to whoever answers from the file: what it covers, and whether it is still the same file.
import type { FileScope } from '../audit/file-log.ts';
import type { AuditQuery, TimeWindow } from '../audit/query.ts';
import type { Manifest } from './manifest.ts';
import { manifestPathOf } from './target.ts';
import { verifyExport } from './verify.ts';
import { AuditError } from '../errors.ts';
import type { Text } from '../text/lang.ts';

/** The scope of the file at `path` by the manifest beside it; undefined where there is none. Reads the whole file once. */
export async function readFileScope(path: string): Promise<FileScope | undefined> {
  try {
    const { manifest, problems } = await verifyExport(manifestPathOf(path));
    // A changed file may lack events anywhere.
    const covered = problems.length === 0 ? coveredBy(manifest) : [];
    return { covered, filters: queryOf(manifest), notes: notesOf(manifest, problems) };
  } catch (error) {
    if (error instanceof AuditError && error.code === 'not_found') return undefined;
    throw error;
  }
}

function coveredBy({ covered, window }: Manifest): TimeWindow[] {
  return (covered ?? [window]).map(({ start_time: start, end_time: end }) => ({
    startMs: Date.parse(start),
    endMs: Date.parse(end),
  }));
}

function queryOf({ filters, window }: Manifest): Partial<AuditQuery> {
  const hours = filters.time_of_day;
  return {
    timeZone: window.time_zone,
    ...(filters.event_keys === undefined ? {} : { eventKeys: filters.event_keys }),
    ...(filters.actor_id === undefined ? {} : { actorId: filters.actor_id }),
    ...(filters.actor_type === undefined ? {} : { actorType: filters.actor_type }),
    ...(filters.entity_id === undefined ? {} : { entityId: filters.entity_id }),
    ...(filters.entity_type === undefined ? {} : { entityType: filters.entity_type }),
    ...(filters.chat_id === undefined ? {} : { chatId: filters.chat_id }),
    ...(filters.ip_address === undefined ? {} : { ipAddress: filters.ip_address }),
    ...(hours === undefined ? {} : { timeOfDay: { fromMinute: hours.from_minute, toMinute: hours.to_minute } }),
  };
}

function notesOf({ filters, complete }: Manifest, problems: readonly Text[]): Text[] {
  const narrowed = Object.keys(filters);
  return [
    ...(problems.length > 0 ? [differs(problems)] : []),
    ...(narrowed.length > 0 ? [isNarrowed(narrowed.join(', '))] : []),
    ...(complete ? [] : [NOT_WHOLE]),
  ];
}

const differs = (problems: readonly Text[]): Text => ({
  en: `The file differs from its manifest, so nothing of it counts as whole: ${problems.map(({ en }) => en).join(' ')}`,
  ru: `Файл не таков, как в манифесте, поэтому ничто в нём не считается полным: ${problems.map(({ ru }) => ru).join(' ')}`,
});
const isNarrowed = (filters: string): Text => ({
  en: `The file was exported with filters (${filters}): other events are not in it.`,
  ru: `Файл выгружен с фильтрами (${filters}): других событий в нём нет.`,
});
const NOT_WHOLE: Text = {
  en: 'The file does not hold its whole window: the log no longer had a part of it.',
  ru: 'В файле не всё его окно: части его в журнале уже не было.',
};
