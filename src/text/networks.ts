// Owns what an address belongs to: the host, site and network that rules count instead of exact addresses.
import ipaddr from 'ipaddr.js';
import { keepResults } from './keep-results.ts';

export interface Networks {
  /** One host as the field counts it: the v4 address, or the v6 /64 (privacy addresses change inside it). */
  readonly host: string;
  /** v4 /24, v6 /48: one site or one street. */
  readonly site: string;
  /** v4 /20, v6 /40: about the size of the pools from which providers hand out addresses. */
  readonly pool: string;
  /** v4 /16, v6 /32: close to "one provider in one region" without any database. */
  readonly net: string;
}

/** Texts that are kept of each kind. */
const KEPT_MAX = 65_536;
const DOT = 46;
const ZERO = 48;
const NINE = 57;

/** Offset of the last dot of a plain dotted-quad, or undefined. Written out by hand: every event of a million passes here. */
function lastDotOf(text: string): number | undefined {
  if (text.length < 7 || text.length > 15) return undefined;
  let dots = 0;
  let lastDot = 0;
  let octet = -1;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === DOT) {
      if (octet < 0) return undefined;
      octet = -1;
      dots += 1;
      lastDot = at;
    } else if (code >= ZERO && code <= NINE) {
      // A leading zero means octal to some programs and decimal to others: not a plain address.
      if (octet === 0) return undefined;
      octet = (octet < 0 ? 0 : octet * 10) + code - ZERO;
      if (octet > 255) return undefined;
    } else return undefined;
  }
  return dots === 3 && octet >= 0 ? lastDot : undefined;
}

/** One text for all that are equal: maps find what is the same faster than its equal. */
const same = keepResults(KEPT_MAX, (text) => text);

type AboveHost = Omit<Networks, 'host'>;

/** Of the three octets of a site. */
const aboveSite = keepResults<AboveHost>(KEPT_MAX, (octets) => {
  const second = octets.lastIndexOf('.');
  const wide = octets.slice(0, second);
  const pool = `${wide}.${Number(octets.slice(second + 1)) & 0xf0}.0/20`;
  return { site: `${octets}.0/24`, pool: same(pool), net: same(`${wide}.0.0/16`) };
});

function v4Networks(text: string): Networks | undefined {
  const third = lastDotOf(text);
  if (third === undefined) return undefined;
  const { site, pool, net } = aboveSite(text.slice(0, third));
  return { host: text, site, pool, net };
}

function v6Networks(parts: readonly number[]): Networks {
  const [a = 0, b = 0, c = 0, d = 0] = parts;
  const hex = [a, b, c, d].map((part) => part.toString(16));
  return {
    host: `${hex.join(':')}::/64`,
    site: same(`${hex.slice(0, 3).join(':')}::/48`),
    pool: same(`${hex.slice(0, 2).join(':')}:${(c & 0xff00).toString(16)}::/40`),
    net: same(`${hex.slice(0, 2).join(':')}::/32`),
  };
}

/** The networks of `address`; undefined where there is none or it is not an address. A v4 address mapped into v6 is v4. */
export function networksOf(address: string | null | undefined): Networks | undefined {
  if (address === null || address === undefined) return undefined;
  const fast = v4Networks(address);
  if (fast !== undefined) return fast;
  const parsed = address.includes(':') ? parseV6(address) : undefined;
  if (parsed === undefined) return undefined;
  return parsed.isIPv4MappedAddress() ? v4Networks(parsed.toIPv4Address().toString()) : v6Networks(parsed.parts);
}

/** Once: the library's own question whether it is valid parses it as well. */
function parseV6(address: string): ipaddr.IPv6 | undefined {
  try {
    return ipaddr.IPv6.parse(address);
  } catch {
    return undefined;
  }
}
