// Owns the way from a request's body to JSON: its type, its size and its depth are bounded before anything trusts it.
import type { IncomingMessage } from 'node:http';
import type { Refusal } from './http-refusal.ts';

/** Deeper than any message of the protocol, and shallow enough that no recursion over it can end the process. */
const MAX_DEPTH = 64;
const JSON_TYPE = /^application\/json\s*(?:;\s*charset="?utf-?8"?\s*)?$/iu;

export type JsonBody = { readonly value: object; readonly refusal?: never } | { readonly refusal: Refusal };

const tooLarge = (maxBytes: number): JsonBody => ({
  refusal: { status: 413, message: `The body is larger than ${maxBytes} bytes` },
});

/** Why the body is not read at all: 415 or 413, from the head alone. */
export function refusedBody(incoming: IncomingMessage, maxBytes: number): Refusal | undefined {
  const encoding = incoming.headers['content-encoding'];
  if (!JSON_TYPE.test(incoming.headers['content-type'] ?? '') || (encoding ?? 'identity') !== 'identity') {
    return { status: 415, message: 'The body must be application/json, not compressed' };
  }
  return Number(incoming.headers['content-length'] ?? 0) > maxBytes ? tooLarge(maxBytes).refusal : undefined;
}

/** Whether brackets in `json` nest deeper than `max`; counted before JSON.parse, which would build it all first. */
function isDeeperThan(json: string, max: number): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < json.length; at += 1) {
    const char = json.charCodeAt(at);
    if (inText) {
      if (char === 0x5c) at += 1;
      else if (char === 0x22) inText = false;
    } else if (char === 0x22) inText = true;
    else if (char === 0x5b || char === 0x7b) {
      depth += 1;
      if (depth > max) return true;
    } else if (char === 0x5d || char === 0x7d) depth -= 1;
  }
  return false;
}

function parse(bytes: Buffer): JsonBody {
  try {
    const json = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (isDeeperThan(json, MAX_DEPTH)) {
      return { refusal: { status: 400, message: 'The body nests too deeply', code: 'request' } };
    }
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null) return { value };
    return { refusal: { status: 400, message: 'The body is not a JSON-RPC message', code: 'request' } };
  } catch {
    return { refusal: { status: 400, message: 'Parse error: the body is not JSON in UTF-8', code: 'parse' } };
  }
}

/** Reads the whole body. Rejects where the client went away, or took longer than the server's request timeout. */
export async function readJsonBody(incoming: IncomingMessage, maxBytes: number): Promise<JsonBody> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const body: AsyncIterable<Buffer> = incoming.iterator({ destroyOnReturn: false });
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) return tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return parse(Buffer.concat(chunks));
}
