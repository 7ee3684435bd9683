// Owns names in the store's folder: <dir>/<scope>/event_key=<key>/day=<day>.ndjson.gz, and what stands beside the segments.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { isDay } from './utc-days.ts';

/** Whose log this is. A folder holds one scope: another API, workspace or token owner has another folder. */
export interface StoreScope {
  readonly apiUrl: string;
  readonly ownerId: string;
}

const SEGMENT_SUFFIX = '.ndjson.gz';
const DAMAGED_SUFFIX = '.damaged';
// Spark, Hive and Trino take names that start with "_" for something else than data.
export const SHEET_FOLDER = '_days';
export const SCOPE_FILE = '_scope.json';
export const NAMES_FILE = '_names.json';
// What Hive, Spark and DuckDB write for a partition without a name.
const EMPTY_KEY = '__HIVE_DEFAULT_PARTITION__';
const MOST_KEY_BYTES = 180;

/** Name of the folder of `scope`. */
export function scopeId(scope: StoreScope): string {
  const apiUrl = scope.apiUrl.replace(/\/+$/, '');
  return createHash('sha256')
    .update(JSON.stringify([apiUrl, scope.ownerId]))
    .digest('hex')
    .slice(0, 24);
}

export function isScopeId(name: string): boolean {
  return /^[0-9a-f]{24}$/.test(name);
}

/**
 * `eventKey` as part of a file name, percent-encoded as Hive does; undefined where it cannot be one. Capitals are encoded
 * too: some file systems take "A" and "a" for the same.
 */
export function encodeKey(eventKey: string): string | undefined {
  if (eventKey === '') return EMPTY_KEY;
  if (!eventKey.isWellFormed()) return undefined;
  const encoded = [...Buffer.from(eventKey)]
    .map((byte) => String.fromCharCode(byte))
    .map((char) => (/[a-z0-9_-]/.test(char) ? char : `%${Buffer.from(char, 'latin1').toString('hex').toUpperCase()}`))
    .join('');
  return encoded.length <= MOST_KEY_BYTES ? encoded : undefined;
}

/** The event key of a folder's name, where it is one of ours. */
export function keyOfFolder(name: string): string | undefined {
  if (!name.startsWith('event_key=')) return undefined;
  const encoded = name.slice('event_key='.length);
  if (encoded === EMPTY_KEY) return '';
  try {
    const eventKey = decodeURIComponent(encoded);
    return encodeKey(eventKey) === encoded ? eventKey : undefined;
  } catch {
    return undefined;
  }
}

/** `encoded` as encodeKey made it. */
export function keyFolder(scopeFolder: string, encoded: string): string {
  return join(scopeFolder, `event_key=${encoded}`);
}

export function segmentPath(scopeFolder: string, encoded: string, day: string): string {
  return join(keyFolder(scopeFolder, encoded), `day=${day}${SEGMENT_SUFFIX}`);
}

export function sheetPath(scopeFolder: string, day: string): string {
  return join(scopeFolder, SHEET_FOLDER, `${day}.json`);
}

/** Where a damaged file goes: out of every reader's pattern. */
export function damagedPath(path: string): string {
  return `${path}${DAMAGED_SUFFIX}`;
}

/** What `name` in the folder of a key or of the day sheets is; undefined: not ours. */
export function fileKind(name: string): { kind: 'segment' | 'sheet' | 'damaged' | 'part'; day: string } | undefined {
  const match = /^\.?(?:day=)?(\d{4}-\d{2}-\d{2})(\.ndjson\.gz|\.json)(\.damaged|\.[0-9a-f-]{36}\.part)?$/.exec(name);
  const [, day = '', suffix, rest] = match ?? [];
  if (!isDay(day)) return undefined;
  if (rest !== undefined) return { kind: rest === DAMAGED_SUFFIX ? 'damaged' : 'part', day };
  return { kind: suffix === SEGMENT_SUFFIX ? 'segment' : 'sheet', day };
}
