// Owns how an answer leaves: headers, latency, and the faults of the way.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Answer } from './answer.ts';
import type { RetryAfterForm, TransportFault } from './faults.ts';

const MAX_BODY_BYTES = 1_000_000;

export function gatewayAnswer(status: 502 | 503): Answer {
  const name = status === 502 ? '502 Bad Gateway' : '503 Service Temporarily Unavailable';
  return {
    status,
    body: `<html>\r\n<head><title>${name}</title></head>\r\n<body><center><h1>${name}</h1></center></body>\r\n</html>\r\n`,
    headers: { 'content-type': 'text/html' },
  };
}

/** A 429. The wait is rounded up: both forms of the header count whole seconds. */
export function rateLimitedAnswer(waitMs: number, form: RetryAfterForm, nowMs: number): Answer {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  const date = new Date(Math.ceil((nowMs + waitMs) / 1000) * 1000).toUTCString();
  return {
    status: 429,
    body: JSON.stringify({ error: 'too_many_requests', error_description: 'Rate limit exceeded' }),
    headers: form === 'none' ? {} : { 'retry-after': form === 'date' ? date : String(seconds) },
  };
}

/** The body as text; undefined where it is too long or the client went away. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request) {
      const bytes = Buffer.from(chunk);
      size += bytes.length;
      if (size > MAX_BODY_BYTES) return undefined;
      chunks.push(bytes);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Header text as its sender wrote it: Node reads headers as Latin-1, clients send UTF-8. */
export function headerText(value: string | undefined): string {
  return value === undefined ? '' : Buffer.from(value, 'latin1').toString('utf8');
}

export interface Envelope {
  requestId: string;
  nowMs: number;
  waitMs: number;
  fault: TransportFault | undefined;
}

/** Sends `answer`, or what the fault leaves of it. */
export async function sendAnswer(response: ServerResponse, answer: Answer, envelope: Envelope): Promise<void> {
  if (envelope.waitMs > 0) await delay(envelope.waitMs, undefined, { ref: false });
  if (response.destroyed) return;
  if (envelope.fault === 'dropped') {
    response.destroy();
    return;
  }
  const bytes = Buffer.from(answer.body);
  response.writeHead(answer.status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': bytes.length,
    date: new Date(envelope.nowMs).toUTCString(),
    'x-request-id': envelope.requestId,
    ...answer.headers,
  });
  if (envelope.fault === 'cut_body') {
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
    return;
  }
  response.end(bytes);
}
