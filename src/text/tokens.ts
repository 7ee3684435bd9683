// Owns the estimate of how many tokens a text costs a model; on the high side, measured by the token bench.

/** Tokens a character, by kind. Ids and digits split badly; Cyrillic takes about two characters a token. */
const TOKENS_PER_LETTER = 0.28;
const TOKENS_PER_DIGIT = 0.55;
const TOKENS_PER_MARK = 0.55;
const TOKENS_PER_OTHER = 0.6;

/** Tokens of every ASCII character. Looked up, not matched: every row of every answer passes here. */
const ASCII = Float64Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[A-Za-z ]/u.test(character)) return TOKENS_PER_LETTER;
  if (/[0-9]/u.test(character)) return TOKENS_PER_DIGIT;
  return /[!-/:-@[-`{-~]/u.test(character) ? TOKENS_PER_MARK : TOKENS_PER_OTHER;
});

/** About how many tokens `text` costs. */
export function tokenEstimate(text: string): number {
  let tokens = 0;
  for (let at = 0; at < text.length; at += 1) tokens += ASCII[text.charCodeAt(at)] ?? TOKENS_PER_OTHER;
  return Math.ceil(tokens);
}
