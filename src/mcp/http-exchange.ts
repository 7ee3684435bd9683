// Owns one exchange with the SDK: a checked request in, its answer out, whole or as a stream; a disconnect cancels.
//
// The SDK's own adapter to node:http is not used: it would read the body a second time and carry it through two web
// streams, which halves the calls a second.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { McpHttpHandler } from '@modelcontextprotocol/server';
import type { Client } from './authenticate.ts';
import { listAnswers, listQuestion } from './http-lists.ts';
import { sendJson } from './http-refusal.ts';

export interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly body: object;
  readonly client: Client | undefined;
  /** Headers of every answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** Aborted when the server stops. */
  readonly signal: AbortSignal;
}

/** What the SDK may see of a request: never the token, cookies or where it came from. */
const PASSED_HEADER = /^(?:accept|content-type|user-agent|mcp-[\w-]+)$/u;

function passedHeaders(incoming: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined && PASSED_HEADER.test(name)) headers.set(name, String(value));
  }
  return headers;
}

/** Aborted as soon as the client is gone or the server stops. */
function endOf({ outgoing, signal }: Exchange): AbortSignal {
  const gone = new AbortController();
  const abort = () => {
    if (!outgoing.writableFinished) gone.abort();
  };
  signal.addEventListener('abort', abort, { once: true });
  outgoing.once('close', () => {
    signal.removeEventListener('abort', abort);
    abort();
  });
  if (signal.aborted || outgoing.destroyed) gone.abort();
  return gone.signal;
}

async function drained(outgoing: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      outgoing.off('drain', done).off('close', done);
      resolve();
    };
    outgoing.once('drain', done).once('close', done);
  });
}

/** Without what is between this server and the connection: a client that asks for it to be closed must not wait for its end. */
function headersOf(response: Response): Record<string, string> {
  const { connection: _connection, ...headers } = Object.fromEntries(response.headers);
  return headers;
}

async function sendStream(outgoing: ServerResponse, response: Response, headers: Record<string, string>) {
  outgoing.writeHead(response.status, { ...headersOf(response), ...headers });
  try {
    for await (const chunk of response.body ?? []) {
      if (outgoing.destroyed) break;
      if (!outgoing.write(chunk)) await drained(outgoing);
    }
  } catch {
    // A stream that breaks after its head can only be cut: the client sees that the answer is missing.
  }
  outgoing.end();
}

function isStream(response: Response): boolean {
  return response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
}

export type Exchanger = (exchange: Exchange) => Promise<void>;

/** Answers exchanges through `handler`; resolves when the answer is written. Rejects where the SDK fails altogether. */
export function exchanger(handler: McpHttpHandler): Exchanger {
  const lists = listAnswers();
  return async (exchange) => {
    const { outgoing, body, client } = exchange;
    const headers = passedHeaders(exchange.incoming);
    const question = listQuestion(headers, body);
    const known = question === undefined ? undefined : lists.recall(question);
    if (known !== undefined) return sendJson(outgoing, 200, known, exchange.headers);
    const request = new Request('http://localhost/mcp', { method: 'POST', headers, signal: endOf(exchange) });
    // The token stays here: the SDK hands this on to handlers, which need only the name.
    const authInfo = client === undefined ? {} : { authInfo: { token: '', clientId: client.name, scopes: [] } };
    const response = await handler.fetch(request, { parsedBody: body, ...authInfo });
    if (isStream(response) && question === undefined) return sendStream(outgoing, response, exchange.headers);
    const text = await response.text();
    const kept = question !== undefined && response.ok ? lists.keep(question, text) : undefined;
    if (kept !== undefined) return sendJson(outgoing, 200, kept, exchange.headers);
    // 499 is the SDK's word for a call that was cancelled: where the client is still there, this server did it.
    const status = response.status === 499 ? 503 : response.status;
    return sendJson(outgoing, status, text, { ...headersOf(response), ...exchange.headers });
  };
}
