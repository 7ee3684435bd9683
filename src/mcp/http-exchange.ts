// Owns one exchange with the SDK: a checked request in, its answer out, whole or as a stream; a disconnect cancels.
//
// The SDK's own adapter to node:http is not used: it would read the body a second time and carry it through two web
// streams, which halves the calls a second.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
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
function endOf({ incoming, outgoing, signal }: Exchange): AbortSignal {
  const gone = new AbortController();
  // An answer that waits for those before it on the same connection is not told when that closes.
  const { socket } = incoming;
  const abort = () => {
    if (!outgoing.writableFinished) gone.abort();
  };
  const over = () => {
    signal.removeEventListener('abort', abort);
    socket.off('close', over);
    abort();
  };
  signal.addEventListener('abort', abort, { once: true });
  outgoing.once('close', over);
  socket.once('close', over);
  if (signal.aborted || outgoing.destroyed || socket.destroyed) gone.abort();
  return gone.signal;
}

/** Resolves when more may be written, or nobody wants it any more. */
async function drained(outgoing: ServerResponse, end: AbortSignal): Promise<void> {
  if (end.aborted) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      outgoing.off('drain', done);
      end.removeEventListener('abort', done);
      resolve();
    };
    outgoing.once('drain', done);
    end.addEventListener('abort', done, { once: true });
  });
}

/** Without what is between this server and the connection: a client that asks for it to be closed must not wait for its end. */
function headersOf(response: Response): Record<string, string> {
  const { connection: _connection, ...headers } = Object.fromEntries(response.headers);
  return headers;
}

const STOPPED = { code: -32_000, message: 'The server stopped before the call was done' } as const;

/** Errors for the requests of `body` that `sent` answers nowhere: without a word, clients would wait for as long as they can. */
function stoppedErrors(body: object, sent: readonly Uint8Array[] = []): object[] {
  const messages: readonly unknown[] = Array.isArray(body) ? body : [body];
  const lines = Buffer.concat(sent).toString('utf8').split(/\r?\n/u);
  const answers = lines.flatMap((line) => (line.startsWith('data: ') ? idOf(parsed(line.slice(6))) : []));
  const open = messages.flatMap(idOf).filter((id) => !answers.includes(id));
  return open.map((id) => ({ jsonrpc: '2.0', id, error: STOPPED }));
}

/** What a line of the stream says; nothing where the stream was cut in the middle of it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The id of a request or an answer; notifications have none. */
function idOf(message: unknown): unknown[] {
  return typeof message === 'object' && message !== null && 'id' in message ? [message.id] : [];
}

async function sendStream(
  { incoming: { socket }, outgoing, body, headers, signal }: Exchange,
  response: Response,
  end: AbortSignal,
) {
  outgoing.writeHead(response.status, { ...headersOf(response), ...headers });
  let sent: readonly Uint8Array[] = [];
  try {
    for await (const chunk of response.body ?? []) {
      if (end.aborted) break;
      // A single call is answered by the last of its messages.
      sent = Array.isArray(body) ? [...sent, chunk] : [chunk];
      if (!outgoing.write(chunk)) await drained(outgoing, end);
    }
  } catch {
    // A stream that breaks after its head can only be cut: the client sees that the answer is missing.
  }
  if (signal.aborted) {
    for (const error of stoppedErrors(body, sent)) outgoing.write(`event: message\ndata: ${JSON.stringify(error)}\n\n`);
  }
  await ended(outgoing, socket);
}

/** Ends the answer; resolves when it has left, or nobody takes it. */
async function ended(outgoing: ServerResponse, socket: Socket): Promise<void> {
  if (socket.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      socket.off('close', done);
      resolve();
    };
    socket.once('close', done);
    outgoing.end(done);
  });
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
    const end = endOf(exchange);
    const request = new Request('http://localhost/mcp', { method: 'POST', headers, signal: end });
    // The token stays here: the SDK hands this on to handlers, which need only the name.
    const authInfo = client === undefined ? {} : { authInfo: { token: '', clientId: client.name, scopes: [] } };
    const response = await handler.fetch(request, { parsedBody: body, ...authInfo });
    if (isStream(response) && question === undefined) return sendStream(exchange, response, end);
    const text = await response.text();
    const kept = question !== undefined && response.ok ? lists.keep(question, text) : undefined;
    if (kept !== undefined) return sendJson(outgoing, 200, kept, exchange.headers);
    // 499 is the SDK's word for a call that was cancelled: where the client is still there, this server did it.
    if (response.status === 499) {
      const errors = stoppedErrors(body);
      return sendJson(
        outgoing,
        503,
        JSON.stringify(Array.isArray(body) ? errors : (errors[0] ?? null)),
        exchange.headers,
      );
    }
    return sendJson(outgoing, response.status, text, { ...headersOf(response), ...exchange.headers });
  };
}
