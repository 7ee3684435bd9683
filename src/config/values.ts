// Owns the checks of single settings: what a base URL, a token, a path, a zone or a number may be.
import { isAbsolute, resolve } from 'node:path';
import { z } from 'zod';

/** A number from `min` to `max`, written in digits. */
export function numberBetween(min: number, max: number) {
  const message = `not a number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d+(?:\.\d+)?$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
}

/** A whole number from `min` to `max`, written in digits. */
export function integerBetween(min: number, max: number) {
  const message = `not a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
}

/** A host as clients name it, with a port or without. */
export const hostName = /^(?:\[[\da-f:.]+\]|[\da-z](?:[\da-z.-]*[\da-z])?)(?::\d{1,5})?$/i;

/** A whole origin; a name alone would let in every page of that machine. */
export const originName = /^https?:\/\/(?:\[[\da-f:.]+\]|[\da-z](?:[\da-z.-]*[\da-z])?)(?::\d{1,5})?$/i;

/** Items that match `item`, separated by commas; repeats are dropped. */
export function listOf(item: RegExp, message: string) {
  return z
    .string()
    .transform((text) => [...new Set(text.split(',').map((one) => one.trim()))])
    .refine((items) => items.every((one) => item.test(one)), message);
}

/** An absolute path; `~` is the home folder. */
export function localPath(homeDir: string, workDir: string) {
  return z.string().transform((path) => {
    const expanded = /^~(?=$|[/\\])/.test(path) ? `${homeDir}${path.slice(1)}` : path;
    return isAbsolute(expanded) ? resolve(expanded) : resolve(workDir, expanded);
  });
}

/** The name of an IANA zone, in its usual spelling. Zones are loaded where one is named. */
export const zoneName = z.string().transform(async (name, check) => {
  const { parseTimeZone } = await import('../audit/zone.ts');
  try {
    return parseTimeZone(name);
  } catch {
    check.issues.push({ code: 'custom', input: name, message: 'not an IANA time zone such as Europe/Moscow' });
    return z.NEVER;
  }
});

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** The base URL of the API without a slash at its end. Plain http would show the token to the network: loopback only. */
export const baseUrl = z.string().transform((text, check) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const wrong = whatIsWrongWith(url);
  if (url !== undefined && wrong === undefined) return url.href.replace(/\/+$/, '');
  // No input: a URL with credentials in it must not be shown.
  check.issues.push({ code: 'custom', input: undefined, message: wrong ?? 'not a URL' });
  return z.NEVER;
});

function whatIsWrongWith(url: URL | undefined): string | undefined {
  if (url === undefined) return 'not a URL';
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname))
    return 'plain http goes to loopback addresses only; use https';
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'not an http or https URL';
  if (url.username !== '' || url.password !== '') return 'must not carry a user name or password';
  return url.search === '' && url.hash === '' ? undefined : 'must not carry a query or a fragment';
}

/** A proxy; without a scheme it is one of http, as everywhere. */
export const proxyUrl = z.string().transform((text, check) => {
  const url = /^[a-z][\da-z+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (URL.canParse(url) && /^(?:https?|socks5?):$/.test(new URL(url).protocol)) return url;
  // No input: a URL with credentials in it must not be shown.
  check.issues.push({ code: 'custom', input: undefined, message: 'not the URL of a proxy of http, https or socks5' });
  return z.NEVER;
});

/** A token as it may stand in a header. */
export const tokenText = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]+$/, 'holds white space or characters that no token has; give the token alone, without "Bearer"');
