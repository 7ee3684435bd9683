// Owns the one cleaning function that every text from upstream passes before it reaches an answer, a log line or an error.

/**
 * What a reader cannot see, or what changes how the rest is shown: controls, bidi marks, zero-width and tag characters,
 * variation selectors, fillers (all of Default_Ignorable), annotation marks, noncharacters and lone surrogates.
 * Private-use characters stay: they hide nothing, and the Apple logo is one.
 */
const HIDDEN = String.raw`\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Noncharacter_Code_Point}\uFFF9-\uFFFB`;

/** An escape sequence goes whole: "[31m" or a hidden link target left behind would be noise. Unfinished ones lose the introducer. */
const ESCAPE_SEQUENCE = [
  String.raw`(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]{0,4096}(?:\x07|\x1b\\|\x9c)`,
  String.raw`(?:\x1b\[|\x9b)[0-?]*[ -\/]*[@-~]?`,
  String.raw`\x1b[ -\/]*[0-~]?`,
].join('|');

/**
 * Whole emoji. Beside RGI, any short chain of pictures: what Node's Unicode tables call RGI grows with its version, and
 * phones leave out variation selectors. Tags are kept in RGI flags only: elsewhere they can carry any text.
 */
const PICTURE = String.raw`\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?`;
const EMOJI = String.raw`${PICTURE}(?:\u200D${PICTURE}){1,4}|\p{RGI_Emoji}`;

/** Scripts in which a joiner inside a word changes how the word reads: Persian, Urdu, the Indic scripts and their kin. */
const JOINING = `[${[
  'Arabic',
  'Bengali',
  'Devanagari',
  'Gujarati',
  'Gurmukhi',
  'Kannada',
  'Khmer',
  'Malayalam',
  'Mongolian',
  'Myanmar',
  'Oriya',
  'Sinhala',
  'Syriac',
  'Tamil',
  'Telugu',
]
  .map((script) => String.raw`\p{Script=${script}}`)
  .join('')}]`;
const WORD_JOINER = String.raw`(?<=${JOINING})[\u200C\u200D](?=${JOINING})`;

const LINE_BREAK = String.raw`[\t\n\v\f\r\x85\u2028\u2029]+`;

/** Code units that are never hidden; most text of a log is nothing else, and this test is the cheapest. */
const PLAIN = /^[ -~\u00A0-\u00AC\u00AE-\u034E\u0370-\u05FF\u2010-\u2027\u2030-\u205E\u20A0-\u2BFF]*$/;

/** Made on first use: sets of Unicode classes take longer to make than the rest of a start. */
function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

const anyHidden = once(() => new RegExp(`[${HIDDEN}]`, 'v'));
const tokens = once(
  () => new RegExp(`(?<kept>${EMOJI}|${WORD_JOINER})|(?<line>${LINE_BREAK})|(?:${ESCAPE_SEQUENCE})|[${HIDDEN}]`, 'gv'),
);
const graphemes = once(() => new Intl.Segmenter('en', { granularity: 'grapheme' }));

/**
 * `text` without hidden characters, on one line: line breaks and tabs become a space. Whole emoji and all scripts stay.
 * With `maxLength` (UTF-16 units), cut between characters, the last of them "…".
 */
export function cleanText(text: string, maxLength?: number): string {
  const clean = mayHide(text) ? text.replace(tokens(), keepOrDrop) : text;
  return maxLength === undefined || clean.length <= maxLength ? clean : cut(clean, maxLength);
}

/** `text` clean but with its line breaks, as "\n", at most one empty line in a row; for what a person wrote in several lines. */
export function cleanLines(text: string): string {
  const lines = text.split(/\r\n|[\n\r\u2028\u2029\u0085]/u).map((line) => cleanText(line).trimEnd());
  return lines
    .join('\n')
    .replaceAll(/\n{3,}/gu, '\n\n')
    .trim();
}

/** Whether cleaning `text` takes anything away but line breaks, tabs and a lone choice of emoji or text style. */
export function hasHiddenCharacters(text: string): boolean {
  if (!mayHide(text)) return false;
  for (const match of text.matchAll(tokens())) {
    const harmless = match.groups?.['kept'] ?? match.groups?.['line'];
    if (harmless === undefined && !isStyleSelector(text, match.index, match[0])) return true;
  }
  return false;
}

/** A copy of a JSON value with every string and every key cleaned; the value itself where nothing had to go. */
export function cleanDeep<T>(value: T): T;
export function cleanDeep(value: unknown): unknown {
  return cleanAt(value, 0);
}

/** Deeper than any event; keeps a hostile nesting from ending the process. */
const MAX_DEPTH = 200;

function cleanAt(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '[nested too deeply]';
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => cleanAt(item, depth + 1));
    return items.every((item, index) => Object.is(item, value[index])) ? value : items;
  }
  return cleanObject(value, depth);
}

function cleanObject(value: object, depth: number): object {
  const entries = new Map<string, unknown>();
  let changed = false;
  for (const [key, item] of Object.entries(value)) {
    const cleaned = cleanAt(item, depth + 1);
    const name = freeName(cleanText(key), entries);
    changed ||= name !== key || !Object.is(cleaned, item);
    entries.set(name, cleaned);
  }
  // fromEntries defines properties: a key "__proto__" stays data.
  return changed ? Object.fromEntries(entries) : value;
}

/** Two keys that look the same once cleaned must not become one. */
function freeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  let free = name;
  for (let copy = 2; taken.has(free); copy += 1) free = `${name} (${copy})`;
  return free;
}

function mayHide(text: string): boolean {
  return !PLAIN.test(text) && anyHidden().test(text);
}

function keepOrDrop(_match: string, kept: string | undefined, line: string | undefined): string {
  return kept ?? (line === undefined ? '' : ' ');
}

function isStyleSelector(text: string, index: number, match: string): boolean {
  if (match !== '\uFE0E' && match !== '\uFE0F') return false;
  return index > 0 && !anyHidden().test(text.charAt(index - 1));
}

function cut(text: string, maxLength: number): string {
  if (maxLength <= 1) return '…'.slice(0, Math.max(0, maxLength));
  // A little more than asked for, so that the character at the cut is seen whole without walking a long text.
  const near = text.slice(0, maxLength + 64);
  const end =
    graphemes()
      .segment(near)
      .containing(maxLength - 1)?.index ?? 0;
  // One character may be longer than the limit (a pile of accents): then the cut goes through it, but not through a pair.
  const kept = near.slice(0, end > 0 ? end : maxLength - 1);
  return `${kept.replace(/[\uD800-\uDBFF]$/, '')}…`;
}
