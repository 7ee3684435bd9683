// Owns the CSV format: the documented fields for a spreadsheet, with nothing that a spreadsheet would run.
import type { AuditEvent } from '../audit/event.ts';
import type { ExportFormat } from './format.ts';

// What the API adds later is in NDJSON only: a table's columns must not change between two files.
const COLUMNS = [
  'id',
  'created_at',
  'event_key',
  'entity_type',
  'entity_id',
  'actor_type',
  'actor_id',
  'ip_address',
  'user_agent',
] as const satisfies readonly (keyof AuditEvent)[];

/** Without it Excel reads UTF-8 as a code page, and Cyrillic names are lost. Other readers skip it. */
const BYTE_ORDER_MARK = '\uFEFF';

// What starts a formula, in the widths that spreadsheets take for the same; and what a spreadsheet skips before it.
const FORMULA_START = String.raw`[=+\-@\u2212\uFE62\uFE63\uFE66\uFE6B\uFF0B\uFF0D\uFF1D\uFF20]`;
const SKIPPED = String.raw`\s\p{Cc}\p{Default_Ignorable_Code_Point}`;
const LEADING_FORMULA = new RegExp(`^(?:[\\t\\r\\n]|[${SKIPPED}]*${FORMULA_START})`, 'u');
// Excel with Russian settings splits a comma file at its semicolons, quoted or not: each may begin a cell, also one in quotes.
const FORMULA_AFTER_SEMICOLON = new RegExp(`;([${SKIPPED}"]*${FORMULA_START})`, 'gu');
// Begins harmlessly and holds no control, line separator or surrogate: nearly all text, and this test is the cheapest.
const PLAIN = /^[A-Za-z0-9{[("/_\u0400-\u04FF][ -~\u00A0-\u2027\u202A-\uD7FF\uE000-\uFFFF]*$/;
const SEMICOLON_BEFORE_OTHER = /;(?! *[A-Za-z0-9])/;
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/gu;

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\t': String.raw`\t`,
};

/** A line end in a text would forge a row for every reader that goes by lines; a lone surrogate cannot be written at all. */
function escapeUnprintable(char: string): string {
  return SHORT_ESCAPES[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The text as a spreadsheet may show it: an apostrophe before whatever it would run, no line ends, no controls. */
function printed(text: string): string {
  if (PLAIN.test(text) && !SEMICOLON_BEFORE_OTHER.test(text)) return text;
  const inert = (LEADING_FORMULA.test(text) ? `'${text}` : text).replace(FORMULA_AFTER_SEMICOLON, ";'$1");
  return inert.replace(UNPRINTABLE, escapeUnprintable);
}

/** Quoted as RFC 4180 says. */
function cell(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = printed(typeof value === 'string' ? value : JSON.stringify(value));
  return /[",;]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The cells of a line that this format wrote; undefined where the line is not such a row. */
function cellsOf(line: string): string[] | undefined {
  const cells: string[] = [];
  const next = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  for (let match = next.exec(line); match !== null; match = next.exec(line)) {
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '') return cells.length === COLUMNS.length + 1 ? cells : undefined;
  }
  return undefined;
}

export const csv: ExportFormat = {
  extension: 'csv',
  mediaType: 'text/csv',
  head: `${BYTE_ORDER_MARK}${COLUMNS.join(',')},details\n`,
  isSpoolForm: false,
  row: (event) => `${COLUMNS.map((column) => cell(event[column])).join(',')},${cell(event.details)}\n`,
  readRow(line) {
    const [id, createdAt, eventKey] = cellsOf(line) ?? [];
    if (id === undefined || createdAt === undefined || eventKey === undefined) return undefined;
    return Number.isNaN(Date.parse(createdAt)) ? undefined : { id, created_at: createdAt, event_key: eventKey };
  },
  printed,
};
