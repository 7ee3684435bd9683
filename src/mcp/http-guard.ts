// Owns what a request must show before any of its body is read: where it was sent to, who sent it, path and method.
import type { IncomingMessage } from 'node:http';
import type { Refusal } from './http-refusal.ts';

export const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'] as const;

export interface NamePolicy {
  /** `name` (any port) or `name:port`; v6 addresses in brackets. */
  readonly allowedHosts: readonly string[];
  /** Whole origins (`https://tool.example`), or names that stand for http and https on any port. */
  readonly allowedOrigins: readonly string[];
}

/** The one path of the protocol, and two for whoever watches the process. */
export const ROUTES = {
  '/mcp': ['POST'],
  '/healthz': ['GET', 'HEAD'],
  '/readyz': ['GET', 'HEAD'],
} as const satisfies Record<string, readonly string[]>;
export type Route = keyof typeof ROUTES;

const HOST = /^(\[[\da-f:.]+\]|[\da-z._-]+)(?::\d{1,5})?$/iu;

function isAllowedHost(host: string, allowed: readonly string[]): boolean {
  const name = HOST.exec(host)?.[1]?.toLowerCase();
  if (name === undefined) return false;
  return allowed.some((entry) => entry.toLowerCase() === name || entry.toLowerCase() === host.toLowerCase());
}

/** Whether `origin` is written out in the list, not covered by a name alone. */
function isListedOrigin(origin: string, allowed: readonly string[]): boolean {
  return allowed.some((entry) => entry.includes('://') && entry.toLowerCase() === origin.toLowerCase());
}

function isAllowedOrigin(origin: string, allowed: readonly string[]): boolean {
  // Sandboxed pages and files of anybody's making are all called "null".
  if (origin === 'null') return false;
  if (isListedOrigin(origin, allowed)) return true;
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  return (
    url.origin === origin.toLowerCase() &&
    /^https?:$/u.test(url.protocol) &&
    allowed.some((entry) => entry.toLowerCase() === url.hostname)
  );
}

function refusedName(incoming: IncomingMessage, policy: NamePolicy): Refusal | undefined {
  // A page that made its own name point here (DNS rebinding) still shows that name in Host. Two Hosts are a trick.
  const hosts = incoming.headersDistinct['host'] ?? [];
  const [host] = hosts;
  if (host === undefined || hosts.length > 1 || !isAllowedHost(host, policy.allowedHosts)) {
    return { status: 403, message: 'Host is not allowed' };
  }
  const { origin } = incoming.headers;
  if (origin !== undefined && !isAllowedOrigin(origin, policy.allowedOrigins)) {
    return { status: 403, message: 'Origin is not allowed' };
  }
  return undefined;
}

/** The route that `incoming` asks for; undefined where there is none. An absolute target would carry a second host. */
export function routeOf(incoming: IncomingMessage): Route | undefined {
  const path = incoming.url?.split('?', 1)[0];
  return path === '/mcp' || path === '/healthz' || path === '/readyz' ? path : undefined;
}

/**
 * Headers that let a page of a listed origin read the answer. Names do not get them: the default list holds every port
 * of this machine, and what is served there may be anybody's.
 */
export function corsHeaders(incoming: IncomingMessage, policy: NamePolicy): Record<string, string> {
  const { origin } = incoming.headers;
  if (origin === undefined || !isListedOrigin(origin, policy.allowedOrigins)) return {};
  return { 'access-control-allow-origin': origin, 'access-control-expose-headers': 'WWW-Authenticate', vary: 'Origin' };
}

/** What a browser is told when it asks first. */
export const PREFLIGHT_HEADERS = {
  'access-control-allow-methods': 'POST',
  'access-control-allow-headers': 'Authorization, Content-Type, Mcp-Protocol-Version, Mcp-Method, Mcp-Name',
  'access-control-max-age': '600',
} as const;

export function isPreflight(incoming: IncomingMessage, policy: NamePolicy): boolean {
  return incoming.method === 'OPTIONS' && 'access-control-allow-origin' in corsHeaders(incoming, policy);
}

/** Why `incoming` is not served, from its head alone: 403, 404 or 405. */
export function refusalOf(incoming: IncomingMessage, policy: NamePolicy): Refusal | undefined {
  const refused = refusedName(incoming, policy);
  if (refused !== undefined) return refused;
  const route = routeOf(incoming);
  if (route === undefined) return { status: 404, message: 'Not found' };
  const methods: readonly string[] = ROUTES[route];
  if (methods.includes(incoming.method ?? '') || isPreflight(incoming, policy)) return undefined;
  return { status: 405, message: 'Method not allowed', headers: { allow: methods.join(', ') } };
}
