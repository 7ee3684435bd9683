// Owns the question whether a text of the log hides characters or speaks to a model, and which events and people hold such text.
import { hasHiddenCharacters } from './clean.ts';
import { INSTRUCTION_PATTERNS, type InstructionPattern } from './instruction-patterns.ts';
import { keepResults } from './keep-results.ts';

export type Suspicion = 'hidden_characters' | 'instruction_like';

/** Any of the patterns of a kind. */
function anyOf(kind: InstructionPattern['kind']): string {
  const sources = INSTRUCTION_PATTERNS.flatMap((pattern) => (pattern.kind === kind ? pattern.sources : []));
  return sources.map((source) => `(?:${source})`).join('|');
}

/** The bounds stand once, around all phrases: each class of letters is long to make, and to ask for at every letter of a text. */
const INSTRUCTION = new RegExp(String.raw`(?<![\p{L}\p{N}_])(?:${anyOf('phrase')})(?![\p{L}_])|${anyOf('mark')}`, 'iu');

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

/** Ids of the events or people of whom any text, key or detail at any depth is suspicious, in the order of `things`. */
export function suspiciousIds(things: Iterable<{ readonly id: string }>): string[] {
  const ids: string[] = [];
  for (const thing of things) if (isSuspiciousAnywhere(thing, 0)) ids.push(thing.id);
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

/** Whether a string or key of `value`, at any depth, is suspicious. */
function isSuspiciousAnywhere(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return isSuspicious(value);
  if (!isObject(value)) return false;
  // What cannot be looked at is not called clean.
  if (depth >= MAX_DEPTH) return true;
  // Keys come again with every event: whether they hold a word need not be asked first.
  for (const key in value) if (judge(key) || isSuspiciousAnywhere(value[key], depth + 1)) return true;
  return false;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
