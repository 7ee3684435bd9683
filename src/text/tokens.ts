// Owns the estimate of how many tokens a text costs a model; on the high side, measured by the token bench.

/** Tokens a character, by kind. Ids and digits split badly; Cyrillic takes about two characters a token. */
const TOKENS_PER_LETTER = 0.28;
const TOKENS_PER_DIGIT = 0.55;
const TOKENS_PER_MARK = 0.55;
const TOKENS_PER_OTHER = 0.6;

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/** About how many tokens `text` costs. */
export function tokenEstimate(text: string): number {
  const letters = count(text, /[A-Za-z ]/gu);
  const digits = count(text, /[0-9]/gu);
  const marks = count(text, /[!-/:-@[-`{-~]/gu);
  const others = text.length - letters - digits - marks;
  return Math.ceil(
    letters * TOKENS_PER_LETTER + digits * TOKENS_PER_DIGIT + marks * TOKENS_PER_MARK + others * TOKENS_PER_OTHER,
  );
}
