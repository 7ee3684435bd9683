// Owns the question whether a text of the log hides characters or speaks to a model, and which events hold such text.
import { hasHiddenCharacters } from './clean.ts';
import { INSTRUCTION_PATTERNS } from './instruction-patterns.ts';
import { keepResults } from './keep-results.ts';

export type Suspicion = 'hidden_characters' | 'instruction_like';

const INSTRUCTION = new RegExp(
  INSTRUCTION_PATTERNS.flatMap(({ kind, sources }) =>
    sources.map((source) =>
      kind === 'phrase' ? String.raw`(?<![\p{L}\p{N}_])(?:${source})(?![\p{L}_])` : `(?:${source})`,
    ),
  ).join('|'),
  'iu',
);

/** No pattern matches less; names of clients, keys and ids are mostly told by this alone. */
const SHORTEST = 6;
/** Ids, times and addresses: these letters make no word of a pattern. Each comes once, so knowing it would help nothing. */
const WORDLESS = /^[\da-f:.TZ+-]*$/iu;
/** Longer texts are judged by their beginning: a pattern far inside would not be an event's name or message. */
const LONGEST = 20_000;
const MAX_DEPTH = 200;

/** Why a reader should be careful with `text`, if at all. Hidden characters come first: they say more. */
export function suspicion(text: string): Suspicion | undefined {
  if (hasHiddenCharacters(text)) return 'hidden_characters';
  return readsLikeInstruction(text) ? 'instruction_like' : undefined;
}

/** Ids of the events of which any text, key or detail at any depth is suspicious, in the order of `events`. */
export function suspiciousEventIds(events: Iterable<{ readonly id: string }>): string[] {
  const ids: string[] = [];
  for (const event of events) if (holds(event, isSuspicious, 0)) ids.push(event.id);
  return ids;
}

/** Clients, addresses and names come again and again; each is judged once. */
const judge = keepResults(10_000, (text) => suspicion(text) !== undefined);

function isSuspicious(text: string): boolean {
  return !WORDLESS.test(text) && judge(text);
}

function readsLikeInstruction(text: string): boolean {
  if (text.length < SHORTEST) return false;
  return INSTRUCTION.test(text.slice(0, LONGEST).normalize('NFKC'));
}

/** Whether a string or key of `value`, at any depth, passes `test`. */
function holds(value: unknown, test: (text: string) => boolean, depth: number): boolean {
  if (typeof value === 'string') return test(value);
  if (typeof value !== 'object' || value === null) return false;
  // What cannot be looked at is not called clean.
  if (depth >= MAX_DEPTH) return true;
  if (Array.isArray(value)) return value.some((item) => holds(item, test, depth + 1));
  return Object.entries(value).some(([key, item]) => test(key) || holds(item, test, depth + 1));
}
