// Owns who may ask over HTTP: one function in front of every call. Today static bearer tokens; OAuth would stand here too.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../clock.ts';
import { AuditError } from '../errors.ts';
import { readSecretFile } from '../secret-file.ts';
import type { Refusal } from './http-refusal.ts';

/** Whom a token was given to: the name of its line, for the journal. */
export interface Client {
  readonly name: string;
}

export type Authentication =
  | { readonly client: Client; readonly refusal?: never }
  | { readonly refusal: Refusal; readonly reason: string };
export type Authenticate = (incoming: IncomingMessage) => Promise<Authentication>;

/** A token as it is kept: only its digest, which also makes every comparison one of equal lengths. */
interface KnownToken {
  readonly name: string;
  readonly digest: Buffer;
}

export type TokenReader = () => Promise<readonly KnownToken[]>;

const MIN_TOKEN_LENGTH = 16;
const RECHECK_MS = 1000;
const LINE = /^(?:(?<name>[\w.@-]{1,64})\s+)?(?<token>[!-~]+)$/u;
const BEARER = /^Bearer +([!-~]{1,4096})$/iu;

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/**
 * Tokens written one a line, each with a name before it or alone (then the client is called "token"). Empty lines and
 * lines that start with # do not count. Throws AuditError `not_configured`; the message never shows a token.
 */
export function parseTokens(text: string): readonly KnownToken[] {
  const lines = text
    .split(/\r?\n/u)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const tokens = lines.map((line) => {
    const { name = 'token', token = '' } = LINE.exec(line)?.groups ?? {};
    if (token.length >= MIN_TOKEN_LENGTH) return { name, digest: digestOf(token) };
    throw new AuditError(
      'not_configured',
      `An HTTP token is shorter than ${MIN_TOKEN_LENGTH} characters or not text.`,
      {
        hint: 'Make one with: openssl rand -hex 32. A line is the token, or a name, a space and the token.',
      },
    );
  });
  if (tokens.length > 0) return tokens;
  throw new AuditError('not_configured', 'There is no HTTP token.', { hint: 'Write at least one.' });
}

/** Tokens that stay while the program runs. */
export function fixedTokens(text: string): TokenReader {
  const tokens = parseTokens(text);
  return () => Promise.resolve(tokens);
}

/** Tokens of a file, read anew within a second of its change. Rejects with AuditError while the file can not be used. */
export function fileTokens(path: string, clock: Pick<Clock, 'now'>): TokenReader {
  let version: string | undefined;
  let checkedAt = -Infinity;
  let tokens: readonly KnownToken[] = [];
  let reading: Promise<readonly KnownToken[]> | undefined;
  const reread = async () => {
    const file = await readSecretFile(path);
    if (file.version !== version) tokens = parseTokens(file.text);
    version = file.version;
    checkedAt = clock.now();
    return tokens;
  };
  return async () => {
    if (clock.now() - checkedAt < RECHECK_MS) return tokens;
    reading ??= reread().finally(() => {
      reading = undefined;
    });
    return reading;
  };
}

function unauthorized(reason: string, error?: string): Authentication {
  const challenge =
    error === undefined ? 'Bearer realm="pachca-audit"' : `Bearer realm="pachca-audit", error="${error}"`;
  return { refusal: { status: 401, message: 'Unauthorized', headers: { 'www-authenticate': challenge } }, reason };
}

/** Every known token is compared, so that the time taken tells nothing about which one was nearly right. */
function matchOf(token: string, known: readonly KnownToken[]): Client | undefined {
  const digest = digestOf(token);
  const matches = known.filter((entry) => timingSafeEqual(entry.digest, digest));
  return matches[0] === undefined ? undefined : { name: matches[0].name };
}

/** Whether `token` is one of `known`. */
export function isKnown(token: string, known: readonly KnownToken[]): boolean {
  return matchOf(token, known) !== undefined;
}

/** Asks for one of the tokens in `Authorization`; never in the address, which ends up in logs of proxies. */
export function bearerAuthentication(readTokens: TokenReader): Authenticate {
  return async (incoming) => {
    const values = incoming.headersDistinct['authorization'] ?? [];
    const token = values.length === 1 ? BEARER.exec(values[0] ?? '')?.[1] : undefined;
    if (token === undefined) return unauthorized('no bearer token');
    let known: readonly KnownToken[];
    try {
      known = await readTokens();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { refusal: { status: 503, message: 'Authentication is not available' }, reason };
    }
    const client = matchOf(token, known);
    return client === undefined ? unauthorized('wrong token', 'invalid_token') : { client };
  };
}
