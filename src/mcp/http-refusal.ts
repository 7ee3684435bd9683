// Owns how the HTTP server says no: one status, one JSON-RPC error, no detail that helps an attacker.
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** JSON-RPC's own codes, and the one that servers may use freely. */
const CODES = { parse: -32_700, request: -32_600, server: -32_000 } as const;

export interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly code?: keyof typeof CODES;
  readonly headers?: OutgoingHttpHeaders;
}

/** A body that nobody wants is read on up to here, so that the client sees the answer before the connection goes. */
const DISCARD_BYTES = 1_048_576;

const COMMON_HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

function discardBody(incoming: IncomingMessage): void {
  let discarded = 0;
  incoming.on('data', (chunk: Buffer) => {
    discarded += chunk.length;
    if (discarded > DISCARD_BYTES) incoming.socket.destroy();
  });
  incoming.on('error', () => undefined);
  incoming.resume();
}

/** Answers `body` as JSON. */
export function sendJson(
  outgoing: ServerResponse,
  status: number,
  body: string | Buffer,
  headers?: OutgoingHttpHeaders,
) {
  if (outgoing.destroyed) return;
  outgoing.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...COMMON_HEADERS,
    ...headers,
  });
  outgoing.end(body);
}

export function refuse(incoming: IncomingMessage, outgoing: ServerResponse, refusal: Refusal): void {
  const error = { code: CODES[refusal.code ?? 'server'], message: refusal.message };
  sendJson(outgoing, refusal.status, JSON.stringify({ jsonrpc: '2.0', error, id: null }), refusal.headers);
  if (!incoming.complete) discardBody(incoming);
}
