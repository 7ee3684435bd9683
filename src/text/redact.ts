// Owns what secrets look like in a text, and blots them out.
import { keepResults } from './keep-results.ts';

const BLOT = '[redacted]';
/** Shorter strings are no secrets, and would blot out half of every text. */
const SHORTEST_SECRET = 4;
/** Base64 turns three bytes into four characters. */
const TRIPLE = 3;

/**
 * `text` with every secret blotted out: as it is, escaped in JSON or a URL, inside base64. Clean a text first and cut it
 * last: hidden characters and cuts break secrets up.
 */
export function redact(text: string, secrets: readonly string[]): string {
  const longestFirst = secrets.filter(({ length }) => length >= SHORTEST_SECRET).sort((a, b) => b.length - a.length);
  return longestFirst.reduce((rest, secret) => rest.replaceAll(knownForms(secret), BLOT), text);
}

/** Matches what a secret of ASCII characters looks like in headers, URLs, JSON and encoded credentials. */
function formsOf(secret: string): RegExp {
  const written = Array.from(secret, (character) => {
    const hex = (character.codePointAt(0) ?? 0).toString(16).padStart(2, '0');
    return `(?:\\\\{0,4}${literal(character)}|%${eitherCase(hex)})`;
  }).join('');
  const base64 = [0, 1, 2]
    .map((offset) => base64Core(secret, offset))
    .filter(({ length }) => length >= SHORTEST_SECRET * 2);
  return new RegExp([written, ...[...base64, ...base64.map(toUrlSafe)].map(literal)].join('|'), 'g');
}

/** Every answer passes here. */
const knownForms = keepResults(16, formsOf);

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}

function eitherCase(hex: string): string {
  return Array.from(hex, (digit) => `[${digit}${digit.toUpperCase()}]`).join('');
}

/** The characters of base64 that `secret` alone decides when `offset` bytes of a triple stand before it. */
function base64Core(secret: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret, 'utf8')]);
  const whole = bytes.subarray(0, bytes.length - (bytes.length % TRIPLE));
  return whole.toString('base64').slice(offset === 0 ? 0 : 4);
}

function toUrlSafe(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_');
}
