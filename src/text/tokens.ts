// Owns the estimates of how many tokens a text costs a model: of ordinary text, and at most of text that somebody chose.

/** Tokens of a character below U+0800, and of one above. */
interface Weights {
  readonly table: Float64Array;
  readonly above: number;
}

const FIRST_OF_THREE_BYTES = 0x800;

interface Kinds {
  readonly letter: number;
  readonly space: number;
  readonly digit: number;
  readonly mark: number;
  readonly russian: number;
  readonly rare: number;
  readonly above: number;
}

/** Looked up, not matched: every row of every answer passes here. */
function weightsOf({ letter, space, digit, mark, russian, rare, above }: Kinds): Weights {
  const table = Float64Array.from({ length: FIRST_OF_THREE_BYTES }, (_, code) => {
    const character = String.fromCharCode(code);
    if (/[A-Za-z]/u.test(character)) return letter;
    if (character === ' ') return space;
    if (/[0-9]/u.test(character)) return digit;
    if (/[!-~]/u.test(character)) return mark;
    return /[А-яЁё]/u.test(character) ? russian : rare;
  });
  return { table, above };
}

/** Words, ids and times, on the high side. Ids and digits split badly; Cyrillic takes about two characters a token. */
const ORDINARY = weightsOf({
  letter: 0.28,
  space: 0.28,
  digit: 0.55,
  mark: 0.55,
  russian: 0.6,
  rare: 0.6,
  above: 0.6,
});

/** Letters that make no word; for what no tokenizer knows, its bytes: two below U+0800, three above. */
const CHOSEN = weightsOf({ letter: 0.78, space: 0.4, digit: 0.78, mark: 0.78, russian: 1, rare: 2, above: 3 });

function sum(text: string, { table, above }: Weights): number {
  let tokens = 0;
  for (let at = 0; at < text.length; at += 1) tokens += table[text.charCodeAt(at)] ?? above;
  return Math.ceil(tokens);
}

/** About how many tokens `text` costs. */
export function tokenEstimate(text: string): number {
  return sum(text, ORDINARY);
}

/** At most about how many tokens `text` costs: for what an attacker may have chosen so that it fills an answer. */
export function tokenBound(text: string): number {
  return sum(text, CHOSEN);
}
