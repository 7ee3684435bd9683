// Owns the reading of a user agent into a client: family, operating system and how it was made to log in.
import { BROWSER_MAP, parse } from 'bowser';
import { keepResults } from './keep-results.ts';

export type ClientKind = 'app' | 'browser' | 'script' | 'other';

export interface Client {
  /** "Chrome", "Pachca iOS", "python-requests": known names, or [A-Za-z0-9._-] only, so it is safe to show. */
  readonly family: string;
  /** "Windows", "Android", "unknown", …: known names only. */
  readonly os: string;
  /** `family` and `os` together: what "the same client" means to a rule; survives updates. */
  readonly name: string;
  /** The text without its numbers of version: tells devices of one family apart, and survives updates. Untrusted. */
  readonly model: string;
  /** The whole text, white space evened out. Untrusted. */
  readonly full: string;
  /** Version of the family as one number that grows with it; 0 where there is none. */
  readonly version: number;
  readonly kind: ClientKind;
}

/** The API cuts user agents here (api: "cut at 255 characters"). */
const CUT_LENGTH = 255;

/** Programs that people write or start by hand; no one signs in to a messenger with them. */
const SCRIPTED =
  /\b(python|aiohttp|httpx|urllib|curl|wget|go-http-client|axios|undici|node-fetch|node\b|got\b|okhttp|java|apache-httpclient|libwww|lwp|perl|ruby|faraday|guzzle|php|powershell|postman|insomnia|httpie|scrapy|headless\w*|phantomjs|puppeteer|playwright|selenium|mechanize|restsharp|dart|reqwest|hyper|resty|k6|bot|crawler|spider)\b/i;
const HEADLESS = /headless|phantomjs|puppeteer|playwright|selenium/i;

const OPERATING_SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\bWindows Phone\b/i, 'Windows Phone'],
  [/\b(iPhone|iPad|iPod|iOS|iPadOS)\b/, 'iOS'],
  [/\bAndroid\b/i, 'Android'],
  [/\bWindows\b/i, 'Windows'],
  [/\bCrOS\b/, 'Chrome OS'],
  [/\b(Macintosh|Mac OS X|macOS|Darwin)\b/i, 'macOS'],
  [/\b(Linux|X11|Ubuntu|Fedora)\b/i, 'Linux'],
];

const BROWSER_NAMES: ReadonlySet<string> = new Set(Object.values(BROWSER_MAP));

function osOf(text: string): string {
  return OPERATING_SYSTEMS.find(([pattern]) => pattern.test(text))?.[1] ?? 'unknown';
}

/** The first product token ("python-requests" of "python-requests/2.32"), as far as it is safe to show. */
function productOf(text: string): string {
  return /^[A-Za-z0-9._-]{1,32}/.exec(text)?.[0] ?? 'other';
}

/** "138.2.1" as 138.002: parts beyond the second rarely matter and never sort wrong this way. */
function versionNumber(version: string | undefined): number {
  const [major = 0, minor = 0] = (version ?? '').split('.').map((part) => Number.parseInt(part, 10) || 0);
  return major + Math.min(minor, 999) / 1000;
}

function readClient(text: string, os: string): Pick<Client, 'kind' | 'family' | 'version'> {
  const product = /^[^/ ]+\/(\d+(?:\.\d+)?)/.exec(text)?.[1];
  const desktop = /\bPachcaDesktop\/(\d+(?:\.\d+)?)/.exec(text);
  if (desktop) return { kind: 'app', family: 'Pachca desktop', version: versionNumber(desktop[1]) };
  if (text.startsWith('Pachca/')) {
    return { kind: 'app', family: os === 'unknown' ? 'Pachca app' : `Pachca ${os}`, version: versionNumber(product) };
  }
  if (HEADLESS.test(text)) return { kind: 'script', family: 'headless browser', version: 0 };
  const isMozilla = text.startsWith('Mozilla/');
  if (!isMozilla && SCRIPTED.test(text)) {
    return { kind: 'script', family: productOf(text), version: versionNumber(product) };
  }
  const { name = '', version } = parse(text).browser;
  if (!BROWSER_NAMES.has(name)) return { kind: 'other', family: productOf(text), version: versionNumber(product) };
  return { kind: isMozilla ? 'browser' : 'other', family: name, version: versionNumber(version) };
}

/** Distinct texts that are kept parsed. */
const CLIENTS_MAX = 4096;
const read = keepResults(CLIENTS_MAX, readWhole);

/** The client behind `userAgent`; undefined where there is none. */
export function clientOf(userAgent: string | null | undefined): Client | undefined {
  return userAgent ? read(userAgent) : undefined;
}

function readWhole(userAgent: string): Client | undefined {
  const full = userAgent.replaceAll(/\s+/g, ' ').trim();
  if (full === '') return undefined;
  // What stands after the last space of a cut text may be half a word: "Edg/1" and "Edg/13" are one client.
  const whole = full.length >= CUT_LENGTH && full.includes(' ') ? full.slice(0, full.lastIndexOf(' ')) : full;
  const os = osOf(whole);
  const { kind, family, version } = readClient(whole, os);
  const model = whole.replaceAll(/(?<=[/: ])\d+([._]\d+)*/g, '*');
  // The vendor's phone apps carry their system in their name.
  const name = os === 'unknown' || family.endsWith(` ${os}`) ? family : `${family} on ${os}`;
  return { family, os, name, model, full: whole, version, kind };
}
