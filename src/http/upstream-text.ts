// Owns what of the API's own words may stand in an error: on one line, short, and never the token.
import { cleanText } from '../text/clean.ts';
import { redact } from '../text/redact.ts';

const MAX_LENGTH = 200;

/** `text` cleaned and cut to 200 characters, with `token` blotted out in all its forms. */
export function upstreamText(text: string, token: string): string {
  // Cleaned first, since hidden characters could hide the token; cut last, since half of a token would not be found.
  return cleanText(redact(cleanText(text), [token]), MAX_LENGTH);
}
