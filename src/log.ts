// Owns the log: one line of JSON an entry, clean, without secrets. It goes to stderr, since stdout belongs to the protocol.
import type { Clock } from './clock.ts';
import { cleanText } from './text/clean.ts';
import { redact } from './text/redact.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What an entry says besides its message; any value, errors with their causes included. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Never throws. Only strings, numbers and booleans at any depth are written; a cycle or a great depth is cut. */
export type Log = Readonly<Record<LogLevel, (message: string, fields?: LogFields) => void>>;

export interface LogOptions {
  /** Takes one line with its line feed. */
  write: (line: string) => void;
  /** Asked for every entry: what must not be written in any form. */
  secrets: () => readonly string[];
  clock: Pick<Clock, 'now'>;
  /** Entries below are left out; without it, below `info`. */
  level?: LogLevel;
}

const MAX_DEPTH = 8;
const MAX_ITEMS = 100;
const MAX_TEXT = 4000;
/** Values of these names are credentials whatever they hold. */
const CREDENTIAL = /^(?:authorization|proxy-authorization|cookie|set-cookie|password|secret|token|access_token)$/i;

export function createLog({ write, secrets, clock, level = 'info' }: LogOptions): Log {
  const entry = (at: LogLevel) => (message: string, fields?: LogFields) => {
    if (LOG_LEVELS.indexOf(at) < LOG_LEVELS.indexOf(level)) return;
    const known = secrets();
    const time = new Date(clock.now()).toISOString();
    // Once more over the whole line: what became text only while it was written is caught here.
    write(`${redact(lineOf({ time, level: at, message, ...fieldsApart(fields) }, known), known)}\n`);
  };
  return { debug: entry('debug'), info: entry('info'), warn: entry('warn'), error: entry('error') };
}

const RESERVED: ReadonlySet<string> = new Set(['time', 'level', 'message']);

/** A field may not pass for the time, level or message of its entry. */
function fieldsApart(fields: LogFields = {}): LogFields {
  const entries = Object.entries(fields);
  return Object.fromEntries(entries.map(([name, value]) => [RESERVED.has(name) ? `${name}_` : name, value]));
}

function lineOf(entry: LogFields, secrets: readonly string[]): string {
  try {
    return JSON.stringify(plain(entry, { secrets, path: [] }));
  } catch {
    // A getter that throws, a revoked proxy: the line says at least that something was to be said.
    return JSON.stringify({ time: entry['time'], level: entry['level'], message: 'a log entry could not be written' });
  }
}

interface Walk {
  readonly secrets: readonly string[];
  /** The objects around the value; one of them again is a cycle. */
  readonly path: readonly object[];
}

/** A copy of `value` that is safe to write. */
function plain(value: unknown, walk: Walk): unknown {
  if (typeof value === 'string') return safeText(value, walk.secrets);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object') return undefined;
  if (walk.path.includes(value)) return '[circular]';
  if (walk.path.length >= MAX_DEPTH) return '[deeper]';
  const inside = { ...walk, path: [...walk.path, value] };
  if (value instanceof Error) return plainError(value, inside);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
  if (value instanceof URL || value instanceof URLSearchParams) return safeText(String(value), walk.secrets);
  // Bytes may hold anything, the token included, in a form that no search finds.
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Symbol.iterator in value) return plainItems(value, inside);
  return plainFields(Object.entries(value), inside);
}

function plainItems(value: object, walk: Walk): unknown {
  const items = Array.isArray(value) || value instanceof Set || value instanceof Map ? [...value] : [];
  const shown = items.slice(0, MAX_ITEMS).map((item: unknown) => plain(item, walk) ?? null);
  return items.length > MAX_ITEMS ? [...shown, `[${items.length - MAX_ITEMS} more]`] : shown;
}

function plainFields(entries: readonly (readonly [string, unknown])[], walk: Walk): Record<string, unknown> {
  const fields = entries.map(([name, value]) => {
    const isCredential = CREDENTIAL.test(name) && typeof value === 'string';
    return [safeText(name, walk.secrets), isCredential ? '[redacted]' : plain(value, walk)] as const;
  });
  return Object.fromEntries(fields.slice(0, MAX_ITEMS));
}

/** Name, message, stack and causes, which are no enumerable properties, and whatever else the error carries. */
function plainError(error: Error, walk: Walk): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  const more = Object.entries(error).filter(([key]) => key !== 'name' && key !== 'cause');
  return plainFields(
    [
      ['name', name],
      ['message', message],
      ...more,
      ...(cause === undefined ? [] : [['cause', cause] as const]),
      ['stack', stack],
    ],
    walk,
  );
}

/** Cleaned before the search for secrets, since hidden characters could break one up; cut after it, since a cut could too. */
function safeText(text: string, secrets: readonly string[]): string {
  return cleanText(redact(cleanText(text), secrets), MAX_TEXT);
}
